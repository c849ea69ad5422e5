import { setTimeout as delay } from 'node:timers/promises';

/** The longest time that a timer of Node can wait; a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export interface WaitLimits {
  /** Ends the wait with its reason. */
  signal?: AbortSignal | undefined;
  /** Ends the wait after this time, in milliseconds. */
  timeoutMs?: number | undefined;
  /** What the wait ends with when the time is over. */
  timeoutError?: () => Error;
}

/**
 * Waits for a promise until the signal fires or the time is over. The promise's own work continues; if it fails later, nobody is told.
 * @throws the signal's reason, also when it had fired before; `timeoutError`; whatever the promise rejects with
 */
export async function waitFor<T>(promise: Promise<T>, { signal, timeoutMs, timeoutError }: WaitLimits): Promise<T> {
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal?.reason);
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  const timer =
    timeoutMs === undefined
      ? undefined
      : startTimer(timeoutMs, () => reject(timeoutError?.() ?? new Error(`No result within ${timeoutMs / 1000} s.`)));
  try {
    return await Promise.race([ended, promise]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

/** Waits for a promise at most the given time. @returns `undefined` when the time was over first */
export async function waitAtMost<T>(timeoutMs: number, promise: Promise<T>): Promise<T | undefined> {
  const { promise: timeout, resolve } = Promise.withResolvers<undefined>();
  const timer = startTimer(timeoutMs, () => resolve(undefined));
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits for the given time. @throws the signal's reason when it fires first */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await delay(Math.min(ms, MAX_TIMER_MS), undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    throw signal?.aborted ? signal.reason : error;
  }
}

function startTimer(ms: number, onTimeout: () => void): NodeJS.Timeout {
  return setTimeout(onTimeout, Math.min(ms, MAX_TIMER_MS));
}
