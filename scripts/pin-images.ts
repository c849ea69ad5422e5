/**
 * `npm run pin-images`: writes into the Dockerfile, compose.yaml and the workflows which digest each image's tag stands for now, so that a tag
 * that is moved later changes nothing here. Needs Docker Hub.
 */
import fs from 'node:fs';
import path from 'node:path';
import { filesWithImages, referencesIn, withDigests } from './lib/images/references.ts';
import { findDigest } from './lib/images/registry.ts';
import { command, say } from './lib/terminal.ts';
import { root } from './lib/workspace.ts';

command(async () => {
  const texts = filesWithImages().map((file) => ({ file, text: fs.readFileSync(path.join(root, file), 'utf8') }));
  const images = new Set(texts.flatMap(({ file, text }) => referencesIn(file, text).map(({ image }) => image)));
  const digests = new Map<string, string>();
  for (const image of images) digests.set(image, await findDigest(image));
  for (const { file, text } of texts) fs.writeFileSync(path.join(root, file), withDigests(text, digests));
  for (const [image, digest] of digests) say(`${image} is ${digest}`);
  return 0;
});
