import { ToolError } from '../protocol/errors.ts';

export interface AdmissionLimits {
  /** Calls a minute for each principal and tool; 0 is no limit. */
  rateLimit: number;
  /** Calls that may run at the same time, all callers together. */
  maxConcurrency: number;
}

/** A token bucket: `tokens` as of `at`, refilled in proportion to time. */
interface Bucket {
  tokens: number;
  at: number;
}

const MINUTE_MS = 60_000;
const SWEEP_ABOVE = 10_000;

/** Enforces the concurrency limit and the rate limit. A full minute's worth of calls may come at once; after that they come at the rate. */
export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();
  #running = 0;

  /** @param now a monotonic clock in milliseconds */
  constructor(limits: AdmissionLimits, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
  }

  get running(): number {
    return this.#running;
  }

  /**
   * Admits a call. Call `finish` exactly once when it has ended.
   * @throws ToolError `rate_limited` with the seconds to wait.
   */
  start(principal: string, tool: string): void {
    if (this.#running >= this.#limits.maxConcurrency) {
      throw new ToolError({
        kind: 'rate_limited',
        message: `${this.#running} calls are running, as many as this server allows at a time.`,
        remedy: 'Wait for the time given and call again.',
        retryAfterS: 1,
      });
    }
    if (this.#limits.rateLimit > 0) this.#takeToken(principal, tool);
    this.#running += 1;
  }

  finish(): void {
    this.#running -= 1;
  }

  /** Stops counting a call while it waits for its user. @returns a function that counts it again, even above the limit. */
  pause(): () => void {
    this.#running -= 1;
    return () => {
      this.#running += 1;
    };
  }

  #takeToken(principal: string, tool: string): void {
    const { rateLimit } = this.#limits;
    const now = this.#now();
    const key = `${principal}\n${tool}`;
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      if (this.#buckets.size >= SWEEP_ABOVE) this.#sweep(now);
      bucket = { tokens: rateLimit, at: now };
      this.#buckets.set(key, bucket);
    }
    bucket.tokens = Math.min(rateLimit, bucket.tokens + ((now - bucket.at) * rateLimit) / MINUTE_MS);
    bucket.at = now;
    if (bucket.tokens < 1) {
      const wait = Math.max(1, Math.ceil(((1 - bucket.tokens) * MINUTE_MS) / rateLimit / 1000));
      throw new ToolError({
        kind: 'rate_limited',
        message: `More than ${rateLimit} calls of ${tool} a minute.`,
        remedy: 'Wait for the time given and call again.',
        retryAfterS: wait,
      });
    }
    bucket.tokens -= 1;
  }

  /** A bucket that was not used for a minute is full, so deleting it changes nothing. */
  #sweep(now: number): void {
    for (const [key, bucket] of this.#buckets) if (now - bucket.at >= MINUTE_MS) this.#buckets.delete(key);
  }
}
