import fs from 'node:fs';
import path from 'node:path';

/**
 * Makes a folder, and those above it, for its owner only. Node's own way to make several loops without end where a folder that exists takes no
 * new ones and says ENOENT, as /proc does.
 * @throws Error with the reason
 */
export function makeFolder(folder: string): void {
  const missing: string[] = [];
  let at = folder;
  while (!isThere(at)) {
    missing.unshift(at);
    at = path.dirname(at);
  }
  for (const next of missing) makeOne(next);
}

/** @throws Error when it cannot be told: a part of the path is a file, or may not be entered */
function isThere(folder: string): boolean {
  return fs.statSync(folder, { throwIfNoEntry: false }) !== undefined || path.dirname(folder) === folder;
}

function makeOne(folder: string): void {
  try {
    fs.mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    // Another process made it in the meantime.
    if (code === 'EEXIST' && fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
    throw new Error(`${path.dirname(folder)} does not let the folder ${folder} be made (${code})`, { cause: error });
  }
}
