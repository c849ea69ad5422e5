/** Where cached values rest. Implementations lose entries freely (eviction, restart); they never return an expired one. */
export interface CachePort {
  /** A short name for health reports: `memory` or `redis`. */
  readonly kind: string;
  get(key: string): Promise<Stored | undefined>;
  set(key: string, stored: Stored): Promise<void>;
  /** Removes every key that starts with the prefix. */
  deletePrefix(prefix: string): Promise<void>;
  /**
   * Makes this process the only one that loads the key, until released or until the process is gone. Not needed where
   * nobody else could load it.
   * @returns `undefined` when another process is loading it.
   */
  acquireLock?(key: string): Promise<CacheLock | undefined>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface CacheLock {
  release(): Promise<void>;
}

/** Values are plain JSON: what a shared store gives back is a copy. */
export interface Stored {
  value: unknown;
  /** When the value was made, in milliseconds since the epoch. */
  storedAt: number;
  /** When it stops being served, in milliseconds since the epoch. */
  expiresAt: number;
}
