import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { startFaultProxy } from '@fairway-mcp/testing';
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

/**
 * Programs of their own that share one key: each asks through a cache of its own when told to, and says what it was answered. A load
 * takes half a second; the first of a crowd that is going to lose somebody takes for ever.
 */
async function startPrograms(count: number, fate?: 'once killed') {
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
      await sleep(isFirst && ${fate === 'once killed'} ? 1e6 : 500);
      return 'loaded by ' + process.pid;
    }
    process.on('message', () =>
      cache.getOrLoad(${JSON.stringify(randomUUID())}, { ttlMs: 60_000 }, load).then(({ value }) => process.send(value)));
    process.send('ready');`;
  const programs = Array.from({ length: count }, () => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', source], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const said: unknown[] = [];
    child.on('message', (message) => said.push(message));
    return {
      ready: () => expect.poll(() => said.length).toBe(1),
      ask(times: number): void {
        for (let time = 0; time < times; time += 1) child.send('ask');
      },
      async answers(times: number): Promise<unknown[]> {
        await expect.poll(() => said.length).toBe(1 + times);
        return said.slice(1);
      },
      kill: () => void child.kill('SIGKILL'),
    };
  });
  await Promise.all(programs.map((program) => program.ready()));
  return { programs, loads: () => fs.readFileSync(file, 'utf8').split('\n').slice(0, -1) };
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
    const callers = caches.flatMap((cache) => [
      cache.getOrLoad(key, { ttlMs: 60_000 }, load),
      cache.getOrLoad(key, { ttlMs: 60_000 }, load),
    ]);
    await expect.poll(() => loads).toBe(1);
    resolve('one');
    expect((await Promise.all(callers)).map(({ value }) => value)).toEqual(Array.from({ length: 8 }, () => 'one'));
    expect(loads).toBe(1);
  });

  it('hands the load on when the process that had it fails', async () => {
    const key = randomUUID();
    const [first, second] = [createCache(await open()), createCache(await open())];
    const { load, begun, reject } = slowLoad();
    const failing = first.getOrLoad(key, { ttlMs: 60_000 }, load).catch((error: Error) => error.message);
    await begun;
    const waiting = second.getOrLoad(key, { ttlMs: 60_000 }, async () => 'mine');
    reject(new Error('died'));
    expect(await failing).toBe('died');
    expect((await waiting).value).toBe('mine');
  });

  it('flies once for several programs that ask at the same moment', async () => {
    const crowd = await startPrograms(4);
    for (const program of crowd.programs) program.ask(10);
    const answers = await Promise.all(crowd.programs.map((program) => program.answers(10)));
    expect(new Set(answers.flat()).size).toBe(1);
    expect(crowd.loads()).toHaveLength(1);
  });

  it('loads again elsewhere when the program that was loading is killed', async () => {
    const crowd = await startPrograms(3, 'once killed');
    const [first, ...others] = crowd.programs;
    first?.ask(1);
    await expect.poll(() => crowd.loads()).toHaveLength(1);
    for (const program of others) program.ask(5);
    first?.kill();
    const answers = await Promise.all(others.map((program) => program.answers(5)));
    expect(new Set(answers.flat()).size).toBe(1);
    expect(crowd.loads()).toHaveLength(2);
  });

  it('falls through when Redis dies in mid-call, and comes back when it returns', async () => {
    const proxy = await startFaultProxy(url);
    const faults: unknown[] = [];
    const cache = createCache(await open(proxy.url, 'fairway-test', (error) => faults.push(error)));
    const key = randomUUID();
    await cache.put(key, 'kept', 60_000);
    const { load, begun, resolve } = slowLoad();
    const inFlight = cache.getOrLoad(`${key}:other`, { ttlMs: 60_000 }, load);
    await begun;
    proxy.disconnect();
    resolve('fresh');
    expect((await inFlight).value).toBe('fresh');
    expect((await cache.getOrLoad(key, { ttlMs: 60_000 }, async () => 'loaded while away')).value).toBe('loaded while away');
    await expect(cache.port.ping()).rejects.toThrow();
    expect(faults.length).toBeGreaterThan(0);
    proxy.reconnect();
    await expect.poll(async () => (await cache.peek(key))?.value, { timeout: 10_000 }).toBe('kept');
  });

  it('goes on without a Redis that hangs', async () => {
    const silent = net.createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void silent.close());
    const cache = createCache(await open(`redis://127.0.0.1:${(silent.address() as net.AddressInfo).port}`));
    expect((await cache.getOrLoad('k', { ttlMs: 1000 }, async () => 'fresh')).value).toBe('fresh');
  });

  it('keeps servers apart that share one Redis', async () => {
    const [mine, theirs] = [createCache(await open(url, 'fairway-test:a')), createCache(await open(url, 'fairway-test:b'))];
    const key = randomUUID();
    await mine.put(key, 1, 60_000);
    expect(await theirs.peek(key)).toBeUndefined();
  });
});
