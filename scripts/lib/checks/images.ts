import fs from 'node:fs';
import path from 'node:path';
import { filesWithImages, type ImageReference, referencesIn } from '../images/references.ts';
import { root } from '../workspace.ts';
import type { Check, Found } from './check.ts';

/** Images that are not pinned are said; once one is, all have to be. */
export const imagesCheck: Check = {
  name: 'images',
  run: async () =>
    findImageProblems(filesWithImages().flatMap((file) => referencesIn(file, fs.readFileSync(path.join(root, file), 'utf8')))),
};

export function findImageProblems(references: readonly ImageReference[]): Found {
  const open = references.filter(({ digest }) => digest === undefined);
  const remedy = 'run "npm run pin-images" where Docker Hub can be reached';
  if (open.length === references.length) {
    const names = [...new Set(open.map(({ image }) => image))].join(', ');
    return { problems: [], unchecked: true, note: `NOT pinned by digest: ${names}; ${remedy}` };
  }
  const unpinned = open.map(({ file, image }) => `${file}: ${image} has no digest; ${remedy}.`);
  const differing = references.filter(({ image, digest }) => digest !== references.find((other) => other.image === image)?.digest);
  return {
    problems: [...unpinned, ...differing.map(({ file, image }) => `${file}: ${image} has another digest than elsewhere; ${remedy}.`)],
  };
}
