import { describe, expect, it } from 'vitest';
import { createCache } from './cache.ts';
import { createMemoryCache } from './memory.ts';
import type { CachePort } from './port.ts';

function setUp() {
  let time = 1000;
  const now = () => time;
  const cache = createCache(createMemoryCache({ now }), { now });
  return {
    cache,
    wait: (ms: number) => {
      time += ms;
    },
  };
}

/** A loader that is told when to end, and counts. */
function loader() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const state = { loads: 0, signal: undefined as AbortSignal | undefined, resolve, reject };
  const load = (signal: AbortSignal) => {
    state.loads += 1;
    state.signal = signal;
    return promise;
  };
  return { state, load };
}

describe('the cache', () => {
  it('loads once, serves until the time is up, then loads again', async () => {
    const { cache, wait } = setUp();
    let loads = 0;
    const ask = () => cache.through('k', { ttlMs: 100 }, async () => `answer ${++loads}`);
    expect(await ask()).toEqual({ value: 'answer 1', storedAt: 1000, hit: false });
    wait(99);
    expect(await ask()).toEqual({ value: 'answer 1', storedAt: 1000, hit: true });
    wait(1);
    expect((await ask()).value).toBe('answer 2');
  });

  it('flies once for any number of callers at the same moment', async () => {
    const { cache } = setUp();
    const { state, load } = loader();
    const callers = Array.from({ length: 50 }, () => cache.through('k', { ttlMs: 100 }, load));
    await Promise.resolve();
    state.resolve('shared');
    const answers = await Promise.all(callers);
    expect(answers.map(({ value }) => value)).toEqual(Array.from({ length: 50 }, () => 'shared'));
    expect(state.loads).toBe(1);
  });

  it('remembers no failure', async () => {
    const { cache } = setUp();
    await expect(cache.through('k', { ttlMs: 100 }, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect((await cache.through('k', { ttlMs: 100 }, async () => 'back')).value).toBe('back');
  });

  it('loads anew when asked to, and keeps the new value', async () => {
    const { cache } = setUp();
    await cache.through('k', { ttlMs: 100 }, async () => 'old');
    expect((await cache.through('k', { ttlMs: 100, refresh: true }, async () => 'new')).value).toBe('new');
    expect((await cache.through('k', { ttlMs: 100 }, async () => 'never')).value).toBe('new');
  });

  it('one impatient caller leaves, the others get their answer', async () => {
    const { cache } = setUp();
    const { state, load } = loader();
    const impatient = new AbortController();
    const leaving = cache.through('k', { ttlMs: 100, signal: impatient.signal }, load);
    const staying = cache.through('k', { ttlMs: 100 }, load);
    impatient.abort(new Error('enough'));
    await expect(leaving).rejects.toThrow('enough');
    expect(state.signal?.aborted).toBe(false);
    state.resolve('late');
    expect((await staying).value).toBe('late');
  });

  it('gives the load up when the last caller leaves', async () => {
    const { cache } = setUp();
    const { state, load } = loader();
    const controllers = [new AbortController(), new AbortController()];
    const callers = controllers.map(({ signal }) =>
      cache.through('k', { ttlMs: 100, signal }, load).catch((error: Error) => error.message),
    );
    await Promise.resolve();
    await Promise.resolve();
    controllers[0]?.abort(new Error('one'));
    controllers[1]?.abort(new Error('two'));
    expect(await Promise.all(callers)).toEqual(['one', 'two']);
    expect(state.signal?.aborted).toBe(true);
  });

  it('goes on for the next caller when it is told to outlive these', async () => {
    const { cache } = setUp();
    const { state, load } = loader();
    const controller = new AbortController();
    const leaving = cache.through('k', { ttlMs: 100, signal: controller.signal, outliveCallers: true }, load);
    await Promise.resolve();
    await Promise.resolve();
    controller.abort(new Error('enough'));
    await expect(leaving).rejects.toThrow('enough');
    state.resolve('kept');
    expect((await cache.through('k', { ttlMs: 100 }, async () => 'never')).value).toBe('kept');
  });

  it('asks nobody on behalf of a caller that has left already', async () => {
    const { cache } = setUp();
    const { state, load } = loader();
    await expect(cache.through('k', { ttlMs: 100, signal: AbortSignal.abort(new Error('gone')) }, load)).rejects.toThrow('gone');
    expect(state.loads).toBe(0);
  });

  it('forgets by prefix', async () => {
    const { cache } = setUp();
    await cache.put('scan:1:a', 1, 100);
    await cache.put('scan:2:a', 2, 100);
    await cache.invalidate('scan:1:');
    expect(await cache.peek('scan:1:a')).toBeUndefined();
    expect((await cache.peek('scan:2:a'))?.value).toBe(2);
  });

  it('answers from the upstream when the store is broken, and says so to the operator', async () => {
    const faults: unknown[] = [];
    const broken = () => Promise.reject(new Error('store down'));
    const port: CachePort = { kind: 'broken', get: broken, set: broken, delete: broken, deletePrefix: broken, ping: broken, close: broken };
    const cache = createCache(port, { onFault: (error) => faults.push(error) });
    expect((await cache.through('k', { ttlMs: 100 }, async () => 'fresh')).value).toBe('fresh');
    expect(faults).toHaveLength(2);
  });
});

describe('the memory store', () => {
  it('lets the least recently used go first', async () => {
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
