import { LRUCache } from 'lru-cache';
import type { CachePort, Stored } from './port.ts';

/** Keeps values in this process and evicts the least recently used. Values are kept by reference: treat them as frozen. */
export function createMemoryCache({ maxEntries = 100_000, now = Date.now }: { maxEntries?: number; now?: () => number } = {}): CachePort {
  // Each entry counts as one: with `max`, memory for all of them would be reserved at the start.
  const entries = new LRUCache<string, Stored>({ maxSize: maxEntries, sizeCalculation: () => 1 });
  return {
    kind: 'memory',
    async get(key) {
      const stored = entries.get(key);
      if (stored !== undefined && stored.expiresAt <= now()) {
        entries.delete(key);
        return undefined;
      }
      return stored;
    },
    async set(key, stored) {
      entries.set(key, stored);
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
