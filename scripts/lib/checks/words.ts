import fs from 'node:fs';
import path from 'node:path';
import { root } from '../workspace.ts';
import type { Check } from './check.ts';
import { BANNED_WORDS, type BannedWord } from './words-list.ts';

const READ = '**/*.{ts,mjs,md,json,yml,yaml,grit}';
const SKIPPED_FOLDERS = new Set(['.git', '.cache', '.turbo', 'node_modules', 'dist']);
/** The list itself and its test; and what cannot be renamed: migrations that databases have been through, and the label of seeds. */
const SKIPPED_FILES = /^scripts\/lib\/checks\/words|migrations\.ts$|seed-label\.ts$/;

/** Code, comments, tests, docs and messages use one plain word for one thing. */
export const wordsCheck: Check = {
  name: 'words',
  async run() {
    const files = fs.globSync([READ, '.ci/run'], { cwd: root, exclude: (entry) => SKIPPED_FOLDERS.has(path.basename(entry)) });
    const problems = files
      .map((file) => file.replaceAll(path.sep, '/'))
      .filter((file) => !SKIPPED_FILES.test(file))
      .sort()
      .flatMap((file) => wordProblems(file, fs.readFileSync(path.join(root, file), 'utf8')));
    return { problems };
  },
};

/** Each use of a banned word in a text and in its own file's name: `file:line: "word": say …`. */
export function wordProblems(file: string, text: string): string[] {
  const name = bannedIn(path.basename(file)).map(({ found, instead }) => `${file}: the file's name has "${found}": say ${instead}`);
  const lines = text
    .split('\n')
    .flatMap((line, index) => bannedIn(line).map(({ found, instead }) => `${file}:${index + 1}: "${found}": say ${instead}`));
  return [...name, ...lines];
}

function bannedIn(line: string): { found: string; instead: string }[] {
  const words = separateWords(line);
  return BANNED_WORDS.flatMap(({ pattern, instead }: BannedWord) => {
    const found = pattern.exec(words)?.[0];
    return found === undefined ? [] : [{ found, instead }];
  });
}

/** Takes identifiers apart: `isPlainCall` and `LAST_WORDS` are read as "is Plain Call" and "LAST WORDS". */
function separateWords(line: string): string {
  return line
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .replaceAll('_', ' ');
}
