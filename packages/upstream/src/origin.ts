import { TokenBucket } from '@fairway-mcp/async';
import PQueue from 'p-queue';
import { Breaker, type BreakerOptions, type BreakerPass, type BreakerState } from './breaker.ts';
import type { Clock } from './clock.ts';
import { createConnector, type Resolve } from './connect.ts';
import type { Deadline } from './deadline.ts';
import { UpstreamError } from './errors.ts';
import type { HostRule, Target } from './hosts.ts';
import type { Limits } from './options.ts';
import type { RetryOptions } from './retry.ts';
import { Pool } from './undici.ts';

export interface OriginSettings {
  limits: Limits;
  retry: RetryOptions;
  breaker: BreakerOptions;
  clock: Clock;
  resolve: Resolve | undefined;
  ca: string | undefined;
}

/** What `/health` shows of an origin. Counted since the start, or since the origin was last forgotten. */
export interface OriginHealth {
  origin: string;
  breaker: BreakerState;
  /** Attempts, retries included. */
  attempts: number;
  retries: number;
  failures: number;
  inFlight: number;
  queued: number;
  /** The kind of the last failure, and when it was. */
  lastFailure?: { kind: string; at: string };
}

/** The right to send one request. Settled once, when the answer has been read or the attempt has failed. */
export interface Admission extends BreakerPass {}

/** Everything that is kept for one origin: its pool, limits, breaker, retry budget and counters. */
export class Origin {
  readonly pool: Pool;
  readonly rule: HostRule;
  readonly #name: string;
  readonly #host: string;
  readonly #queue: PQueue;
  readonly #breaker: Breaker;
  readonly #budget: TokenBucket;
  readonly #retryShare: number;
  readonly #rate: TokenBucket | undefined;
  readonly #clock: Clock;
  readonly #maxQueued: number;
  #pausedUntil = 0;
  #attempts = 0;
  #retries = 0;
  #failures = 0;
  #lastFailure: { kind: string; at: string } | undefined;

  constructor({ url, rule, policy }: Target, settings: OriginSettings) {
    const { retry, breaker, clock, resolve, ca } = settings;
    const limits = { ...settings.limits, ...rule.limits };
    this.rule = rule;
    this.#name = url.origin;
    this.#host = url.host;
    this.#clock = clock;
    this.#maxQueued = limits.maxQueued;
    this.pool = new Pool(url.origin, {
      connect: createConnector({ timeoutMs: limits.connectTimeoutMs, policy, resolve, ca }),
      connections: limits.concurrency,
      pipelining: 1,
      headersTimeout: limits.headersTimeoutMs,
      bodyTimeout: limits.bodyTimeoutMs,
      maxHeaderSize: limits.maxHeaderBytes,
      keepAliveTimeout: limits.keepAliveMs,
      keepAliveMaxTimeout: limits.keepAliveMs,
    });
    this.#queue = new PQueue({ concurrency: limits.concurrency });
    this.#breaker = new Breaker(breaker, () => clock.monotonic());
    this.#budget = new TokenBucket(Math.max(1, retry.budgetReserve), 0, () => clock.monotonic());
    this.#retryShare = retry.budgetShare;
    const perSecond = limits.requestsPerSecond;
    if (perSecond !== undefined) this.#rate = new TokenBucket(Math.max(1, perSecond), perSecond, () => clock.monotonic());
  }

  get idle(): boolean {
    return this.#queue.pending === 0 && this.#queue.size === 0;
  }

  /**
   * Waits for a free connection and for the rate, within the deadline.
   * @throws {UpstreamError} `upstream_unavailable` while the breaker is open, `rate_limited` when too many wait already
   */
  async admit(deadline: Deadline): Promise<Admission> {
    if (this.#breaker.waitMs > 0) throw this.#brokenError();
    const release = await this.#acquireSlot(deadline.signal);
    try {
      await this.#awaitRate(deadline);
      const pass = this.#breaker.tryPass();
      if (!pass) throw this.#brokenError();
      this.#attempts += 1;
      return whenSettled(pass, release);
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Counts a first attempt, which pays for a part of a later retry. */
  countRequest(): void {
    this.#budget.add(this.#retryShare);
  }

  /** Takes a retry out of the budget. @returns false when it is spent */
  takeRetry(): boolean {
    const granted = this.#budget.tryTake();
    if (granted) this.#retries += 1;
    return granted;
  }

  countFailure(kind: string): void {
    this.#failures += 1;
    this.#lastFailure = { kind, at: new Date(this.#clock.wall()).toISOString() };
  }

  /** The upstream asked everyone to wait. */
  pause(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#clock.monotonic() + ms);
  }

  health(): OriginHealth {
    return {
      origin: this.#name,
      breaker: this.#breaker.state,
      attempts: this.#attempts,
      retries: this.#retries,
      failures: this.#failures,
      inFlight: this.#queue.pending,
      queued: this.#queue.size,
      ...(this.#lastFailure && { lastFailure: this.#lastFailure }),
    };
  }

  async close(): Promise<void> {
    this.#queue.clear();
    await this.pool.destroy();
  }

  async #acquireSlot(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#queue.size >= this.#maxQueued) throw this.#limited(`${this.#host} has too many requests waiting`, 1);
    const slot = Promise.withResolvers<() => void>();
    const released = Promise.withResolvers<void>();
    const task = this.#queue.add(
      () => {
        slot.resolve(released.resolve);
        return released.promise;
      },
      { signal },
    );
    // Aborted while it waits. Later, when the slot has been given, this changes nothing.
    task.catch(slot.reject);
    return slot.promise;
  }

  /** The upstream's own wish to wait, and the cap on requests a second. */
  async #awaitRate(deadline: Deadline): Promise<void> {
    const paused = this.#pausedUntil - this.#clock.monotonic();
    const rated = this.#rate?.reserve() ?? 0;
    const waitMs = Math.max(paused, rated);
    if (waitMs <= 0) return;
    if (waitMs >= deadline.leftMs) {
      this.#rate?.add(1);
      throw this.#limited(`${this.#host} takes no request for now`, waitMs / 1000);
    }
    try {
      await this.#clock.sleep(waitMs, deadline.signal);
    } catch (error) {
      this.#rate?.add(1);
      throw error;
    }
  }

  #limited(what: string, retryAfterS: number): UpstreamError {
    const seconds = Math.max(1, Math.ceil(retryAfterS));
    return new UpstreamError({
      kind: 'rate_limited',
      message: `${what}.`,
      remedy: `Try again in ${seconds} s.`,
      retryAfterS: seconds,
      retryable: false,
    });
  }

  #brokenError(): UpstreamError {
    const seconds = Math.max(1, Math.ceil(this.#breaker.waitMs / 1000));
    return new UpstreamError({
      kind: 'upstream_unavailable',
      message: `${this.#host} has failed repeatedly and is not called for now.`,
      remedy: `Try again in ${seconds} s.`,
      retryAfterS: seconds,
      retryable: false,
    });
  }
}

function whenSettled(pass: BreakerPass, release: () => void): Admission {
  const both = (settle: () => void) => () => {
    settle();
    release();
  };
  return { succeed: both(pass.succeed), fail: both(pass.fail), ignore: both(pass.ignore) };
}

/** The origins in use, the least recently used first; forgets an idle one when there are too many. */
export class Origins {
  readonly #settings: OriginSettings;
  readonly #origins = new Map<string, Origin>();

  constructor(settings: OriginSettings) {
    this.#settings = settings;
  }

  get(target: Target): Origin {
    const key = target.url.origin;
    const origin = this.#origins.get(key) ?? this.#create(target);
    this.#origins.delete(key);
    this.#origins.set(key, origin);
    return origin;
  }

  /** Of the origins that the rule has allowed. */
  health(rule: HostRule): OriginHealth[] {
    return [...this.#origins.values()].filter((origin) => origin.rule === rule).map((origin) => origin.health());
  }

  async close(): Promise<void> {
    await Promise.all([...this.#origins.values()].map((origin) => origin.close()));
  }

  #create(target: Target): Origin {
    if (this.#origins.size >= this.#settings.limits.maxOrigins) this.#forgetIdle();
    return new Origin(target, this.#settings);
  }

  #forgetIdle(): void {
    const found = [...this.#origins].find(([, origin]) => origin.idle);
    if (!found) {
      throw new UpstreamError({
        kind: 'rate_limited',
        message: 'Too many hosts are being called at the same time.',
        remedy: 'Try again in a moment.',
        retryAfterS: 1,
        retryable: false,
      });
    }
    this.#origins.delete(found[0]);
    found[1].close().catch(() => {});
  }
}
