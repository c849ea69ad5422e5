import fs from 'node:fs';
import { root } from '../workspace.ts';

/** A container image as a file names it. */
export interface ImageReference {
  /** From the root, with `/`. */
  file: string;
  /** `node:24.21.0-slim`, without the digest. */
  image: string;
  /** `sha256:…`, when the reference has one. Without it, the registry decides each time what the tag means. */
  digest: string | undefined;
}

/** Where images are named: `FROM image` in a Dockerfile, `image: image` in compose files and workflows. */
const FILES = ['Dockerfile', 'compose.yaml', '.github/workflows/*.yml'];
const REFERENCE = /^(\s*(?:FROM|(?:- )?image:)\s+)([a-z0-9][\w./-]*:[\w.-]+)(?:@(sha256:[0-9a-f]{64}))?(?=\s|$)/gm;

export function filesWithImages(): string[] {
  return fs.globSync(FILES, { cwd: root }).map((file) => file.replaceAll('\\', '/'));
}

export function referencesIn(file: string, text: string): ImageReference[] {
  return [...text.matchAll(REFERENCE)].map(([, , image = '', digest]) => ({ file, image, digest }));
}

/** The text with the digests that are given for its images. */
export function withDigests(text: string, digests: ReadonlyMap<string, string>): string {
  return text.replaceAll(REFERENCE, (whole, before: string, image: string) => {
    const digest = digests.get(image);
    return digest === undefined ? whole : `${before}${image}@${digest}`;
  });
}
