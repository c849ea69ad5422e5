import type { BreakerOptions } from './breaker.ts';
import type { Clock } from './clock.ts';
import type { Resolve } from './connect.ts';
import type { HostRule } from './hosts.ts';
import type { ResponseStore } from './response-store.ts';
import type { RetryOptions } from './retry.ts';

/** Milliseconds and bytes. */
export interface Limits {
  /** The whole request: queue, attempts, waits between them, redirects, body. */
  timeoutMs: number;
  /** Lookup, TCP and TLS. */
  connectTimeoutMs: number;
  /** From the request to the headers of the answer. */
  headersTimeoutMs: number;
  /** Between two pieces of the body. */
  bodyTimeoutMs: number;
  /** Of a body, after decompression. */
  maxBytes: number;
  /** How many times larger than what came over the wire a body may become, beyond the first mebibyte. */
  maxDecompressionRatio: number;
  maxHeaderBytes: number;
  maxRedirects: number;
  /** Requests in flight to one origin, which is also the size of its pool. */
  concurrency: number;
  /** Requests that wait for one of them. */
  maxQueued: number;
  /** Requests a second to one origin; undefined: no cap. */
  requestsPerSecond?: number | undefined;
  /** How long an idle connection is kept. */
  keepAliveMs: number;
  /** Origins with a pool of their own at the same time. Only wildcards make many. */
  maxOrigins: number;
}

export const DEFAULT_LIMITS: Limits = {
  timeoutMs: 20_000,
  connectTimeoutMs: 5_000,
  headersTimeoutMs: 10_000,
  bodyTimeoutMs: 10_000,
  maxBytes: 8 * 1024 * 1024,
  maxDecompressionRatio: 100,
  maxHeaderBytes: 32 * 1024,
  maxRedirects: 3,
  concurrency: 8,
  maxQueued: 64,
  keepAliveMs: 10_000,
  maxOrigins: 64,
};

export const DEFAULT_RETRY: RetryOptions = {
  maxAttempts: 3,
  baseMs: 250,
  maxMs: 5_000,
  maxRetryAfterMs: 10_000,
  budgetShare: 0.2,
  budgetReserve: 5,
};

export const DEFAULT_BREAKER: BreakerOptions = { window: 20, failureShare: 0.5, minFailures: 5, openMs: 5_000, maxOpenMs: 60_000 };

/** The part of a log that is used here. */
export interface UpstreamLog {
  debug(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
}

/** What is known of an attempt when it begins. Safe to send to a collector: no query, no header. */
export interface AttemptStart {
  method: string;
  host: string;
  port: number;
  /** From 1. */
  attempt: number;
  /** The caller's name for the kind of request, if it gave one: `/points/{lat},{lon}`. */
  route?: string | undefined;
  /** The request's `trace`. */
  trace?: unknown;
}

export interface AttemptEnd {
  status?: number | undefined;
  /** The kind of the error, if the attempt failed. */
  error?: string | undefined;
  /** Of the body, as it came over the wire. */
  wireBytes?: number | undefined;
}

/** Client spans. One span an attempt. */
export interface UpstreamTelemetry {
  startAttempt(attempt: AttemptStart): { end(result: AttemptEnd): void };
}

export interface UpstreamOptions {
  /** Everything else is refused, redirects included. */
  hosts: readonly HostRule[];
  /** `fairway-weather/1.2.3 (contact)`: sent with every request that does not set its own. */
  userAgent: string;
  limits?: Partial<Limits>;
  retry?: Partial<RetryOptions>;
  breaker?: Partial<BreakerOptions>;
  /** Names of headers and query parameters whose values are secrets, beyond the usual ones. */
  secretNames?: readonly string[];
  /** Where answers that carry an ETag, a Last-Modified or a max-age are kept: 8 MiB of memory by default; `false`: nowhere. */
  store?: ResponseStore | false;
  telemetry?: UpstreamTelemetry;
  log?: UpstreamLog;
  /** Certificates to trust in addition (PEM). */
  ca?: string;
  /** Tests only: every declared host may have a private or loopback address. */
  allowPrivateAddresses?: boolean;
  /** Tests only. */
  clock?: Clock;
  /** Tests only. */
  resolve?: Resolve;
  /** Tests only: jitter. */
  random?: () => number;
}
