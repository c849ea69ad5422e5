import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAuditLog } from './audit-log.ts';
import { openSqlite } from './sqlite.ts';
import { createWriteJournal } from './write-journal.ts';

function makeFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fairway-audit-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A database whose flushes are counted, and held back while the test wants it. */
function openWithFlushGate() {
  const gate = { flushes: 0, open: Promise.resolve() };
  const flush = async () => {
    gate.flushes += 1;
    await gate.open;
  };
  const database = openSqlite({ file: path.join(makeFolder(), 'fairway.db'), flush });
  onTestFinished(() => database.close());
  return { database, gate };
}

const row = (last: { sequence: number } | undefined) => [{ sequence: (last?.sequence ?? 0) + 1, previous: 'p', hash: 'h', body: '{}' }];

describe('audit rows in SQLite', () => {
  it('are committed without waiting for the disk when a read is recorded, and flushed soon after', async () => {
    const { database, gate } = openWithFlushGate();
    const log = await createAuditLog(database);
    const before = gate.flushes;
    await log.append(row, { durability: 'committed' });
    expect([gate.flushes, (await log.head())?.sequence]).toEqual([before, 1]);
    await expect.poll(() => gate.flushes).toBe(before + 1);
  });

  it('are flushed before the promise resolves when a write is recorded, as is the intent of a write', async () => {
    const { database, gate } = openWithFlushGate();
    const log = await createAuditLog(database);
    const journal = await createWriteJournal(database);
    for (const write of [
      () => log.append(row),
      () => journal.begin('alice', 'k', 'f', 't'),
      () => journal.finish('alice', 'k', '{}', 't'),
    ]) {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate.open = promise;
      const before = gate.flushes;
      let isDone = false;
      const writing = write().then(() => {
        isDone = true;
      });
      await expect.poll(() => gate.flushes).toBe(before + 1);
      await new Promise((turn) => setImmediate(turn));
      expect(isDone).toBe(false);
      resolve();
      await writing;
    }
  });

  it('survive kill -9 once they are committed, even if nothing was ever flushed', async () => {
    const file = path.join(makeFolder(), 'fairway.db');
    const moduleUrl = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
    const program = `
      import { createAuditLog } from ${moduleUrl('./audit-log.ts')};
      import { openSqlite } from ${moduleUrl('./sqlite.ts')};
      const log = await createAuditLog(openSqlite({ file: ${JSON.stringify(file)}, flush: async () => {} }));
      for (let sequence = 1; ; sequence += 1) {
        await log.append(() => [{ sequence, previous: 'p', hash: 'h' + sequence, body: '{}' }], { durability: 'committed' });
        process.stdout.write(sequence + '\\n');
      }`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = new Promise((resolve) => child.once('close', resolve));
    let reported = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      reported = Number(line);
      if (reported === 200) child.kill('SIGKILL');
    }
    await exited;
    expect(reported).toBeGreaterThanOrEqual(200);
    const database = openSqlite({ file });
    const log = await createAuditLog(database);
    const rows = await log.read(0, 1_000_000);
    expect(rows.length).toBeGreaterThanOrEqual(reported);
    expect(rows.map(({ sequence }) => sequence)).toEqual(rows.map((_, index) => index + 1));
    expect(await log.head()).toEqual({ sequence: rows.length, hash: `h${rows.length}` });
    await database.close();
  });
});
