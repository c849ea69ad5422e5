import { isUtf8 } from 'node:buffer';
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
    const content = buffer.subarray(0, length);
    rejectOtherEncodings(content);
    return content.toString('utf8');
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

const LINE_FEED = 0x0a;

/** Reading another encoding as UTF-8 would change the text without a word. UTF-16 may be UTF-8 too, but is then full of zero bytes. */
function rejectOtherEncodings(content: Buffer): void {
  const zero = content.indexOf(0);
  if (isUtf8(content) && zero < 0) return;
  if (zero >= 0) throw new Error('it is not UTF-8, as it contains zero bytes (UTF-16 does): save it as UTF-8');
  throw new Error(`it is not UTF-8 (line ${lineOfFault(content)}): save it as UTF-8`);
}

/** No character of UTF-8 goes across a line feed, so one of the lines by itself is wrong. */
function lineOfFault(content: Buffer): number {
  for (let line = 1, start = 0; ; line += 1) {
    const feed = content.indexOf(LINE_FEED, start);
    const end = feed < 0 ? content.length : feed;
    if (feed < 0 || !isUtf8(content.subarray(start, end))) return line;
    start = end + 1;
  }
}
