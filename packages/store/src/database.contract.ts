import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Database } from './database.ts';

/** What every database must do. Call it inside a `describe` with a function that opens an empty one. */
export function databaseContract(open: () => Promise<Database>): void {
  let database: Database;
  const steps = [{ name: '001-people', sql: ['CREATE TABLE people (name TEXT PRIMARY KEY, age INTEGER, height DOUBLE PRECISION)'] }];

  beforeEach(async () => {
    database = await open();
    await database.migrate('contract', steps);
  });

  afterEach(() => database.close());

  it('returns stored text, numbers and nulls unchanged', async () => {
    await database.run('INSERT INTO people VALUES (?, ?, ?)', ['Ann "; --', 41, 1.75]);
    await database.run('INSERT INTO people VALUES (?, ?, ?)', ['Öf', null, null]);
    expect(await database.all('SELECT * FROM people ORDER BY name')).toEqual([
      { name: 'Ann "; --', age: 41, height: 1.75 },
      { name: 'Öf', age: null, height: null },
    ]);
    expect(await database.get('SELECT name FROM people WHERE age = ?', [40])).toBeUndefined();
  });

  it('returns and finds text with characters that databases treat specially', async () => {
    for (const name of ['a\0b', '\0', '\uffff', '\uffff0', 'a\uffff1\0', '\\0', "'", '%_', '😀', '']) {
      await database.run('INSERT INTO people (name) VALUES (?)', [name]);
      expect(await database.all('SELECT name FROM people WHERE name = ?', [name])).toEqual([{ name }]);
    }
    expect(await database.get('SELECT name FROM people WHERE name = ?', ['missing\0'])).toBeUndefined();
  });

  it('counts the rows that a statement changed', async () => {
    await database.runMany(
      'INSERT INTO people VALUES (?, ?, ?)',
      Array.from({ length: 25 }, (_, age) => [`p${age}`, age, null]),
    );
    expect(await database.run('DELETE FROM people WHERE age < ?', [10])).toEqual({ changes: 10 });
  });

  it('rolls the whole transaction back when its work fails, and stays usable', async () => {
    const work = database.transaction(async (statements) => {
      await statements.run(`INSERT INTO people VALUES ('a', 1, NULL)`);
      throw new Error('work failed');
    });
    await expect(work).rejects.toThrow('work failed');
    expect(await database.all('SELECT * FROM people')).toEqual([]);
    await database.run(`INSERT INTO people VALUES ('b', 1, NULL)`);
    expect(await database.all('SELECT name FROM people')).toEqual([{ name: 'b' }]);
  });

  it('inserts many rows or none', async () => {
    const rows = [
      ['a', 1, null],
      ['a', 2, null],
    ];
    await expect(database.runMany('INSERT INTO people VALUES (?, ?, ?)', rows)).rejects.toThrow();
    expect(await database.all('SELECT * FROM people')).toEqual([]);
  });

  it('runs transactions one after the other, so that no update is lost', async () => {
    await database.run(`INSERT INTO people VALUES ('counter', 0, NULL)`);
    const increment = () =>
      database.transaction(async (statements) => {
        const row = await statements.get<{ age: number }>(`SELECT age FROM people WHERE name = 'counter'`);
        await Promise.resolve();
        await statements.run(`UPDATE people SET age = ? WHERE name = 'counter'`, [Number(row?.age) + 1]);
      });
    await Promise.all(Array.from({ length: 20 }, increment));
    expect(await database.get(`SELECT age FROM people WHERE name = 'counter'`)).toEqual({ age: 20 });
  });

  it('runs each migration once, and new ones after it', async () => {
    const more = [...steps, { name: '002-hair', sql: [`ALTER TABLE people ADD COLUMN hair TEXT DEFAULT 'brown'`] }];
    await database.migrate('contract', more);
    await database.migrate('contract', more);
    await database.run(`INSERT INTO people (name) VALUES ('a')`);
    expect(await database.get('SELECT hair FROM people')).toEqual({ hair: 'brown' });
  });

  it('rejects data that a newer version has written', async () => {
    await expect(database.migrate('contract', [])).rejects.toThrow(/newer version.*001-people/);
  });

  it('rolls a failed migration back', async () => {
    const broken = [...steps, { name: '002', sql: ['CREATE TABLE other (x TEXT)', 'not valid SQL'] }];
    await expect(database.migrate('contract', broken)).rejects.toThrow();
    await database.migrate('contract', [...steps, { name: '002', sql: ['CREATE TABLE other (x TEXT)'] }]);
    expect(await database.all('SELECT * FROM other')).toEqual([]);
  });

  it('rejects a wrong statement and stays usable', async () => {
    await expect(database.all('SELECT * FROM missing_table')).rejects.toThrow(/missing_table/);
    await expect(database.ping()).resolves.toBeUndefined();
  });
}
