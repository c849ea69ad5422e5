import { LRUCache } from 'lru-cache';

/** Where answers are kept. The cache package's ports fit. */
export interface ResponseStore {
  get(key: string): Promise<StoredResponse | undefined>;
  set(key: string, stored: StoredResponse): Promise<void>;
}

/** Plain JSON. Times in milliseconds since the epoch. */
export interface StoredResponse {
  value: unknown;
  storedAt: number;
  expiresAt: number;
}

const MAX_MEMORY_BYTES = 8 * 1024 * 1024;

/** Keeps the answers that were used last, up to 8 MiB. */
export function createMemoryStore(maxBytes = MAX_MEMORY_BYTES): ResponseStore {
  const entries = new LRUCache<string, StoredResponse>({
    maxSize: maxBytes,
    sizeCalculation: ({ value }) => 1024 + JSON.stringify(value).length,
  });
  return {
    get: async (key) => entries.get(key),
    set: async (key, stored) => {
      entries.set(key, stored);
    },
  };
}
