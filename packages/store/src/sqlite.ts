import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database, MigrationStep, SqlValue, Statements } from './database.ts';
import { applyMigrations } from './migrations.ts';
import { WalSync } from './wal-sync.ts';
import { probeWrite } from './write-probe.ts';

export interface SqliteOptions {
  /** Path of the database file; its folder is made when missing. `:memory:` keeps everything in this process. */
  file: string;
  /** How long to wait for another process that is writing, in milliseconds. */
  busyTimeoutMs?: number;
}

/**
 * A database in one file, by Node's own SQLite: write-ahead log, every write on the disk before its promise resolves.
 * Several processes may share the file. Reads use a connection of their own, so that they never see half a transaction.
 * @throws when the file or its folder cannot be opened, with the path and the reason.
 */
export function openSqlite({ file, busyTimeoutMs = 5000 }: SqliteOptions): Database {
  const writer = connect(file, busyTimeoutMs);
  const reader = file === ':memory:' ? writer : connect(file, busyTimeoutMs);
  return new SqliteDatabase({ writer, reader, busyTimeoutMs, wal: file === ':memory:' ? undefined : new WalSync(file) });
}

interface SqliteParts {
  writer: Connection;
  /** The same as the writer in memory, where there is only one. */
  reader: Connection;
  busyTimeoutMs: number;
  /** What makes commits durable; memory has nothing to make durable. */
  wal: WalSync | undefined;
}

class SqliteDatabase implements Database {
  readonly kind = 'sqlite';
  readonly #writer: Connection;
  readonly #reader: Connection;
  /** The end of the queue of writers: each one waits for the one before. */
  #lastWrite: Promise<unknown> = Promise.resolve();
  readonly #busyTimeoutMs: number;
  readonly #wal: WalSync | undefined;
  #closed = false;

  constructor({ writer, reader, busyTimeoutMs, wal }: SqliteParts) {
    this.#writer = writer;
    this.#reader = reader;
    this.#busyTimeoutMs = busyTimeoutMs;
    this.#wal = wal;
  }

  all<Row>(sql: string, parameters?: readonly SqlValue[]): Promise<Row[]> {
    return this.#reading((statements) => statements.all<Row>(sql, parameters));
  }

  get<Row>(sql: string, parameters?: readonly SqlValue[]): Promise<Row | undefined> {
    return this.#reading((statements) => statements.get<Row>(sql, parameters));
  }

  run(sql: string, parameters?: readonly SqlValue[]): Promise<{ changes: number }> {
    return this.#durably(() => this.#patiently(() => this.#writer.run(sql, parameters)));
  }

  runMany(sql: string, rows: readonly (readonly SqlValue[])[]): Promise<void> {
    return this.transaction((statements) => statements.runMany(sql, rows));
  }

  transaction<T>(work: (statements: Statements) => Promise<T>): Promise<T> {
    return this.#durably(async () => {
      await this.#patiently(async () => this.#writer.execute('BEGIN IMMEDIATE'));
      try {
        const result = await work(this.#writer);
        this.#writer.execute('COMMIT');
        return result;
      } catch (error) {
        this.#writer.rollBack();
        throw error;
      }
    });
  }

  migrate(owner: string, steps: readonly MigrationStep[]): Promise<void> {
    return this.transaction((statements) => applyMigrations(statements, owner, steps));
  }

  ping(): Promise<void> {
    return this.transaction(probeWrite);
  }

  async close(): Promise<void> {
    await this.#inTurn(async () => {
      this.#closed = true;
      await this.#wal?.close();
      if (this.#reader !== this.#writer) this.#reader.close();
      this.#writer.close();
    });
  }

  /** In memory there is one connection, so a read has to wait for the transaction that is open on it. */
  #reading<T>(read: (statements: Statements) => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new Error('The database is closed.'));
    return this.#reader === this.#writer ? this.#inTurn(() => read(this.#writer)) : read(this.#reader);
  }

  /** The next write may begin when this one is committed; whoever asked for it waits until it is on the disk. */
  async #durably<T>(write: () => Promise<T>): Promise<T> {
    const result = await this.#inTurn(write);
    await this.#wal?.sync();
    return result;
  }

  /** Waits for another process that is writing, without holding up this one: SQLite's own wait would block the event loop. */
  async #patiently<T>(work: () => Promise<T>): Promise<T> {
    const until = Date.now() + this.#busyTimeoutMs;
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!isBusy(error) || Date.now() >= until) throw error;
        await sleep(1 + Math.random() * 10);
      }
    }
  }

  #inTurn<T>(write: () => Promise<T>): Promise<T> {
    const turn = this.#lastWrite.then(() => {
      if (this.#closed) throw new Error('The database is closed.');
      return write();
    });
    this.#lastWrite = turn.catch(() => undefined);
    return turn;
  }
}

/** One SQLite connection with its prepared statements. The work is synchronous; the promises are the port's shape. */
class Connection implements Statements {
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

  execute(sql: string): void {
    this.#database.exec(sql);
  }

  /** A failed COMMIT (disk full) may have rolled back already; then there is nothing left to undo. */
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

const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY;
}

/** Turning the write-ahead log on fails at once when another process is just doing the same, whatever time SQLite was given to wait. */
function untilFree(timeoutMs: number, work: () => void): void {
  const until = Date.now() + timeoutMs;
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || Date.now() >= until) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

function connect(file: string, busyTimeoutMs: number): Connection {
  try {
    if (file !== ':memory:') fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    const database = new DatabaseSync(file, { timeout: busyTimeoutMs });
    untilFree(busyTimeoutMs, () => database.exec('PRAGMA journal_mode = WAL'));
    database.exec('PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 0;');
    if (file !== ':memory:') fs.chmodSync(file, 0o600);
    return new Connection(database);
  } catch (error) {
    throw new Error(`Cannot open the database ${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
