import fs from 'node:fs';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

/**
 * Whether a gzip file is complete. DuckDB reads one that is cut off without an error, and would answer with too little; zlib finds it out.
 * @throws the signal's reason; the file system's errors
 */
export async function isWholeGzip(file: string, signal: AbortSignal): Promise<boolean> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    await pipeline(fs.createReadStream(file), createGunzip(), nowhere, { signal });
    return true;
  } catch (error) {
    signal.throwIfAborted();
    if (isZlibError(error)) return false;
    throw error;
  }
}

function isZlibError(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && /^Z_/.test(String(error.code));
}
