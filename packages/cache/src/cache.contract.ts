import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { type Cache, createCache } from './cache.ts';
import type { CachePort } from './port.ts';

/** A loader that ends when the test says so, and counts its calls. */
function createLoader() {
  const { promise, resolve } = Promise.withResolvers<string>();
  const state = { loads: 0, signal: undefined as AbortSignal | undefined, resolve };
  const load = (signal: AbortSignal) => {
    state.loads += 1;
    state.signal = signal;
    return promise;
  };
  return { state, load };
}

/** Accepts every value. */
const ANY = { schema: z.any() };
const TTL = { ttlMs: 60_000, ...ANY };

/** What the cache must do on every port. Call it inside a `describe` with a function that opens one. */
export function cacheContract(open: () => Promise<CachePort>): void {
  const setUp = async (): Promise<{ cache: Cache; key: string }> => ({ cache: createCache(await open()), key: `contract:${randomUUID()}` });

  it('serves the stored value until it expires, then loads again', async () => {
    const { cache, key } = await setUp();
    let loads = 0;
    const request = (ttlMs: number) => cache.getOrLoad(key, { ttlMs, ...ANY }, async () => `answer ${++loads}`);
    const first = await request(60_000);
    expect(first).toEqual({ value: 'answer 1', storedAt: expect.any(Number), hit: false });
    expect(await request(60_000)).toEqual({ ...first, hit: true });
    await cache.set(key, ANY, 'short-lived', 100);
    await expect.poll(async () => (await request(60_000)).value).toBe('answer 2');
  });

  it('returns stored values unchanged, also nested, empty and null', async () => {
    const { cache, key } = await setUp();
    for (const value of [{ a: [1, { b: null }], c: '' }, [], 0, false, null, 'ü']) {
      await cache.set(key, ANY, value, 60_000);
      expect((await cache.get(key, ANY))?.value).toEqual(value);
    }
  });

  it('loads once for any number of concurrent callers', async () => {
    const { cache, key } = await setUp();
    const { state, load } = createLoader();
    const callers = Array.from({ length: 50 }, () => cache.getOrLoad(key, TTL, load));
    await expect.poll(() => state.loads).toBe(1);
    state.resolve('shared');
    const answers = await Promise.all(callers);
    expect(new Set(answers.map(({ value }) => value))).toEqual(new Set(['shared']));
    expect(state.loads).toBe(1);
  });

  it('does not cache a failed load', async () => {
    const { cache, key } = await setUp();
    await expect(cache.getOrLoad(key, TTL, () => Promise.reject(new Error('unreachable')))).rejects.toThrow('unreachable');
    expect((await cache.getOrLoad(key, TTL, async () => 'reachable')).value).toBe('reachable');
  });

  it('loads again on refresh, and stores the new value', async () => {
    const { cache, key } = await setUp();
    await cache.getOrLoad(key, TTL, async () => 'old');
    expect((await cache.getOrLoad(key, { ...TTL, refresh: true }, async () => 'new')).value).toBe('new');
    expect((await cache.getOrLoad(key, TTL, async () => 'never')).value).toBe('new');
  });

  it('continues to load for the remaining callers when one aborts', async () => {
    const { cache, key } = await setUp();
    const { state, load } = createLoader();
    const aborting = new AbortController();
    const leaving = cache.getOrLoad(key, { ...TTL, signal: aborting.signal }, load).catch((error: Error) => error.message);
    const staying = cache.getOrLoad(key, TTL, load);
    await expect.poll(() => state.loads).toBe(1);
    aborting.abort(new Error('enough'));
    expect(await leaving).toBe('enough');
    expect(state.signal?.aborted).toBe(false);
    state.resolve('late');
    expect((await staying).value).toBe('late');
  });

  it('aborts the load when the last caller aborts', async () => {
    const { cache, key } = await setUp();
    const { state, load } = createLoader();
    const controllers = [new AbortController(), new AbortController()];
    const callers = controllers.map(({ signal }) => cache.getOrLoad(key, { ...TTL, signal }, load).catch((error: Error) => error.message));
    await expect.poll(() => state.loads).toBe(1);
    controllers[0]?.abort(new Error('one'));
    controllers[1]?.abort(new Error('two'));
    expect(await Promise.all(callers)).toEqual(['one', 'two']);
    expect(state.signal?.aborted).toBe(true);
  });

  it('continues to load without callers when outliveCallers is set', async () => {
    const { cache, key } = await setUp();
    const { state, load } = createLoader();
    const controller = new AbortController();
    const leaving = cache
      .getOrLoad(key, { ...TTL, signal: controller.signal, outliveCallers: true }, load)
      .catch((error: Error) => error.message);
    await expect.poll(() => state.loads).toBe(1);
    controller.abort(new Error('enough'));
    expect(await leaving).toBe('enough');
    state.resolve('kept');
    expect((await cache.getOrLoad(key, TTL, async () => 'never')).value).toBe('kept');
  });

  it('does not load for a caller that has aborted already', async () => {
    const { cache, key } = await setUp();
    const { state, load } = createLoader();
    await expect(cache.getOrLoad(key, { ...TTL, signal: AbortSignal.abort(new Error('gone')) }, load)).rejects.toThrow('gone');
    expect(state.loads).toBe(0);
  });

  it('removes keys by prefix, and treats pattern characters in it literally', async () => {
    const { cache, key } = await setUp();
    await cache.set(`${key}:[a]*?:1`, ANY, 1, 60_000);
    await cache.set(`${key}:a-other:1`, ANY, 2, 60_000);
    await cache.invalidate(`${key}:[a]*?`);
    expect(await cache.get(`${key}:[a]*?:1`, ANY)).toBeUndefined();
    expect((await cache.get(`${key}:a-other:1`, ANY))?.value).toBe(2);
  });

  it('does not find values of another version, and removes those of every version', async () => {
    const { cache, key } = await setUp();
    await cache.set(key, ANY, 'old', 60_000);
    expect(await cache.get(key, { ...ANY, version: 2 })).toBeUndefined();
    await cache.set(key, { ...ANY, version: 2 }, 'new', 60_000);
    expect([(await cache.get(key, ANY))?.value, (await cache.get(key, { ...ANY, version: 2 }))?.value]).toEqual(['old', 'new']);
    await cache.invalidate(key);
    expect([await cache.get(key, ANY), await cache.get(key, { ...ANY, version: 2 })]).toEqual([undefined, undefined]);
  });
}
