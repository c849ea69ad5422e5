import type { FileHandle } from 'node:fs/promises';
import pLimit from 'p-limit';
import pRetry from 'p-retry';
import type { Database, MigrationStep, SqlValue, Statements, TransactionOptions } from './database.ts';
import { applyMigrations } from './migrations.ts';
import { OpenedPath } from './opened-path.ts';
import { connectSqlite, isBusy, MEMORY, type SqliteConnection } from './sqlite-connection.ts';
import { WalSync } from './wal-sync.ts';
import { probeWrite } from './write-probe.ts';

export interface SqliteOptions {
  /** Path of the database file; its folder is created when missing. `:memory:` keeps everything in this process. */
  file: string;
  /** How long to wait for another process that is writing, in milliseconds. */
  busyTimeoutMs?: number;
  /** Called when a flush fails that no caller waits for. */
  onFault?: (error: unknown) => void;
  /** Flushes the log file to the disk. Tests replace it to observe flushes. */
  flush?: (log: FileHandle) => Promise<void>;
}

const BUSY_TIMEOUT_MS = 5000;

/**
 * A database in one file, by Node's own SQLite with a write-ahead log. Several processes may share the file.
 * Reads use a connection of their own, so that they never see half a transaction.
 * @throws Error with the path and the reason when the file or its folder cannot be opened.
 */
export function openSqlite({ file, busyTimeoutMs = BUSY_TIMEOUT_MS, onFault, flush }: SqliteOptions): Database {
  const writer = connectSqlite(file, busyTimeoutMs);
  if (file === MEMORY) return new SqliteDatabase({ writer, reader: writer, busyTimeoutMs, wal: undefined });
  const wal = new WalSync(file, { ...(onFault && { onFault }), ...(flush && { flush }) });
  return new SqliteDatabase({ writer, reader: connectSqlite(file, busyTimeoutMs), busyTimeoutMs, wal, path: new OpenedPath(file) });
}

interface SqliteParts {
  writer: SqliteConnection;
  /** The writer itself in memory, where there is only one connection. */
  reader: SqliteConnection;
  busyTimeoutMs: number;
  /** Flushes commits to the disk; undefined in memory. */
  wal: WalSync | undefined;
  /** Undefined in memory. */
  path?: OpenedPath;
}

class SqliteDatabase implements Database {
  readonly kind = 'sqlite';
  readonly #writer: SqliteConnection;
  readonly #reader: SqliteConnection;
  readonly #busyTimeoutMs: number;
  readonly #wal: WalSync | undefined;
  readonly #path: OpenedPath | undefined;
  /** One write at a time on the writing connection. */
  readonly #queue = pLimit(1);
  #closed = false;

  constructor({ writer, reader, busyTimeoutMs, wal, path }: SqliteParts) {
    this.#writer = writer;
    this.#reader = reader;
    this.#busyTimeoutMs = busyTimeoutMs;
    this.#wal = wal;
    this.#path = path;
  }

  all<Row>(sql: string, parameters?: readonly SqlValue[]): Promise<Row[]> {
    return this.#read((statements) => statements.all<Row>(sql, parameters));
  }

  get<Row>(sql: string, parameters?: readonly SqlValue[]): Promise<Row | undefined> {
    return this.#read((statements) => statements.get<Row>(sql, parameters));
  }

  run(sql: string, parameters?: readonly SqlValue[]): Promise<{ changes: number }> {
    return this.#write(() => this.#retryWhileBusy(() => this.#writer.run(sql, parameters)));
  }

  runMany(sql: string, rows: readonly (readonly SqlValue[])[]): Promise<void> {
    return this.transaction((statements) => statements.runMany(sql, rows));
  }

  transaction<T>(work: (statements: Statements) => Promise<T>, options?: TransactionOptions): Promise<T> {
    return this.#write(async () => {
      await this.#retryWhileBusy(async () => this.#writer.execute('BEGIN IMMEDIATE'));
      try {
        const result = await work(this.#writer);
        this.#writer.execute('COMMIT');
        return result;
      } catch (error) {
        this.#writer.rollBack();
        throw error;
      }
    }, options);
  }

  migrate(owner: string, steps: readonly MigrationStep[]): Promise<void> {
    return this.transaction((statements) => applyMigrations(statements, owner, steps));
  }

  /** An open file can be written although its folder was deleted, so that is checked too. */
  async ping(): Promise<void> {
    await this.#path?.check();
    await this.transaction(probeWrite);
  }

  async close(): Promise<void> {
    await this.#enqueue(async () => {
      this.#closed = true;
      await this.#wal?.close();
      if (this.#reader !== this.#writer) this.#reader.close();
      this.#writer.close();
    });
  }

  /** In memory, where there is one connection, a read waits for the transaction that is open on it. */
  #read<T>(read: (statements: Statements) => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(closedError());
    return this.#reader === this.#writer ? this.#enqueue(() => read(this.#writer)) : read(this.#reader);
  }

  /** The next write may start once this one is committed, while this one's caller still waits for the flush. */
  async #write<T>(write: () => Promise<T>, { durability = 'flushed' }: TransactionOptions = {}): Promise<T> {
    const result = await this.#enqueue(write);
    if (durability === 'flushed') await this.#wal?.sync();
    else await this.#wal?.syncSoon();
    return result;
  }

  /** Waits for another process that is writing. SQLite's own wait would block the event loop. */
  async #retryWhileBusy<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!isBusy(error)) throw error;
    }
    return pRetry(work, {
      retries: Number.POSITIVE_INFINITY,
      maxRetryTime: this.#busyTimeoutMs,
      minTimeout: 5,
      factor: 1,
      randomize: true,
      shouldRetry: ({ error }) => isBusy(error),
    });
  }

  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    return this.#queue(() => (this.#closed ? Promise.reject(closedError()) : work()));
  }
}

function closedError(): Error {
  return new Error('The database is closed.');
}
