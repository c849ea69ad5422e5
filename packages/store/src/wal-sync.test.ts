import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FLUSH_BOUND_MS, FLUSH_DELAY_MS, WalSync } from './wal-sync.ts';

/** A log file whose flushes the test counts, and lets succeed or fail. */
function openLog() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fairway-wal-'));
  fs.writeFileSync(path.join(folder, 'x.db-wal'), '');
  const flushes: PromiseWithResolvers<void>[] = [];
  const faults: unknown[] = [];
  let isEnding = false;
  const flush = () => {
    const next = Promise.withResolvers<void>();
    flushes.push(next);
    if (isEnding) next.resolve();
    return next.promise;
  };
  const wal = new WalSync(path.join(folder, 'x.db'), { flush, onFault: (error) => faults.push(error) });
  async function close(): Promise<void> {
    isEnding = true;
    for (const { resolve } of flushes) resolve();
    await wal.close();
    fs.rmSync(folder, { recursive: true });
  }
  return { wal, flushes, faults, close };
}

describe('flushing the write-ahead log', () => {
  let log: ReturnType<typeof openLog>;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    log = openLog();
  });

  afterEach(async () => {
    vi.useRealTimers();
    await log.close();
  });

  it('waits for the flush when asked for a flushed write', async () => {
    const { wal, flushes } = log;
    let isDone = false;
    const syncing = wal.sync().then(() => {
      isDone = true;
    });
    await vi.waitUntil(() => flushes.length === 1);
    expect(isDone).toBe(false);
    flushes[0]?.resolve();
    await syncing;
  });

  it('starts one flush for all commits of the delay, early enough to end within the bound', async () => {
    const { wal, flushes } = log;
    expect(FLUSH_DELAY_MS).toBeLessThanOrEqual(FLUSH_BOUND_MS / 2);
    await wal.syncSoon();
    vi.advanceTimersByTime(FLUSH_DELAY_MS - 1);
    await wal.syncSoon();
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(1);
    await vi.waitUntil(() => flushes.length === 1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('needs no flush of its own for commits that another flush has covered', async () => {
    const { wal, flushes } = log;
    await wal.syncSoon();
    const syncing = wal.sync();
    await vi.waitUntil(() => flushes.length === 1);
    flushes[0]?.resolve();
    await syncing;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('runs three flushes at most; requests in the meantime share the next one', async () => {
    const { wal, flushes } = log;
    const syncing = Array.from({ length: 10 }, () => wal.sync());
    await vi.waitUntil(() => flushes.length === 3);
    flushes[0]?.resolve();
    await vi.waitUntil(() => flushes.length === 4);
    for (const flush of flushes) flush.resolve();
    await Promise.all(syncing);
    expect(flushes).toHaveLength(4);
  });

  it('makes every commit wait once a flush has failed, until one succeeds', async () => {
    const { wal, flushes, faults } = log;
    await wal.syncSoon();
    vi.advanceTimersByTime(FLUSH_DELAY_MS);
    await vi.waitUntil(() => flushes.length === 1);
    flushes[0]?.reject(new Error('disk gone'));
    await vi.waitUntil(() => faults.length === 1);
    const failing = expect(wal.syncSoon()).rejects.toThrow('still gone');
    await vi.waitUntil(() => flushes.length === 2);
    flushes[1]?.reject(new Error('still gone'));
    await failing;
    const succeeding = wal.syncSoon();
    await vi.waitUntil(() => flushes.length === 3);
    flushes[2]?.resolve();
    await succeeding;
    await wal.syncSoon();
    expect(vi.getTimerCount()).toBe(1);
  });

  it('flushes what is left when it is closed', async () => {
    const { wal, flushes } = log;
    await wal.syncSoon();
    const closing = wal.close();
    await vi.waitUntil(() => flushes.length === 1);
    flushes[0]?.resolve();
    await closing;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('fails while the file is missing, and works once it exists', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fairway-wal-'));
    const wal = new WalSync(path.join(folder, 'x.db'));
    await expect(wal.sync()).rejects.toThrow('ENOENT');
    fs.writeFileSync(path.join(folder, 'x.db-wal'), '');
    await wal.sync();
    await wal.close();
    fs.rmSync(folder, { recursive: true });
  });
});
