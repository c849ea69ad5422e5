import fs from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';

/** More concurrent flushes than this only wait for each other in the disk. */
const MAX_FLUSHES = 3;
/** How long a commit that no caller waits for may stay unflushed before a flush starts. Half of {@link FLUSH_BOUND_MS}, so that the flush itself has time. */
export const FLUSH_DELAY_MS = 50;
/** A `committed` write is on the disk within this time: all that a power failure can take. */
export const FLUSH_BOUND_MS = 100;

export interface WalSyncOptions {
  /** Flushes the log file to the disk. */
  flush?: (log: FileHandle) => Promise<void>;
  /** Called when a flush fails that no caller waits for. */
  onFault?: (error: unknown) => void;
}

/**
 * Flushes committed transactions from the write-ahead log to the disk, off the main thread. SQLite's own way
 * (`synchronous = FULL`) blocks the event loop for every commit; here commits go on while the disk is busy, and one
 * flush serves all commits made before it started.
 *
 * It is as durable: a commit is in the log file when `COMMIT` returns, and on the disk when {@link sync} resolves. SQLite itself
 * flushes the log before a checkpoint moves it into the database (https://sqlite.org/pragma.html#pragma_synchronous).
 */
export class WalSync {
  readonly #file: string;
  readonly #flush: (log: FileHandle) => Promise<void>;
  readonly #onFault: (error: unknown) => void;
  #handle: Promise<FileHandle> | undefined;
  readonly #running = new Set<Promise<void>>();
  /** The flush that starts when a running one ends; everything that is requested in the meantime shares it. */
  #next: Promise<void> | undefined;
  /** Starts the flush for commits that no caller waits for. */
  #timer: NodeJS.Timeout | undefined;
  #lastFailed = false;

  constructor(databaseFile: string, { flush = (log) => log.datasync(), onFault = () => {} }: WalSyncOptions = {}) {
    this.#file = `${databaseFile}-wal`;
    this.#flush = flush;
    this.#onFault = onFault;
  }

  /** Resolves when everything that was committed before the call is on the disk. */
  sync(): Promise<void> {
    if (this.#running.size < MAX_FLUSHES) return this.#start();
    this.#next ??= Promise.race(this.#running)
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.#start();
      });
    return this.#next;
  }

  /**
   * Has everything that was committed before the call on the disk within {@link FLUSH_BOUND_MS}. Resolves at once, unless the last
   * flush failed: then the caller waits for one that succeeds, so that a broken disk does not go unnoticed.
   */
  async syncSoon(): Promise<void> {
    if (this.#lastFailed) return this.sync();
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.sync().catch(this.#onFault);
    }, FLUSH_DELAY_MS);
  }

  /** Flushes what is left and closes the file. */
  async close(): Promise<void> {
    if (this.#timer !== undefined) await this.sync().catch(this.#onFault);
    await this.#next?.catch(() => undefined);
    await Promise.allSettled(this.#running);
    await (await this.#handle)?.close();
    this.#handle = undefined;
  }

  #start(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const running = this.#flushLog().finally(() => this.#running.delete(running));
    this.#running.add(running);
    return running;
  }

  async #flushLog(): Promise<void> {
    try {
      const log = await this.#open();
      await this.#flush(log);
      // What is written to a deleted file is lost when the process ends.
      if ((await log.stat()).nlink === 0) throw new Error(`${this.#file} was deleted while the server was running. Restart it.`);
      this.#lastFailed = false;
    } catch (error) {
      this.#lastFailed = true;
      throw error;
    }
  }

  /** The handle stays valid, because SQLite keeps this file as long as a connection is open. */
  async #open(): Promise<FileHandle> {
    this.#handle ??= openDurably(this.#file);
    try {
      return await this.#handle;
    } catch (error) {
      this.#handle = undefined;
      throw error;
    }
  }
}

/** Opens a file whose name survives a power failure too: a new file does only once its folder has been flushed. */
async function openDurably(file: string): Promise<FileHandle> {
  const handle = await fs.promises.open(file, 'r+');
  try {
    await syncFolder(path.dirname(file));
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Windows has no such flush and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await fs.promises.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
