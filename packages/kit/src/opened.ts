/** What has been opened, to be closed in the opposite order: at the end, or when something that should follow cannot be opened. */
export class Opened {
  readonly #closers: (() => Promise<void> | void)[] = [];

  /** @returns what was opened. */
  add<T>(thing: T, close: (thing: T) => Promise<void> | void): T {
    this.#closers.push(() => close(thing));
    return thing;
  }

  /** Closes everything, also when something of it cannot be closed. @throws the first such failure */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (let close = this.#closers.pop(); close !== undefined; close = this.#closers.pop()) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
