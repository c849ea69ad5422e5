import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sleep, waitAtMost, waitFor } from './wait.ts';

const NEVER = new Promise<never>(() => undefined);
const YEAR_MS = 365 * 86_400_000;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('waiting for a promise', () => {
  it('returns its value and leaves neither a timer nor a listener behind', async () => {
    const { signal } = new AbortController();
    expect(await waitFor(Promise.resolve('value'), { signal, timeoutMs: 1_000 })).toBe('value');
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('rejects with what the promise rejects with', async () => {
    await expect(waitFor(Promise.reject(new Error('broken')), { timeoutMs: 1_000 })).rejects.toThrow('broken');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ends with the reason of a signal that fires, and removes the timer', async () => {
    const controller = new AbortController();
    const waiting = waitFor(NEVER, { signal: controller.signal, timeoutMs: 1_000 });
    controller.abort(new Error('cancelled'));
    await expect(waiting).rejects.toThrow('cancelled');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ends at once when the signal had fired before, even if the value is there', async () => {
    const signal = AbortSignal.abort(new Error('cancelled'));
    await expect(waitFor(Promise.resolve('value'), { signal })).rejects.toThrow('cancelled');
  });

  it('ends with the given error when the time is over, and removes the listener', async () => {
    const { signal } = new AbortController();
    const waiting = waitFor(NEVER, { signal, timeoutMs: 1_000, timeoutError: () => new Error('too slow') });
    vi.advanceTimersByTime(1_000);
    await expect(waiting).rejects.toThrow('too slow');
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('does not report the failure of work that nobody waits for any more', async () => {
    const { promise, reject } = Promise.withResolvers<never>();
    const waiting = waitFor(promise, { signal: AbortSignal.abort(new Error('cancelled')) });
    await expect(waiting).rejects.toThrow('cancelled');
    // An unhandled rejection would fail the test run.
    reject(new Error('failed later'));
  });

  it('waits for longer than a timer of Node can', async () => {
    let hasEnded = false;
    const end = () => {
      hasEnded = true;
    };
    waitFor(NEVER, { timeoutMs: YEAR_MS }).then(end, end);
    await vi.advanceTimersByTimeAsync(86_400_000);
    expect(hasEnded).toBe(false);
  });
});

describe('waiting for a limited time', () => {
  it('returns the value of a promise that is quicker', async () => {
    expect(await waitAtMost(1_000, Promise.resolve('value'))).toBe('value');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('returns nothing when the time is over', async () => {
    const waiting = waitAtMost(1_000, NEVER);
    vi.advanceTimersByTime(1_000);
    expect(await waiting).toBeUndefined();
  });
});

describe('sleeping', () => {
  beforeEach(() => {
    vi.useRealTimers();
  });

  it('ends after the time', async () => {
    await expect(sleep(1)).resolves.toBeUndefined();
  });

  it("ends with the signal's own reason when it fires", async () => {
    const controller = new AbortController();
    const sleeping = sleep(YEAR_MS, controller.signal);
    controller.abort(new Error('cancelled'));
    await expect(sleeping).rejects.toThrow('cancelled');
  });
});
