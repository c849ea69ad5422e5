/**
 * Limits a rate: what is limited takes a token, and tokens come back with time. Own code: the limiters at hand count on the wall clock, which
 * jumps, or on timers, which tests cannot drive.
 */
export class TokenBucket {
  readonly #capacity: number;
  readonly #msPerToken: number;
  readonly #now: () => number;
  #tokens: number;
  #at: number;

  /**
   * @param perSecond how many tokens come back by themselves
   * @param now a monotonic clock in milliseconds
   */
  constructor(capacity: number, perSecond: number, now: () => number) {
    this.#capacity = capacity;
    this.#msPerToken = 1000 / perSecond;
    this.#now = now;
    this.#tokens = capacity;
    this.#at = now();
  }

  get isFull(): boolean {
    this.#refill();
    return this.#tokens >= this.#capacity;
  }

  /** Takes so many tokens if they are there. */
  tryTake(tokens = 1): boolean {
    this.#refill();
    if (this.#tokens < tokens) return false;
    this.#tokens -= tokens;
    return true;
  }

  /** In how many milliseconds so many tokens will be there. */
  waitMs(tokens = 1): number {
    this.#refill();
    const missing = tokens - this.#tokens;
    return missing <= 0 ? 0 : missing * this.#msPerToken;
  }

  /** Takes a token that may not be there yet. @returns in how many milliseconds it will be there: the caller waits, or gives it back. */
  reserve(): number {
    this.#refill();
    this.#tokens -= 1;
    return this.#tokens >= 0 ? 0 : -this.#tokens * this.#msPerToken;
  }

  add(tokens: number): void {
    this.#refill();
    this.#tokens = Math.min(this.#capacity, this.#tokens + tokens);
  }

  #refill(): void {
    const now = this.#now();
    this.#tokens = Math.min(this.#capacity, this.#tokens + (now - this.#at) / this.#msPerToken);
    this.#at = now;
  }
}
