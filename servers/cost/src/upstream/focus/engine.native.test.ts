import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { raw, sql } from '../sql/sql.ts';
import { Engine } from './engine.ts';
import { loadDuckDb } from './load-duckdb.ts';

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  vi.restoreAllMocks();
  for (const close of closing.splice(0).toReversed()) await close();
});

async function open(memoryMb = 256): Promise<{ engine: Engine; folder: string }> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), "fairway's-engine-"));
  closing.push(() => fs.rm(folder, { recursive: true }));
  const own = path.join(folder, 'own');
  await fs.mkdir(own);
  const engine = await Engine.open(await loadDuckDb(), { memoryMb, tempFolder: path.join(folder, 'temp'), maxTempMb: 64, folders: [own] });
  closing.push(() => engine.close());
  return { engine, folder };
}

const ENDLESS = raw('SELECT CAST(sum(a.range * b.range) AS VARCHAR) FROM range(10000000) a, range(10000000) b');

const signal = () => AbortSignal.timeout(60_000);

describe('the engine', () => {
  it('reads its own folders and no other file', async () => {
    const { engine, folder } = await open();
    await fs.writeFile(path.join(folder, 'own', 'a.csv'), 'x\n1\n');
    await fs.writeFile(path.join(folder, 'secret.csv'), 'x\n2\n');
    const read = (file: string) =>
      engine.query(sql`SELECT x FROM read_csv(${[file]}, columns = {'x': 'VARCHAR'}, auto_detect = false, header = true)`, signal());
    expect(await read(path.join(folder, 'own', 'a.csv'))).toEqual([['1']]);
    await expect(read(path.join(folder, 'secret.csv'))).rejects.toThrow();
    await expect(read(path.join(folder, 'own', '..', 'secret.csv'))).rejects.toThrow();
    await expect(read('https://127.0.0.1:1/a.csv')).rejects.toThrow();
  });

  it.each([
    "SET memory_limit = '100GB'",
    'SET enable_external_access = true',
    'INSTALL httpfs',
    'LOAD httpfs',
    "ATTACH '/tmp/x.db'",
    "COPY (SELECT 1) TO '/tmp/fairway-x.csv'",
  ])('refuses %s', async (statement) => {
    const { engine } = await open();
    await expect(engine.query(raw(statement), signal())).rejects.toThrow();
  });

  it('is interrupted in the middle of a statement, and answers the next one', async () => {
    const { engine } = await open();
    const leaving = new AbortController();
    const endless = engine.query(ENDLESS, leaving.signal);
    setTimeout(() => leaving.abort(new Error('left')), 200);
    await expect(endless).rejects.toThrow('left');
    // Both places are free again: neither statement is still running.
    for (let index = 0; index < 3; index += 1) expect(await engine.query(raw('SELECT 1::BIGINT'), signal())).toEqual([[1n]]);
  });

  it('is interrupted even when its caller leaves before the statement has begun', async () => {
    const { engine } = await open();
    const { DuckDBConnection } = await loadDuckDb();
    const leaving = new AbortController();
    const run = DuckDBConnection.prototype.streamAndReadUntil;
    const started = vi.spyOn(DuckDBConnection.prototype, 'streamAndReadUntil').mockImplementation(function (
      this: typeof DuckDBConnection.prototype,
      ...input
    ) {
      if (started.mock.calls.length === 2) leaving.abort(new Error('left'));
      return run.apply(this, input);
    });
    await Promise.allSettled([engine.query(ENDLESS, leaving.signal), engine.query(ENDLESS, leaving.signal)]);
    started.mockRestore();
    expect(await engine.query(raw('SELECT 1::BIGINT'), signal())).toEqual([[1n]]);
  });

  it('says what its memory is when a question needs more', async () => {
    const { engine } = await open(16);
    const many = raw("SELECT range, string_agg(repeat('x', 100)) OVER (ORDER BY range) FROM range(3000000)");
    await expect(engine.query(many, signal())).rejects.toMatchObject({
      kind: 'budget_exceeded',
      message: expect.stringContaining('16 MB'),
    });
  });

  it('refuses answers that are too long', async () => {
    const { engine } = await open();
    await expect(engine.query(raw('SELECT range FROM range(5000)'), signal(), 100)).rejects.toMatchObject({ kind: 'budget_exceeded' });
  });

  it('ends its statements before it closes, also those that nobody waits for any more', async () => {
    const { engine } = await open();
    const { DuckDBConnection, DuckDBInstance } = await loadDuckDb();
    const started = vi.spyOn(DuckDBConnection.prototype, 'streamAndReadUntil');
    const ended = vi.spyOn(DuckDBConnection.prototype, 'closeSync');
    const closed = vi.spyOn(DuckDBInstance.prototype, 'closeSync');
    const leaving = new AbortController();
    const answers = Promise.allSettled([leaving.signal, signal(), signal()].map((caller) => engine.query(ENDLESS, caller)));
    // The third one waits for a place.
    await vi.waitFor(() => expect(started).toHaveBeenCalledTimes(2), 30_000);
    leaving.abort(new Error('left'));
    await engine.close();
    expect(ended).toHaveBeenCalledTimes(2);
    expect(closed).toHaveBeenCalledOnce();
    expect(Math.max(...ended.mock.invocationCallOrder)).toBeLessThan(closed.mock.invocationCallOrder[0] ?? 0);
    const reasons = (await answers).map((answer) => answer.status === 'rejected' && String(answer.reason.message));
    expect(reasons).toEqual(['left', 'The engine is closed.', 'The engine is closed.']);
    await expect(engine.query(raw('SELECT 1'), signal())).rejects.toThrow('The engine is closed.');
  });

  it('does not close under a statement that cannot be interrupted, and does not wait for it for ever', async () => {
    const { engine } = await open();
    const { DuckDBConnection, DuckDBInstance } = await loadDuckDb();
    const { promise, reject } = Promise.withResolvers<never>();
    const started = vi.spyOn(DuckDBConnection.prototype, 'streamAndReadUntil').mockReturnValue(promise);
    const closed = vi.spyOn(DuckDBInstance.prototype, 'closeSync');
    const answer = engine.query(raw('SELECT 1'), signal()).catch((error: unknown) => error);
    await vi.waitFor(() => expect(started).toHaveBeenCalled(), 30_000);
    await engine.close(1);
    expect(closed).not.toHaveBeenCalled();
    reject(new Error('ended'));
    await answer;
  });
});
