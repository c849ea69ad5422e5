import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { startFaultProxy } from '@fairway-mcp/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import * as z from 'zod';
import { cacheContract } from './cache.contract.ts';
import { createCache } from './cache.ts';
import type { CachePort } from './port.ts';
import { openRedisCache } from './redis.ts';
import { createClient } from './redis-client.ts';

/** Leaves several processes time to start on a busy machine. */
const STARTING = { timeout: 30_000 };
/** Accepts every value. */
const ANY = { schema: z.any() };

const url = process.env.REDIS_URL ?? 'redis://127.0.0.1:6379';
const problem = await findProblem();

async function findProblem(): Promise<string | undefined> {
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

/**
 * Starts processes that share one key, each with a cache of its own. A process requests the key when the test tells it to, and sends
 * back the value. A load takes half a second; with `firstLoadHangs` the first one never ends.
 */
async function startPrograms(count: number, { firstLoadHangs = false } = {}) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fairway-cache-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'loads');
  fs.writeFileSync(file, '');
  const module = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
  const source = `
    import fs from 'node:fs';
    import { setTimeout as sleep } from 'node:timers/promises';
    import { createCache } from ${module('./cache.ts')};
    import { openRedisCache } from ${module('./redis.ts')};
    const port = await openRedisCache({ url: ${JSON.stringify(url)}, prefix: 'fairway-test', lockTtlMs: 1500 });
    const cache = createCache(port);
    async function load() {
      const isFirst = fs.readFileSync(${JSON.stringify(file)}, 'utf8') === '';
      fs.appendFileSync(${JSON.stringify(file)}, process.pid + '\\n');
      await sleep(isFirst && ${firstLoadHangs} ? 1e6 : 500);
      return 'loaded by ' + process.pid;
    }
    process.on('message', () =>
      cache.getOrLoad(${JSON.stringify(randomUUID())}, { ttlMs: 60_000, schema: { safeParse: (data) => ({ success: true, data }) } }, load).then(({ value }) => process.send(value)));
    process.send('ready');`;
  const programs = Array.from({ length: count }, () => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', source], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const messages: unknown[] = [];
    child.on('message', (message) => messages.push(message));
    return {
      ready: () => expect.poll(() => messages.length, STARTING).toBe(1),
      request(times: number): void {
        for (let time = 0; time < times; time += 1) child.send('request');
      },
      async answers(times: number): Promise<unknown[]> {
        await expect.poll(() => messages.length, STARTING).toBe(1 + times);
        return messages.slice(1);
      },
      kill: () => void child.kill('SIGKILL'),
    };
  });
  await Promise.all(programs.map((program) => program.ready()));
  return { programs, loads: () => fs.readFileSync(file, 'utf8').split('\n').slice(0, -1) };
}

/** A load that resolves `started` when it starts, and ends when the test says so. */
function slowLoad() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const { promise: started, resolve: start } = Promise.withResolvers<void>();
  const load = () => {
    start();
    return promise;
  };
  return { load, started, resolve, reject };
}

/** A client of Redis that knows nothing of the cache. */
async function openClient() {
  const client = createClient({ url });
  await client.connect();
  onTestFinished(() => client.destroy());
  return client;
}

const title = problem === undefined ? 'the Redis cache' : `the Redis cache (skipped: no server at REDIS_URL or its default: ${problem})`;

describe.skipIf(problem !== undefined)(title, () => {
  cacheContract(() => open());

  it('loads once for concurrent callers of several caches', async () => {
    const key = randomUUID();
    const caches = await Promise.all(Array.from({ length: 4 }, async () => createCache(await open())));
    let loads = 0;
    const { promise, resolve } = Promise.withResolvers<string>();
    const load = () => {
      loads += 1;
      return promise;
    };
    const callers = caches.flatMap((cache) => [
      cache.getOrLoad(key, { ttlMs: 60_000, ...ANY }, load),
      cache.getOrLoad(key, { ttlMs: 60_000, ...ANY }, load),
    ]);
    await expect.poll(() => loads).toBe(1);
    resolve('one');
    expect((await Promise.all(callers)).map(({ value }) => value)).toEqual(Array.from({ length: 8 }, () => 'one'));
    expect(loads).toBe(1);
  });

  it('lets another cache load when the one that holds the lock fails', async () => {
    const key = randomUUID();
    const [first, second] = [createCache(await open()), createCache(await open())];
    const { load, started, reject } = slowLoad();
    const failing = first.getOrLoad(key, { ttlMs: 60_000, ...ANY }, load).catch((error: Error) => error.message);
    await started;
    const waiting = second.getOrLoad(key, { ttlMs: 60_000, ...ANY }, async () => 'second');
    reject(new Error('died'));
    expect(await failing).toBe('died');
    expect((await waiting).value).toBe('second');
  });

  it('loads once for concurrent requests of several processes', { timeout: 90_000 }, async () => {
    const group = await startPrograms(4);
    for (const program of group.programs) program.request(10);
    const answers = await Promise.all(group.programs.map((program) => program.answers(10)));
    expect(new Set(answers.flat()).size).toBe(1);
    expect(group.loads()).toHaveLength(1);
  });

  it('loads again in another process when the loading one is killed', { timeout: 90_000 }, async () => {
    const group = await startPrograms(3, { firstLoadHangs: true });
    const [first, ...others] = group.programs;
    first?.request(1);
    await expect.poll(() => group.loads()).toHaveLength(1);
    for (const program of others) program.request(5);
    first?.kill();
    const answers = await Promise.all(others.map((program) => program.answers(5)));
    expect(new Set(answers.flat()).size).toBe(1);
    expect(group.loads()).toHaveLength(2);
  });

  it('loads from the upstream while Redis is unreachable, and uses Redis again once it is back', async () => {
    const proxy = await startFaultProxy(url);
    const faults: unknown[] = [];
    const cache = createCache(await open(proxy.url, 'fairway-test', (error) => faults.push(error)));
    const key = randomUUID();
    await cache.set(key, ANY, 'kept', 60_000);
    const { load, started, resolve } = slowLoad();
    const inFlight = cache.getOrLoad(`${key}:other`, { ttlMs: 60_000, ...ANY }, load);
    await started;
    proxy.disconnect();
    resolve('fresh');
    expect((await inFlight).value).toBe('fresh');
    expect((await cache.getOrLoad(key, { ttlMs: 60_000, ...ANY }, async () => 'loaded without Redis')).value).toBe('loaded without Redis');
    await expect(cache.port.ping()).rejects.toThrow();
    expect(faults.length).toBeGreaterThan(0);
    proxy.reconnect();
    await expect.poll(async () => (await cache.get(key, ANY))?.value, { timeout: 10_000 }).toBe('kept');
  });

  it('stops waiting for a Redis that went silent, and uses it again once it answers', { timeout: 60_000 }, async () => {
    const proxy = await startFaultProxy(url);
    const port = await open(proxy.url);
    const key = randomUUID();
    await port.set(key, { value: 'kept', storedAt: 1 }, 60_000);
    proxy.silence();
    await expect(port.deletePrefix(key)).rejects.toThrow('Redis did not answer in time.');
    await expect(port.get(key)).rejects.toThrow('Redis did not answer a moment ago.');
    await expect(port.ping()).rejects.toThrow('Redis did not answer in time.');
    proxy.reconnect();
    await expect.poll(async () => (await port.get(key).catch(() => undefined))?.value, { timeout: 30_000 }).toBe('kept');
  });

  it('loads from the upstream when Redis hangs', async () => {
    const silent = net.createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void silent.close());
    const cache = createCache(await open(`redis://127.0.0.1:${(silent.address() as net.AddressInfo).port}`));
    expect((await cache.getOrLoad('k', { ttlMs: 1000, ...ANY }, async () => 'fresh')).value).toBe('fresh');
  });

  it('keeps the keys of servers apart that share one Redis', async () => {
    const [first, second] = [createCache(await open(url, 'fairway-test:a')), createCache(await open(url, 'fairway-test:b'))];
    const key = randomUUID();
    await first.set(key, ANY, 1, 60_000);
    expect(await second.get(key, ANY)).toBeUndefined();
  });

  it.each([[[]], [['PX', '36000000']]])('does not wait for a lock that nobody will release: %j', async (expiry) => {
    const key = randomUUID();
    const client = await openClient();
    await client.sendCommand(['SET', `fairway-test:loading:${key}:v1`, 'nobody', ...expiry]);
    const [first, second] = [createCache(await open()), createCache(await open())];
    let loads = 0;
    const load = async () => `loaded ${++loads}`;
    const answers = await Promise.all([first, second].map((cache) => cache.getOrLoad(key, { ttlMs: 60_000, ...ANY }, load)));
    expect([answers.map(({ value }) => value), loads]).toEqual([['loaded 1', 'loaded 1'], 1]);
    expect(await client.exists(`fairway-test:loading:${key}:v1`)).toBe(0);
  });

  it.each([
    ['not JSON', ['PX', '60000']],
    ['null', ['PX', '60000']],
    ['{"value":1}', ['PX', '60000']],
    ['{"value":1,"storedAt":"today"}', ['PX', '60000']],
    ['{"value":1,"storedAt":1}', []],
  ])('loads again when another program has stored %s with the expiry %j', async (text, expiry) => {
    const key = randomUUID();
    const client = await openClient();
    await client.sendCommand(['SET', `fairway-test:${key}:v1`, text, ...expiry]);
    const cache = createCache(await open());
    expect((await cache.getOrLoad(key, { ttlMs: 60_000, ...ANY }, async () => 'loaded')).value).toBe('loaded');
    expect(await cache.get(key, ANY)).toMatchObject({ value: 'loaded', hit: true });
  });
});
