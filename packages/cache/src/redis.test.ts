import { randomUUID } from 'node:crypto';
import net from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cacheContract } from './cache.contract.ts';
import { createCache } from './cache.ts';
import type { CachePort } from './port.ts';
import { openRedisCache } from './redis.ts';

const url = process.env.REDIS_URL ?? 'redis://127.0.0.1:6379';
const problem = await whyNot();

async function whyNot(): Promise<string | undefined> {
  const port = await openRedisCache({ url, prefix: 'fairway-test' });
  const reason = await port.ping().then(
    () => undefined,
    (error: Error) => error.message,
  );
  await port.close();
  return reason;
}

async function open(address = url, prefix = 'fairway-test', onFault: (error: unknown) => void = () => {}): Promise<CachePort> {
  const port = await openRedisCache({ url: address, prefix, onFault });
  onTestFinished(() => port.close());
  return port;
}

/** A way to Redis that can be cut and mended. */
async function openRoad() {
  const target = new URL(url);
  const sockets = new Set<net.Socket>();
  const state = { isOpen: true };
  const road = net.createServer((near) => {
    if (!state.isOpen) return void near.destroy();
    const far = net.connect(Number(target.port || 6379), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => [near, far].forEach((other) => void other.destroy()));
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => road.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    road.close();
  });
  return {
    url: `redis://127.0.0.1:${(road.address() as net.AddressInfo).port}`,
    cut() {
      state.isOpen = false;
      for (const socket of sockets) socket.destroy();
    },
    mend() {
      state.isOpen = true;
    },
  };
}

/** A load that says when it has begun and is told how to end. */
function slowLoad() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const load = () => {
    begin();
    return promise;
  };
  return { load, begun, resolve, reject };
}

const title =
  problem === undefined ? 'the cache in Redis' : `the cache in Redis (skipped: no server at REDIS_URL or its default: ${problem})`;

describe.skipIf(problem !== undefined)(title, () => {
  cacheContract(() => open());

  it('flies once across processes', async () => {
    const key = randomUUID();
    const caches = await Promise.all(Array.from({ length: 4 }, async () => createCache(await open())));
    let loads = 0;
    const { promise, resolve } = Promise.withResolvers<string>();
    const load = () => {
      loads += 1;
      return promise;
    };
    const callers = caches.flatMap((cache) => [cache.through(key, { ttlMs: 60_000 }, load), cache.through(key, { ttlMs: 60_000 }, load)]);
    await expect.poll(() => loads).toBe(1);
    resolve('one');
    expect((await Promise.all(callers)).map(({ value }) => value)).toEqual(Array.from({ length: 8 }, () => 'one'));
    expect(loads).toBe(1);
  });

  it('hands the load on when the process that had it fails', async () => {
    const key = randomUUID();
    const [first, second] = [createCache(await open()), createCache(await open())];
    const { load, begun, reject } = slowLoad();
    const failing = first.through(key, { ttlMs: 60_000 }, load).catch((error: Error) => error.message);
    await begun;
    const waiting = second.through(key, { ttlMs: 60_000 }, async () => 'mine');
    reject(new Error('died'));
    expect(await failing).toBe('died');
    expect((await waiting).value).toBe('mine');
  });

  it('falls through when Redis dies in mid-call, and comes back when it returns', async () => {
    const road = await openRoad();
    const faults: unknown[] = [];
    const cache = createCache(await open(road.url, 'fairway-test', (error) => faults.push(error)));
    const key = randomUUID();
    await cache.put(key, 'kept', 60_000);
    const { load, begun, resolve } = slowLoad();
    const inFlight = cache.through(`${key}:other`, { ttlMs: 60_000 }, load);
    await begun;
    road.cut();
    resolve('fresh');
    expect((await inFlight).value).toBe('fresh');
    expect((await cache.through(key, { ttlMs: 60_000 }, async () => 'loaded while away')).value).toBe('loaded while away');
    await expect(cache.port.ping()).rejects.toThrow();
    expect(faults.length).toBeGreaterThan(0);
    road.mend();
    await expect.poll(async () => (await cache.peek(key))?.value, { timeout: 10_000 }).toBe('kept');
  });

  it('goes on without a Redis that hangs', async () => {
    const silent = net.createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void silent.close());
    const cache = createCache(await open(`redis://127.0.0.1:${(silent.address() as net.AddressInfo).port}`));
    expect((await cache.through('k', { ttlMs: 1000 }, async () => 'fresh')).value).toBe('fresh');
  });

  it('keeps servers apart that share one Redis', async () => {
    const [mine, theirs] = [createCache(await open(url, 'fairway-test:a')), createCache(await open(url, 'fairway-test:b'))];
    const key = randomUUID();
    await mine.put(key, 1, 60_000);
    expect(await theirs.peek(key)).toBeUndefined();
  });
});
