/**
 * Stores cached values. Implementations may lose entries (eviction, restart), but never return an expired one. They measure time without the
 * wall clock, which may jump.
 */
export interface CachePort {
  /** A short name for health reports: `memory` or `redis`. */
  readonly kind: string;
  /** Whether other programs can write the values too, so that what is read has to be checked. */
  readonly isShared: boolean;
  get(key: string): Promise<Stored | undefined>;
  set(key: string, stored: Stored, ttlMs: number): Promise<void>;
  /** Removes every key that starts with the prefix. */
  deletePrefix(prefix: string): Promise<void>;
  /**
   * Makes this process the only one that loads the key, until the lock is released or the process dies. Absent where no other
   * process shares the values.
   * @returns `undefined` when another process holds the lock.
   */
  acquireLock?(key: string): Promise<CacheLock | undefined>;
  /** Rejects with the reason when the store cannot be reached. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface CacheLock {
  release(): Promise<void>;
}

/** Values are plain JSON: a shared store returns a copy. */
export interface Stored {
  value: unknown;
  /** When the value was loaded, in milliseconds since the epoch. */
  storedAt: number;
}
