/** Ends what takes too long. One timer watches all calls, so that a call needs no timer of its own. */
export class Deadlines {
  readonly #waiting = new Map<object, { at: number; expire: () => void }>();
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param at in milliseconds of `performance.now()`
   * @returns the token for {@link clear}.
   */
  set(at: number, expire: () => void): object {
    const entry = { at, expire };
    this.#waiting.set(entry, entry);
    if (this.#timer === undefined) {
      this.#timer = setInterval(() => this.#check(), 100);
      this.#timer.unref();
    }
    return entry;
  }

  clear(token: object): void {
    this.#waiting.delete(token);
  }

  #check(): void {
    if (this.#waiting.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
      return;
    }
    const now = performance.now();
    for (const [token, { at, expire }] of this.#waiting) {
      if (at > now) continue;
      this.#waiting.delete(token);
      expire();
    }
  }
}
