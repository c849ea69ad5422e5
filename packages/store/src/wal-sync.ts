import fs from 'node:fs';
import path from 'node:path';

/** More flushes at a time than this only wait for each other in the disk. */
const MAX_AT_ONCE = 3;

/**
 * Forces what was committed to a write-ahead log onto the disk, off the main thread. SQLite's own way
 * (`synchronous = FULL`) stops the event loop for every commit; this lets commits go on while the disk is busy, and one
 * flush serves all commits that were made before it began.
 *
 * It is as durable: a commit is in the log file when `COMMIT` returns, and on the disk when {@link sync} resolves. The log is
 * flushed by SQLite itself before a checkpoint moves it into the database (https://sqlite.org/pragma.html#pragma_synchronous).
 */
export class WalSync {
  readonly #file: string;
  #handle: fs.promises.FileHandle | undefined;
  #opening: Promise<void> | undefined;
  readonly #running = new Set<Promise<void>>();
  /** The flush that begins when there is room: everybody who asks in the meantime shares it. */
  #waiting: Promise<void> | undefined;

  constructor(databaseFile: string) {
    this.#file = `${databaseFile}-wal`;
  }

  /** Resolves when everything that was committed before the call is on the disk. */
  sync(): Promise<void> {
    if (this.#running.size < MAX_AT_ONCE) return this.#start();
    this.#waiting ??= Promise.race(this.#running)
      .catch(() => undefined)
      .then(() => {
        this.#waiting = undefined;
        return this.#start();
      });
    return this.#waiting;
  }

  async close(): Promise<void> {
    await this.#waiting?.catch(() => undefined);
    await Promise.allSettled(this.#running);
    await this.#handle?.close();
    this.#handle = undefined;
  }

  #start(): Promise<void> {
    const running = this.#flush().finally(() => this.#running.delete(running));
    this.#running.add(running);
    return running;
  }

  async #flush(): Promise<void> {
    if (this.#handle === undefined) {
      this.#opening ??= this.#open().finally(() => {
        this.#opening = undefined;
      });
      await this.#opening;
    }
    await this.#handle?.datasync();
  }

  /** SQLite keeps this file as long as a connection is open, so the handle stays good. */
  async #open(): Promise<void> {
    this.#handle = await fs.promises.open(this.#file, 'r+');
    await syncFolder(path.dirname(this.#file));
  }
}

/** A new file is only there after a crash when its folder has been flushed too. Windows has no such flush and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await fs.promises.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
