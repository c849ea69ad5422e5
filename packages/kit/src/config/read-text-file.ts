import fs from 'node:fs';
import path from 'node:path';

/**
 * Reads a file that an operator names. What is no regular file is refused: reading a pipe may wait for ever, and a device may never end.
 * @throws Error with the reason as the end of a sentence
 */
export function readTextFile(file: string, maxBytes: number): string {
  // Without O_NONBLOCK, opening a pipe waits until somebody writes to it. Windows has no such flag, nor such pipes.
  const descriptor = open(file, fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0));
  try {
    const stats = fs.fstatSync(descriptor);
    if (stats.isDirectory()) throw new Error('it is a folder');
    if (!stats.isFile()) throw new Error('it is not a regular file but a pipe or a device');
    // The size may be out of date, or 0 in file systems that compute their content.
    const buffer = Buffer.alloc(Math.min(maxBytes, Math.max(stats.size, 65_536)) + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < buffer.length; length += read)
      read = fs.readSync(descriptor, buffer, length, buffer.length - length, null);
    if (length === buffer.length) throw new Error(`it has more than ${buffer.length - 1} bytes`);
    return buffer.toString('utf8', 0, length);
  } finally {
    fs.closeSync(descriptor);
  }
}

function open(file: string, flags: number): number {
  try {
    return fs.openSync(file, flags);
  } catch (error) {
    throw new Error(whyNotOpened(file, error), { cause: error });
  }
}

function whyNotOpened(file: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const folder = path.dirname(path.resolve(file));
  if (code === 'ENOENT')
    return fs.existsSync(folder) ? `there is no file ${path.basename(file)} in ${folder}` : `there is no folder ${folder}`;
  if (code === 'EACCES') return `this user may not read ${path.basename(file)} in ${folder}`;
  return error instanceof Error ? error.message : String(error);
}
