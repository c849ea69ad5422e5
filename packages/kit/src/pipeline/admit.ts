import { TokenBucket } from '@fairway-mcp/async';
import { ToolError } from '../protocol/errors.ts';

export interface AdmissionLimits {
  /** Calls a minute for each principal and tool, and requests a minute of each other kind; 0 is no limit. */
  rateLimit: number;
  /** Calls that may run at the same time, all callers together. */
  maxConcurrency: number;
}

const SWEEP_ABOVE = 10_000;

/** Enforces the concurrency limit and the rate limit. A full minute's worth of calls may come at once; after that they come at the rate. */
export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #now: () => number;
  readonly #buckets = new Map<string, TokenBucket>();
  #running = 0;
  #short = 0;

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
    if (this.#running >= this.#limits.maxConcurrency) throw tooManyRunning(this.#running);
    this.limitRate(principal, tool);
    this.#running += 1;
  }

  /**
   * Counts a request that takes no time.
   * @param cost as part of a call
   * @throws ToolError `rate_limited` with the seconds to wait.
   */
  limitRate(principal: string, name: string, cost = 1): void {
    if (this.#limits.rateLimit > 0) this.#takeTokens(principal, name, cost);
  }

  /**
   * Admits a request that takes little time, beside the calls that run.
   * @throws ToolError `rate_limited` with the seconds to wait.
   */
  async runShort<T>(principal: string, name: string, cost: number, work: () => Promise<T>): Promise<T> {
    if (this.#short >= this.#limits.maxConcurrency) throw tooManyRunning(this.#short);
    this.limitRate(principal, name, cost);
    this.#short += 1;
    try {
      return await work();
    } finally {
      this.#short -= 1;
    }
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

  #takeTokens(principal: string, tool: string, cost: number): void {
    const { rateLimit } = this.#limits;
    const key = `${principal}\n${tool}`;
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      if (this.#buckets.size >= SWEEP_ABOVE) this.#sweep();
      bucket = new TokenBucket(rateLimit, rateLimit / 60, this.#now);
      this.#buckets.set(key, bucket);
    }
    if (bucket.tryTake(cost)) return;
    throw new ToolError({
      kind: 'rate_limited',
      message: `More than ${rateLimit} calls of ${tool} a minute.`,
      remedy: 'Wait for the time given and call again.',
      retryAfterS: Math.max(1, Math.ceil(bucket.waitMs(cost) / 1000)),
    });
  }

  /** Without a bucket a full one is made, so deleting those changes nothing. */
  #sweep(): void {
    for (const [key, bucket] of this.#buckets) if (bucket.isFull) this.#buckets.delete(key);
  }
}

function tooManyRunning(count: number): ToolError {
  return new ToolError({
    kind: 'rate_limited',
    message: `${count} calls are running, as many as this server allows at a time.`,
    remedy: 'Wait for the time given and call again.',
    retryAfterS: 1,
  });
}
