/** Where cached values rest. Implementations lose entries freely (eviction, restart); they never return an expired one. */
export interface CachePort {
  /** A short name for health reports: `memory` or `redis`. */
  readonly kind: string;
  get(key: string): Promise<Stored | undefined>;
  set(key: string, stored: Stored): Promise<void>;
  delete(key: string): Promise<void>;
  /** Removes every key that starts with the prefix. */
  deletePrefix(prefix: string): Promise<void>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface Stored {
  value: unknown;
  /** When the value was made, in milliseconds since the epoch. */
  storedAt: number;
  /** When it stops being served, in milliseconds since the epoch. */
  expiresAt: number;
}
