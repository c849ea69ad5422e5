/** Ends what takes too long. One timer watches all calls, so that a call costs no timer of its own. */
export class Deadlines {
  readonly #waiting = new Map<object, { at: number; expire: () => void }>();
  #timer: NodeJS.Timeout | undefined;

  /** @param at milliseconds since the epoch. @returns the token to give to {@link clear}. */
  set(at: number, expire: () => void): object {
    const token = {};
    this.#waiting.set(token, { at, expire });
    if (this.#timer === undefined) {
      this.#timer = setInterval(() => this.#check(), 100);
      this.#timer.unref();
    }
    return token;
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
    const now = Date.now();
    for (const [token, { at, expire }] of this.#waiting) {
      if (at > now) continue;
      this.#waiting.delete(token);
      expire();
    }
  }
}
