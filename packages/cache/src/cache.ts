import { sleep } from '@fairway-mcp/async';
import type { CacheLock, CachePort } from './port.ts';
import { SharedLoad } from './shared-load.ts';

/** A value and its age. */
export interface Cached<T> {
  value: T;
  /** When the value was loaded, in milliseconds since the epoch. */
  storedAt: number;
  /** Whether the value was stored before this request, rather than loaded for it or for a concurrent one. */
  hit: boolean;
}

/** What a stored value must be like. A zod schema is one. Values are checked and not converted: what it makes of them is ignored. */
export interface ValueSchema {
  safeParse(value: unknown): { success: boolean };
}

/** Says what is stored under a key. */
export interface ValueKind {
  /** Accepts what is stored. A value that another program has stored and that is not accepted is not used. */
  schema: ValueSchema;
  /** Part of the key, 1 by default. Raise it when values of the same form come to mean something else. */
  version?: number;
}

export interface LoadOptions extends ValueKind {
  /** How long the loaded value is served, in milliseconds. */
  ttlMs: number;
  /** Stops this caller's wait. The load itself is only aborted when no caller waits for it any more. */
  signal?: AbortSignal;
  /** Load again even when a value is stored; the new value replaces it. */
  refresh?: boolean;
  /** Continue to load when every caller has left, so that the next one finds the value. */
  outliveCallers?: boolean;
}

/**
 * Caches an upstream's answers. Concurrent requests for one key share one load, also across processes where the port is shared.
 * Keys must contain the upstream identity (account, credential fingerprint), so that no caller sees another's answer.
 * When the port fails, every request loads from the upstream.
 */
export interface Cache {
  readonly port: CachePort;
  /** The stored value, or the loaded one. Rejects with the loader's error, which is not cached, or the signal's reason. */
  getOrLoad<T>(key: string, options: LoadOptions, load: (signal: AbortSignal) => Promise<T>): Promise<Cached<T>>;
  /** The stored value, without loading. */
  get<T>(key: string, kind: ValueKind): Promise<Cached<T> | undefined>;
  set(key: string, kind: ValueKind, value: unknown, ttlMs: number): Promise<void>;
  /** Removes every key that starts with the prefix, in all versions. */
  invalidate(prefix: string): Promise<void>;
}

export interface CacheOptions {
  /** Wall clock in milliseconds since the epoch. */
  now?: () => number;
  /** Called on every failure of the port; callers do not notice them. */
  onFault?: (error: unknown) => void;
}

export function createCache(port: CachePort, { now = Date.now, onFault = () => {} }: CacheOptions = {}): Cache {
  return new LoadingCache(port, now, onFault);
}

/** How often to look for a value that another process is loading. */
const POLL_MS = 50;

type Load = (signal: AbortSignal) => Promise<unknown>;

class LoadingCache implements Cache {
  readonly port: CachePort;
  readonly #now: () => number;
  readonly #onFault: (error: unknown) => void;
  /** The loads in flight in this process. */
  readonly #loads = new Map<string, SharedLoad<Cached<unknown>>>();

  constructor(port: CachePort, now: () => number, onFault: (error: unknown) => void) {
    this.port = port;
    this.#now = now;
    this.#onFault = onFault;
  }

  async get<T>(key: string, kind: ValueKind): Promise<Cached<T> | undefined> {
    return (await this.#find(versioned(key, kind), kind)) as Cached<T> | undefined;
  }

  async set(key: string, kind: ValueKind, value: unknown, ttlMs: number): Promise<void> {
    await this.#store(versioned(key, kind), value, ttlMs);
  }

  async invalidate(prefix: string): Promise<void> {
    await this.port.deletePrefix(prefix).catch(this.#onFault);
  }

  async getOrLoad<T>(key: string, options: LoadOptions, load: (signal: AbortSignal) => Promise<T>): Promise<Cached<T>> {
    const name = versioned(key, options);
    options.signal?.throwIfAborted();
    if (!this.#loads.has(name) && options.refresh !== true) {
      const stored = await this.#find(name, options);
      if (stored !== undefined) return stored as Cached<T>;
      options.signal?.throwIfAborted();
    }
    const shared = this.#loads.get(name) ?? this.#startLoad(name, options, load);
    return (await shared.wait(options)) as Cached<T>;
  }

  /** Where others can write, a value is used only if it has the form that it should have. */
  async #find(key: string, { schema }: ValueKind): Promise<Cached<unknown> | undefined> {
    try {
      const stored = await this.port.get(key);
      if (stored === undefined) return undefined;
      if (this.port.isShared && !schema.safeParse(stored.value).success) throw new Error(`The cached value of ${key} has another form.`);
      return { ...stored, hit: true };
    } catch (error) {
      this.#onFault(error);
      return undefined;
    }
  }

  #startLoad(key: string, options: LoadOptions, load: Load): SharedLoad<Cached<unknown>> {
    const shared = new SharedLoad((signal) =>
      options.refresh ? this.#load(key, options.ttlMs, load, signal) : this.#loadLocked(key, options, load, signal),
    );
    this.#loads.set(key, shared);
    const remove = () => this.#loads.get(key) === shared && this.#loads.delete(key);
    shared.promise.then(remove, remove);
    return shared;
  }

  async #loadLocked(key: string, options: LoadOptions, load: Load, signal: AbortSignal): Promise<Cached<unknown>> {
    const { ttlMs } = options;
    const lock = await this.#lockOrFind(key, options, signal);
    if (lock === undefined) return this.#load(key, ttlMs, load, signal);
    if ('found' in lock) return lock.found;
    try {
      return await this.#load(key, ttlMs, load, signal);
    } finally {
      await lock.release().catch(this.#onFault);
    }
  }

  async #load(key: string, ttlMs: number, load: Load, signal: AbortSignal): Promise<Cached<unknown>> {
    const value = await load(signal);
    return { value, storedAt: await this.#store(key, value, ttlMs), hit: false };
  }

  /** @returns the time of storing, as later readers of the value see it. */
  async #store(key: string, value: unknown, ttlMs: number): Promise<number> {
    const storedAt = this.#now();
    await this.port.set(key, { value, storedAt }, ttlMs).catch(this.#onFault);
    return storedAt;
  }

  /**
   * Where several processes share the port, acquires the lock on the key, or waits for the value that the lock's holder loads.
   * @returns `undefined` when the caller must load without a lock: the port has none, or it failed.
   */
  async #lockOrFind(key: string, kind: ValueKind, signal: AbortSignal): Promise<CacheLock | { found: Cached<unknown> } | undefined> {
    try {
      for (;;) {
        if (this.port.acquireLock === undefined) return undefined;
        const lock = await this.port.acquireLock(key);
        if (lock === undefined) await sleep(POLL_MS, signal);
        // Also with the lock: another process may have stored the value since the last look.
        const found = await this.#find(key, kind);
        if (found === undefined && lock !== undefined) return lock;
        if (found === undefined) continue;
        await lock?.release().catch(this.#onFault);
        return { found };
      }
    } catch (error) {
      signal.throwIfAborted();
      this.#onFault(error);
      return undefined;
    }
  }
}

function versioned(key: string, { version = 1 }: ValueKind): string {
  return `${key}:v${version}`;
}
