import type { UpstreamError } from './errors.ts';

export interface RetryOptions {
  /** Attempts in all, the first included. */
  maxAttempts: number;
  /** The longest first wait; doubled each time. */
  baseMs: number;
  /** No backoff is longer. */
  maxMs: number;
  /** A `Retry-After` longer than this fails at once, however much time the request has. */
  maxRetryAfterMs: number;
  /** What each first attempt adds to the budget of its origin: retries are at most this share of the requests… */
  budgetShare: number;
  /** …after this many that are free. */
  budgetReserve: number;
}

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether a request without effects: it may be sent again, and may follow a redirect. */
export function isSafeMethod(method: string): boolean {
  return SAFE_METHODS.has(method);
}

/** Exponential backoff with full jitter. @param attempt the number of attempts that have failed, from 1 */
export function backoffMs(attempt: number, { baseMs, maxMs }: RetryOptions, random: () => number): number {
  return random() * Math.min(maxMs, baseMs * 2 ** (attempt - 1));
}

/**
 * `Retry-After` in milliseconds (RFC 9110, 10.2.3): whole seconds, or an HTTP date. Undefined when it is neither; a date that has
 * passed is 0. Fractions of a second are accepted: some APIs send them.
 */
export function parseRetryAfter(value: string | undefined, wallMs: number): number | undefined {
  const text = value?.trim();
  if (!text) return undefined;
  if (/^\d{1,10}(?:\.\d{1,9})?$/.test(text)) return Math.round(Number(text) * 1000);
  // An HTTP date begins with the name of a day: Date.parse alone would read "-5" and "2026" as dates.
  if (!/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /.test(text)) return undefined;
  const at = Date.parse(text.endsWith('GMT') || text.endsWith('UTC') ? text : `${text} GMT`);
  return Number.isNaN(at) ? undefined : Math.max(0, at - wallMs);
}

export interface RetryQuestion {
  error: UpstreamError;
  /** How many attempts have been made. */
  attempts: number;
  /** Safe, or declared as idempotent by the caller. */
  repeatable: boolean;
  /** How much of the deadline is left. */
  leftMs: number;
  random: () => number;
}

/** How long to wait before the next attempt; undefined: fail now. The budget is asked separately. */
export function retryDelayMs({ error, attempts, repeatable, leftMs, random }: RetryQuestion, options: RetryOptions): number | undefined {
  if (!error.retryable || !repeatable || attempts >= options.maxAttempts) return undefined;
  const asked = error.retryAfterS === undefined ? 0 : error.retryAfterS * 1000;
  if (asked > options.maxRetryAfterMs) return undefined;
  // Jitter comes on top of what was asked: otherwise all who were throttled come back at the same moment.
  const wait = asked + backoffMs(attempts, options, random);
  return wait < leftMs ? wait : undefined;
}
