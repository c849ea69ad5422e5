import { LRUCache } from 'lru-cache';
import type { CachePort, Stored } from './port.ts';

export interface MemoryCacheOptions {
  maxEntries?: number;
  /** Milliseconds that never go back. */
  now?: () => number;
}

/** Keeps values in this process and evicts the least recently used. Values are kept by reference: treat them as frozen. */
export function createMemoryCache({ maxEntries = 100_000, now = () => performance.now() }: MemoryCacheOptions = {}): CachePort {
  // Each entry counts as one: with `max`, memory for all of them would be reserved at the start.
  const entries = new LRUCache<string, { stored: Stored; until: number }>({ maxSize: maxEntries, sizeCalculation: () => 1 });
  return {
    kind: 'memory',
    isShared: false,
    async get(key) {
      const entry = entries.get(key);
      if (entry === undefined || entry.until > now()) return entry?.stored;
      entries.delete(key);
      return undefined;
    },
    async set(key, stored, ttlMs) {
      entries.set(key, { stored, until: now() + ttlMs });
    },
    async deletePrefix(prefix) {
      for (const key of [...entries.keys()]) if (key.startsWith(prefix)) entries.delete(key);
    },
    async ping() {},
    async close() {
      entries.clear();
    },
  };
}
