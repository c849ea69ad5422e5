import { describe, expect, it } from 'vitest';
import { cacheContract } from './cache.contract.ts';
import { createCache } from './cache.ts';
import { createMemoryCache } from './memory.ts';
import type { CachePort } from './port.ts';

describe('the memory cache', () => {
  cacheContract(async () => createMemoryCache());

  it('evicts the least recently used value first', async () => {
    const port = createMemoryCache({ maxEntries: 2 });
    const stored = { value: 1, storedAt: 0, expiresAt: Number.POSITIVE_INFINITY };
    await port.set('a', stored);
    await port.set('b', stored);
    await port.get('a');
    await port.set('c', stored);
    expect(await port.get('b')).toBeUndefined();
    expect(await port.get('a')).toBeDefined();
  });
});

describe('a cache whose store is broken', () => {
  it('loads from the upstream and reports each failure', async () => {
    const faults: unknown[] = [];
    const broken = () => Promise.reject(new Error('store down'));
    const port: CachePort = {
      kind: 'broken',
      get: broken,
      set: broken,
      acquireLock: broken,
      deletePrefix: broken,
      ping: broken,
      close: broken,
    };
    const cache = createCache(port, { onFault: (error) => faults.push(error) });
    expect((await cache.getOrLoad('k', { ttlMs: 100 }, async () => 'fresh')).value).toBe('fresh');
    expect(faults.length).toBeGreaterThan(1);
  });
});

describe('a cache that several processes share', () => {
  it('does not load what another process stored before the lock was acquired', async () => {
    const memory = createMemoryCache();
    const releases: string[] = [];
    const acquireLock = async (key: string) => {
      await memory.set(key, { value: 'theirs', storedAt: 1, expiresAt: Number.POSITIVE_INFINITY });
      return { release: async () => void releases.push(key) };
    };
    const cache = createCache({ ...memory, acquireLock });
    const loaded = await cache.getOrLoad('k', { ttlMs: 100 }, async () => 'mine');
    expect([loaded, releases]).toEqual([{ value: 'theirs', storedAt: 1, hit: true }, ['k']]);
  });
});
