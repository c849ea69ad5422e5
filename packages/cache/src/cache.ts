import { setTimeout as sleep } from 'node:timers/promises';
import type { CacheLock, CachePort } from './port.ts';

/** A value with what the caller may want to say about its age. */
export interface Cached<T> {
  value: T;
  /** When the value was made, in milliseconds since the epoch. */
  storedAt: number;
  /** Whether it was already there, as opposed to loaded for this request (or for another one at the same moment). */
  hit: boolean;
}

export interface LoadOptions {
  /** How long the loaded value is served, in milliseconds. */
  ttlMs: number;
  /** This caller's patience. The load itself is only given up when nobody waits for it any more. */
  signal?: AbortSignal;
  /** Skip what is stored and load anew; the new value replaces the old one. */
  refresh?: boolean;
  /** Keep loading when every caller has gone, so that the next one finds the value. */
  outliveCallers?: boolean;
}

/**
 * Remembers an upstream's answers. One key is loaded once however many ask for it at the same time.
 * Keys must hold the upstream identity (account, credential fingerprint), so that no caller sees another's answer.
 * A broken store is never a caller's problem: then every request loads.
 */
export interface Cache {
  readonly port: CachePort;
  getOrLoad<T>(key: string, options: LoadOptions, load: (signal: AbortSignal) => Promise<T>): Promise<Cached<T>>;
  /** The stored value without loading. */
  peek<T>(key: string): Promise<Cached<T> | undefined>;
  put(key: string, value: unknown, ttlMs: number): Promise<void>;
  invalidate(prefix: string): Promise<void>;
}

/** How often a process looks for what another one is loading. */
const POLL_MS = 50;

interface Flight {
  promise: Promise<Cached<unknown>>;
  controller: AbortController;
  waiting: number;
  outlive: boolean;
}

/** @param onFault told of every failure of the store, which callers do not see. */
export function createCache(
  port: CachePort,
  { now = Date.now, onFault = () => {} }: { now?: () => number; onFault?: (error: unknown) => void } = {},
): Cache {
  const flights = new Map<string, Flight>();

  async function peek<T>(key: string): Promise<Cached<T> | undefined> {
    try {
      const stored = await port.get(key);
      return stored === undefined ? undefined : { value: stored.value as T, storedAt: stored.storedAt, hit: true };
    } catch (error) {
      onFault(error);
      return undefined;
    }
  }

  /** @returns when the value was made, as everybody who is given it later will be told. */
  async function store(key: string, value: unknown, ttlMs: number): Promise<number> {
    const storedAt = now();
    await port.set(key, { value, storedAt, expiresAt: storedAt + ttlMs }).catch(onFault);
    return storedAt;
  }

  /**
   * Where several processes share the store: wins the right to load the key, or waits for the value that another process
   * is loading. A store that fails on the way leaves everybody to load for themselves.
   */
  async function lockOrFind(key: string, signal: AbortSignal): Promise<CacheLock | { found: Cached<unknown> } | undefined> {
    try {
      for (;;) {
        if (port.acquireLock === undefined) return undefined;
        const lock = await port.acquireLock(key);
        if (lock === undefined) await sleep(POLL_MS, undefined, { signal });
        // Also whoever leads looks again: another process may have ended its load since the last look.
        const found = await peek(key);
        if (found === undefined && lock !== undefined) return lock;
        if (found === undefined) continue;
        await lock?.release().catch(onFault);
        return { found };
      }
    } catch (error) {
      signal.throwIfAborted();
      onFault(error);
      return undefined;
    }
  }

  function launch(key: string, options: LoadOptions, load: (signal: AbortSignal) => Promise<unknown>): Flight {
    const controller = new AbortController();
    const promise = (async () => {
      const lock = options.refresh === true ? undefined : await lockOrFind(key, controller.signal);
      if (lock !== undefined && 'found' in lock) return lock.found;
      try {
        const value = await load(controller.signal);
        return { value, storedAt: await store(key, value, options.ttlMs), hit: false };
      } finally {
        await lock?.release().catch(onFault);
      }
    })();
    const flight: Flight = { promise, controller, waiting: 0, outlive: false };
    flights.set(key, flight);
    promise.catch(() => undefined).finally(() => flights.get(key) === flight && flights.delete(key));
    return flight;
  }

  return {
    port,
    peek,
    async put(key, value, ttlMs) {
      await store(key, value, ttlMs);
    },
    async getOrLoad<T>(key: string, options: LoadOptions, load: (signal: AbortSignal) => Promise<T>): Promise<Cached<T>> {
      options.signal?.throwIfAborted();
      const joined = flights.get(key);
      if (joined === undefined && options.refresh !== true) {
        const present = await peek<T>(key);
        if (present !== undefined) return present;
        options.signal?.throwIfAborted();
      }
      const flight = flights.get(key) ?? launch(key, options, load);
      flight.outlive ||= options.outliveCallers === true;
      return (await join(flight, options.signal)) as Cached<T>;
    },
    async invalidate(prefix) {
      await port.deletePrefix(prefix).catch(onFault);
    },
  };
}

/** Waits for a flight as long as the signal allows; the last one to leave stops the load. */
async function join(flight: Flight, signal: AbortSignal | undefined): Promise<Cached<unknown>> {
  flight.waiting += 1;
  const { promise: left, reject: leave } = Promise.withResolvers<never>();
  const onAbort = () => leave(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([flight.promise, left]);
  } finally {
    signal?.removeEventListener('abort', onAbort);
    flight.waiting -= 1;
    if (flight.waiting === 0 && !flight.outlive) flight.controller.abort(signal?.reason ?? new Error('Nobody waits for this any more.'));
  }
}
