import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { type Cache, createCache } from './cache.ts';
import type { CachePort } from './port.ts';

/** A loader that is told when to end, and counts. */
function loader() {
  const { promise, resolve } = Promise.withResolvers<string>();
  const state = { loads: 0, signal: undefined as AbortSignal | undefined, resolve };
  const load = (signal: AbortSignal) => {
    state.loads += 1;
    state.signal = signal;
    return promise;
  };
  return { state, load };
}

const TTL = { ttlMs: 60_000 };

/** What the cache promises on every store. Call it inside a `describe` with a function that opens one. */
export function cacheContract(open: () => Promise<CachePort>): void {
  const setUp = async (): Promise<{ cache: Cache; key: string }> => ({ cache: createCache(await open()), key: `contract:${randomUUID()}` });

  it('loads once, serves until the time is up, then loads again', async () => {
    const { cache, key } = await setUp();
    let loads = 0;
    const ask = (ttlMs: number) => cache.getOrLoad(key, { ttlMs }, async () => `answer ${++loads}`);
    const first = await ask(60_000);
    expect(first).toEqual({ value: 'answer 1', storedAt: expect.any(Number), hit: false });
    expect(await ask(60_000)).toEqual({ ...first, hit: true });
    await cache.put(key, 'short-lived', 100);
    await expect.poll(async () => (await ask(60_000)).value).toBe('answer 2');
  });

  it('gives back what was stored: nested, empty, null', async () => {
    const { cache, key } = await setUp();
    for (const value of [{ a: [1, { b: null }], c: '' }, [], 0, false, null, 'ü']) {
      await cache.put(key, value, 60_000);
      expect((await cache.peek(key))?.value).toEqual(value);
    }
  });

  it('flies once for any number of callers at the same moment', async () => {
    const { cache, key } = await setUp();
    const { state, load } = loader();
    const callers = Array.from({ length: 50 }, () => cache.getOrLoad(key, TTL, load));
    await expect.poll(() => state.loads).toBe(1);
    state.resolve('shared');
    const answers = await Promise.all(callers);
    expect(new Set(answers.map(({ value }) => value))).toEqual(new Set(['shared']));
    expect(state.loads).toBe(1);
  });

  it('remembers no failure', async () => {
    const { cache, key } = await setUp();
    await expect(cache.getOrLoad(key, TTL, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect((await cache.getOrLoad(key, TTL, async () => 'back')).value).toBe('back');
  });

  it('loads anew when asked to, and keeps the new value', async () => {
    const { cache, key } = await setUp();
    await cache.getOrLoad(key, TTL, async () => 'old');
    expect((await cache.getOrLoad(key, { ...TTL, refresh: true }, async () => 'new')).value).toBe('new');
    expect((await cache.getOrLoad(key, TTL, async () => 'never')).value).toBe('new');
  });

  it('one impatient caller leaves, the others get their answer', async () => {
    const { cache, key } = await setUp();
    const { state, load } = loader();
    const impatient = new AbortController();
    const leaving = cache.getOrLoad(key, { ...TTL, signal: impatient.signal }, load).catch((error: Error) => error.message);
    const staying = cache.getOrLoad(key, TTL, load);
    await expect.poll(() => state.loads).toBe(1);
    impatient.abort(new Error('enough'));
    expect(await leaving).toBe('enough');
    expect(state.signal?.aborted).toBe(false);
    state.resolve('late');
    expect((await staying).value).toBe('late');
  });

  it('gives the load up when the last caller leaves', async () => {
    const { cache, key } = await setUp();
    const { state, load } = loader();
    const controllers = [new AbortController(), new AbortController()];
    const callers = controllers.map(({ signal }) => cache.getOrLoad(key, { ...TTL, signal }, load).catch((error: Error) => error.message));
    await expect.poll(() => state.loads).toBe(1);
    controllers[0]?.abort(new Error('one'));
    controllers[1]?.abort(new Error('two'));
    expect(await Promise.all(callers)).toEqual(['one', 'two']);
    expect(state.signal?.aborted).toBe(true);
  });

  it('goes on for the next caller when it is told to outlive these', async () => {
    const { cache, key } = await setUp();
    const { state, load } = loader();
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

  it('asks nobody on behalf of a caller that has left already', async () => {
    const { cache, key } = await setUp();
    const { state, load } = loader();
    await expect(cache.getOrLoad(key, { ...TTL, signal: AbortSignal.abort(new Error('gone')) }, load)).rejects.toThrow('gone');
    expect(state.loads).toBe(0);
  });

  it('forgets by prefix, and takes no character of it for a pattern', async () => {
    const { cache, key } = await setUp();
    await cache.put(`${key}:[a]*?:1`, 1, 60_000);
    await cache.put(`${key}:a-other:1`, 2, 60_000);
    await cache.invalidate(`${key}:[a]*?`);
    expect(await cache.peek(`${key}:[a]*?:1`)).toBeUndefined();
    expect((await cache.peek(`${key}:a-other:1`))?.value).toBe(2);
  });
}
