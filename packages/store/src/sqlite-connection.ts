import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { SqlValue, Statements } from './database.ts';
import { makeFolder } from './make-folder.ts';

export const MEMORY = ':memory:';

/** One SQLite connection with its prepared statements. The work is synchronous; the promises are the port's shape. */
export class SqliteConnection implements Statements {
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  async all<Row>(sql: string, parameters: readonly SqlValue[] = []): Promise<Row[]> {
    return this.#prepare(sql).all(...parameters) as Row[];
  }

  async get<Row>(sql: string, parameters: readonly SqlValue[] = []): Promise<Row | undefined> {
    return this.#prepare(sql).get(...parameters) as Row | undefined;
  }

  async run(sql: string, parameters: readonly SqlValue[] = []): Promise<{ changes: number }> {
    return { changes: Number(this.#prepare(sql).run(...parameters).changes) };
  }

  async runMany(sql: string, rows: readonly (readonly SqlValue[])[]): Promise<void> {
    const statement = this.#prepare(sql);
    for (const row of rows) statement.run(...row);
  }

  /** One statement without parameters or rows. */
  execute(sql: string): void {
    this.#prepare(sql).run();
  }

  /** Does nothing when a failed COMMIT (disk full) has rolled back already. */
  rollBack(): void {
    if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
  }

  close(): void {
    this.#prepared.clear();
    this.#database.close();
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#prepared.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#prepared.set(sql, statement);
    }
    return statement;
  }
}

/**
 * Opens a database file in write-ahead mode, readable by its owner only. Commits go to the log file without a flush.
 * @throws Error with the path and the reason when the file or its folder cannot be opened.
 */
export function connectSqlite(file: string, busyTimeoutMs: number): SqliteConnection {
  try {
    if (file !== MEMORY) prepareFolder(file);
    const database = new DatabaseSync(file, { timeout: busyTimeoutMs });
    retryWhileBusySync(busyTimeoutMs, () => database.exec('PRAGMA journal_mode = WAL'));
    database.exec('PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 0;');
    if (file !== MEMORY) fs.chmodSync(file, 0o600);
    return new SqliteConnection(database);
  } catch (error) {
    throw new Error(`Cannot open the database ${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/**
 * Creates the folder of the file when it is missing. Through a link, or a folder that everybody can write to, another user of the machine
 * could lead the server to a file of theirs or take the trail away.
 */
function prepareFolder(file: string): void {
  const folder = path.dirname(file);
  makeFolder(folder);
  const entry = fs.lstatSync(folder);
  if (entry.isSymbolicLink()) throw new Error(`${folder} is a symbolic link; name the folder that it leads to`);
  if (process.platform !== 'win32' && (entry.mode & WORLD_WRITABLE) !== 0)
    throw new Error(`every user of this machine can write to ${folder}; run "chmod o-w ${folder}", or use a folder inside of it`);
  if (fs.lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true) throw new Error('it is a symbolic link');
}

const WORLD_WRITABLE = 0o002;

const SQLITE_BUSY = 5;

/** Whether another connection holds the lock that a statement needed. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY;
}

/** SQLite ignores its busy timeout while two processes switch the same file to write-ahead mode, so the wait is here. */
function retryWhileBusySync(timeoutMs: number, work: () => void): void {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || performance.now() >= deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
