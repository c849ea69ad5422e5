export type BreakerState = 'closed' | 'open' | 'half_open';

export interface BreakerOptions {
  /** How many of the last outcomes are looked at. */
  window: number;
  /** Opens when at least this share of the window failed (0 to 1)… */
  failureShare: number;
  /** …and at least this many. */
  minFailures: number;
  /** How long it stays open the first time; twice as long after each probe that fails. */
  openMs: number;
  maxOpenMs: number;
}

/** One request that the breaker let through. Call one of the three, once; later calls do nothing. */
export interface BreakerPass {
  succeed(): void;
  fail(): void;
  /** The outcome says nothing of the upstream: the caller cancelled, or was told to slow down. */
  ignore(): void;
}

/**
 * A circuit breaker. Own code: cockatiel counts on the wall clock and lets requests wait, unabortable, while a probe is out;
 * opossum wraps a function, and an answer that streams is none.
 */
export class Breaker {
  readonly #options: BreakerOptions;
  readonly #now: () => number;
  #outcomes: boolean[] = [];
  /** Undefined: closed. */
  #openUntil: number | undefined;
  #openMs = 0;
  #probing = false;

  constructor(options: BreakerOptions, now: () => number) {
    this.#options = options;
    this.#now = now;
  }

  get state(): BreakerState {
    if (this.#openUntil === undefined) return 'closed';
    return this.#now() < this.#openUntil ? 'open' : 'half_open';
  }

  /** In how many milliseconds a request may pass; 0: now. */
  get waitMs(): number {
    if (this.#openUntil === undefined) return 0;
    const left = Math.max(0, this.#openUntil - this.#now());
    return left === 0 && this.#probing ? this.#options.openMs : left;
  }

  /** @returns undefined while open, and while a probe is out. */
  tryPass(): BreakerPass | undefined {
    if (this.waitMs > 0) return undefined;
    const probe = this.#openUntil !== undefined;
    this.#probing = probe;
    let settled = false;
    const settle = (act: () => void) => () => {
      if (settled) return;
      settled = true;
      if (probe) this.#probing = false;
      act();
    };
    return {
      succeed: settle(() => (probe ? this.#close() : this.#record(true))),
      fail: settle(() => (probe ? this.#open() : this.#record(false))),
      ignore: settle(() => {}),
    };
  }

  #record(success: boolean): void {
    // What was let through before the breaker opened says nothing new.
    if (this.#openUntil !== undefined) return;
    const { window, failureShare, minFailures } = this.#options;
    this.#outcomes.push(success);
    if (this.#outcomes.length > window) this.#outcomes.shift();
    const failures = this.#outcomes.filter((outcome) => !outcome).length;
    if (failures >= minFailures && failures >= failureShare * this.#outcomes.length) this.#open();
  }

  #open(): void {
    const { openMs, maxOpenMs } = this.#options;
    this.#openMs = this.#openMs === 0 ? openMs : Math.min(maxOpenMs, this.#openMs * 2);
    this.#openUntil = this.#now() + this.#openMs;
    this.#outcomes = [];
  }

  #close(): void {
    this.#openUntil = undefined;
    this.#openMs = 0;
  }
}
