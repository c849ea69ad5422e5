import fs from 'node:fs';

/** Remembers which file a path led to when it was opened. */
export class OpenedPath {
  readonly #path: string;
  readonly #opened: { dev: number; ino: number };

  constructor(path: string) {
    this.#path = path;
    this.#opened = fs.statSync(path);
  }

  /** @throws Error when the path leads to no file or to another one: what is written is not found there any more. */
  async check(): Promise<void> {
    const found = await fs.promises.stat(this.#path).catch(() => undefined);
    if (found?.dev !== this.#opened.dev || found.ino !== this.#opened.ino)
      throw new Error(`${this.#path} was deleted, moved or replaced while the server was running. Restart it.`);
  }
}
