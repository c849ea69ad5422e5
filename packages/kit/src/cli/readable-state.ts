import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { UsageError } from '../protocol/errors.ts';

/** A state folder whose database can be opened, until it is released. */
export interface ReadableState {
  folder: string;
  release(): void;
}

/** The database, and the log with what was committed last. */
const FILES = ['fairway.db', 'fairway.db-wal'];

/**
 * SQLite writes beside a database even to read it. A state folder that cannot be written, such as a backup on a read-only medium, is
 * therefore read from a copy, which only its owner can read.
 */
export function readableState(folder: string, canWrite: (path: string) => boolean = isWritable): ReadableState {
  const files = FILES.map((name) => path.join(folder, name)).filter((file) => fs.existsSync(file));
  if (files.length === 0 || [folder, ...files].every(canWrite)) return { folder, release: () => undefined };
  const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'fairway-audit-'));
  const release = () => fs.rmSync(copy, { recursive: true, force: true });
  try {
    for (const file of files) {
      fs.copyFileSync(file, path.join(copy, path.basename(file)));
      fs.chmodSync(path.join(copy, path.basename(file)), 0o600);
    }
  } catch (error) {
    release();
    throw new UsageError(
      `${folder} cannot be written, and not be copied either: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
  return { folder: copy, release };
}

function isWritable(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
