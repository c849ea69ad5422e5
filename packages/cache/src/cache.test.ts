import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { cacheContract } from './cache.contract.ts';
import { createCache } from './cache.ts';
import { createMemoryCache } from './memory.ts';
import type { CachePort } from './port.ts';

/** Accepts every value. */
const ANY = { schema: z.any() };

describe('the memory cache', () => {
  cacheContract(async () => createMemoryCache());

  it('keeps a value as long as it may, whatever the wall clock says', async () => {
    let passed = 0;
    const cache = createCache(createMemoryCache({ now: () => passed }), { now: () => -passed });
    await cache.set('a', ANY, 1, 100);
    passed = 99;
    expect((await cache.get('a', ANY))?.value).toBe(1);
    passed = 100;
    expect(await cache.get('a', ANY)).toBeUndefined();
  });

  it('evicts the least recently used value first', async () => {
    const port = createMemoryCache({ maxEntries: 2 });
    const stored = { value: 1, storedAt: 0 };
    await port.set('a', stored, 60_000);
    await port.set('b', stored, 60_000);
    await port.get('a');
    await port.set('c', stored, 60_000);
    expect(await port.get('b')).toBeUndefined();
    expect(await port.get('a')).toBeDefined();
  });
});

describe('a value that another program has stored', () => {
  const schema = z.array(z.object({ name: z.string() }));

  it('is used only when it has the right form', async () => {
    const faults: unknown[] = [];
    const port: CachePort = { ...createMemoryCache(), isShared: true };
    const cache = createCache(port, { onFault: (error) => faults.push(error) });
    const request = async () => (await cache.getOrLoad('k', { ttlMs: 60_000, schema }, async () => [{ name: 'loaded' }])).value;
    for (const value of ['text', { name: 'x' }, [{ name: 1 }], [{}], null]) {
      await port.set('k:v1', { value, storedAt: 1 }, 60_000);
      expect(await cache.get('k', { schema })).toBeUndefined();
      expect(await request()).toEqual([{ name: 'loaded' }]);
      expect(await request()).toEqual([{ name: 'loaded' }]);
    }
    expect(faults.map(String)).toContain('Error: The cached value of k:v1 has another form.');
    const theirs = [{ name: 'theirs', added: 'by a newer version' }];
    await port.set('k:v1', { value: theirs, storedAt: 1 }, 60_000);
    expect(await request()).toEqual(theirs);
  });
});

describe('a cache whose store is broken', () => {
  it('loads from the upstream and reports each failure', async () => {
    const faults: unknown[] = [];
    const broken = () => Promise.reject(new Error('store down'));
    const port: CachePort = {
      kind: 'broken',
      isShared: true,
      get: broken,
      set: broken,
      acquireLock: broken,
      deletePrefix: broken,
      ping: broken,
      close: broken,
    };
    const cache = createCache(port, { onFault: (error) => faults.push(error) });
    expect((await cache.getOrLoad('k', { ttlMs: 100, ...ANY }, async () => 'fresh')).value).toBe('fresh');
    expect(faults.length).toBeGreaterThan(1);
  });
});

describe('a cache that several processes share', () => {
  it('does not load what another process stored before the lock was acquired', async () => {
    const memory = createMemoryCache();
    const releases: string[] = [];
    const acquireLock = async (key: string) => {
      await memory.set(key, { value: 'theirs', storedAt: 1 }, 60_000);
      return { release: async () => void releases.push(key) };
    };
    const cache = createCache({ ...memory, acquireLock });
    const loaded = await cache.getOrLoad('k', { ttlMs: 100, ...ANY }, async () => 'mine');
    expect([loaded, releases]).toEqual([{ value: 'theirs', storedAt: 1, hit: true }, ['k:v1']]);
  });
});
