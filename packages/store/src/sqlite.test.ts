import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { databaseContract } from './database.contract.ts';
import { openSqlite } from './sqlite.ts';

describe('SQLite in memory', () => databaseContract(async () => openSqlite({ file: ':memory:' })));

describe('SQLite in a file', () => {
  let folder: string;
  const file = () => path.join(folder, 'deep', 'fairway.db');

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fairway-store-'));
  });

  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  databaseContract(async () => openSqlite({ file: file() }));

  it('keeps its data across restarts, in files that only their owner can read', async () => {
    const first = openSqlite({ file: file() });
    await first.migrate('t', [{ name: '001', sql: ['CREATE TABLE t (x TEXT)'] }]);
    await first.run('INSERT INTO t VALUES (?)', ['kept']);
    await first.close();
    const second = openSqlite({ file: file() });
    expect(await second.get('SELECT x FROM t')).toEqual({ x: 'kept' });
    await second.close();
    expect(fs.statSync(file()).mode & 0o077).toBe(0);
  });

  it('loses no row when two connections write at the same time', async () => {
    const [one, two] = [openSqlite({ file: file() }), openSqlite({ file: file() })];
    const step = [{ name: '001', sql: ['CREATE TABLE n (x INTEGER)'] }];
    await Promise.all([one.migrate('n', step), two.migrate('n', step)]);
    await Promise.all(Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? one : two).run('INSERT INTO n VALUES (?)', [index])));
    expect(await one.get('SELECT COUNT(*) AS count FROM n')).toEqual({ count: 100 });
    await Promise.all([one.close(), two.close()]);
  });

  it('never shows half a transaction to a reader', async () => {
    const database = openSqlite({ file: file() });
    await database.migrate('n', [{ name: '001', sql: ['CREATE TABLE n (x INTEGER)'] }]);
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const writing = database.transaction(async (statements) => {
      await statements.run('INSERT INTO n VALUES (1)');
      await held;
      await statements.run('INSERT INTO n VALUES (2)');
    });
    expect(await database.get('SELECT COUNT(*) AS count FROM n')).toEqual({ count: 0 });
    release();
    await writing;
    expect(await database.get('SELECT COUNT(*) AS count FROM n')).toEqual({ count: 2 });
    await database.close();
  });

  it('creates the same new file from two processes at the same moment', async () => {
    // Both processes open the same files on the same schedule, so that they collide on most of them.
    const program = `
      import { openSqlite } from ${JSON.stringify(new URL('./sqlite.ts', import.meta.url).href)};
      const start = Math.ceil(Date.now() / 1000) * 1000 + 1000;
      for (let number = 0; number < 40; number += 1) {
        while (Date.now() < start + number * 15);
        await openSqlite({ file: ${JSON.stringify(folder)} + '/' + number + '.db' }).close();
      }`;
    const open = () => promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program]);
    await expect(Promise.all([open(), open()])).resolves.toHaveLength(2);
  });

  it.each([
    ['deleted', () => fs.rmSync(folder, { recursive: true })],
    ['moved', () => fs.renameSync(path.join(folder, 'deep'), path.join(folder, 'elsewhere'))],
    [
      'replaced',
      () => {
        fs.renameSync(path.join(folder, 'deep'), path.join(folder, 'elsewhere'));
        fs.cpSync(path.join(folder, 'elsewhere'), path.join(folder, 'deep'), { recursive: true });
      },
    ],
  ])('reports as unhealthy when its folder was %s', async (_what, remove) => {
    const database = openSqlite({ file: file() });
    await database.ping();
    remove();
    await expect(database.ping()).rejects.toThrow(/fairway\.db was deleted, moved or replaced while the server was running/);
    await database.close();
  });

  it('rejects writes once its files were deleted, because they would be lost', async () => {
    const database = openSqlite({ file: file() });
    await database.migrate('t', [{ name: '001', sql: ['CREATE TABLE t (x TEXT)'] }]);
    fs.rmSync(folder, { recursive: true });
    await expect(database.run('INSERT INTO t VALUES (?)', ['lost'])).rejects.toThrow(/was deleted while the server was running/);
    const committed = () =>
      database.transaction((statements) => statements.run('INSERT INTO t VALUES (?)', ['x']), { durability: 'committed' });
    await expect(committed()).rejects.toThrow(/was deleted/);
    await database.close();
  });

  it.skipIf(process.platform === 'win32')('refuses a folder that another user could lead elsewhere, and says why', () => {
    const [real, link, open] = ['real', 'link', 'open'].map((name) => path.join(folder, name));
    if (real === undefined || link === undefined || open === undefined) throw new Error('no names');
    fs.mkdirSync(real);
    fs.symlinkSync(real, link);
    fs.mkdirSync(open);
    fs.chmodSync(open, 0o777);
    expect(() => openSqlite({ file: path.join(link, 'fairway.db') })).toThrow(/link is a symbolic link; name the folder that it leads to/);
    expect(() => openSqlite({ file: path.join(open, 'fairway.db') })).toThrow(
      /every user of this machine can write to .*open; run "chmod o-w/,
    );
    expect(fs.readdirSync(open)).toEqual([]);
    fs.symlinkSync(path.join(folder, 'other.db'), path.join(real, 'fairway.db'));
    expect(() => openSqlite({ file: path.join(real, 'fairway.db') })).toThrow(/Cannot open the database .*it is a symbolic link/);
    expect(fs.existsSync(path.join(folder, 'other.db'))).toBe(false);
  });

  it('names the file that it cannot open, and the reason', () => {
    fs.writeFileSync(path.join(folder, 'plain'), '');
    expect(() => openSqlite({ file: path.join(folder, 'plain', 'x.db') })).toThrow(/Cannot open the database .*x\.db: /);
    fs.writeFileSync(path.join(folder, 'noise.db'), 'not a database, but long enough to be read as one header page'.repeat(20));
    expect(() => openSqlite({ file: path.join(folder, 'noise.db') })).toThrow(/not a database/);
  });
});
