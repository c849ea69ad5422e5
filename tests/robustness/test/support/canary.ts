import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** Differs in each run, so that it is found only where the run has planted it. */
const MARK = `c4nary${randomBytes(5).toString('hex')}`;

/** A recognizable secret for one place, so that a leak shows where it came from. */
export function canary(place: string): string {
  return MARK + place.replaceAll(/[^A-Za-z0-9]/g, '');
}

/** The places whose secrets are in a text, in plain or in Base64. */
export function placesIn(text: string): string[] {
  const decoded = [...text.matchAll(/[A-Za-z0-9+/_-]{20,}/g)].flatMap(([token]) =>
    [0, 1, 2, 3].map((start) => Buffer.from(token.slice(start), 'base64').toString('latin1')),
  );
  const places = [text, ...decoded].flatMap((form) => [...form.matchAll(new RegExp(`${MARK}([A-Za-z0-9]*)`, 'gi'))]);
  return [...new Set(places.map(([, place = '']) => place))].sort();
}

/** The content of all files in a folder, by path. */
export function filesIn(folder: string): Record<string, string> {
  const files = fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const file = path.join(parentPath, name);
      return [path.relative(folder, file), fs.readFileSync(file, 'latin1')];
    }),
  );
}
