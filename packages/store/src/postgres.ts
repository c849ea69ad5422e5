import { waitAtMost } from '@fairway-mcp/async';
import type { Pool, PoolClient, QueryResultRow } from 'pg';
import type { Database, MigrationStep, SqlValue, Statements } from './database.ts';
import { applyMigrations } from './migrations.ts';
import { decodeText, encodeText } from './postgres-text.ts';
import { probeWrite } from './write-probe.ts';

export interface PostgresOptions {
  /** `postgres://user:password@host:5432/database`. Tables go into the first schema of the search path. */
  url: string;
  /** After this time without an answer to a statement its connection is given up, in milliseconds. Shorter limits follow from it. */
  timeoutMs?: number;
  /** Called when an idle connection breaks. */
  onFault?: (error: unknown) => void;
}

const TIMEOUT_MS = 10_000;
const KEEP_ALIVE_DELAY_MS = 10_000;
const CLOSE_TIMEOUT_MS = 2_000;
const MAX_CONNECTIONS = 10;
/** The advisory lock that all writing transactions take, so that they run one after the other. The number is arbitrary but must never change. */
const WRITERS_LOCK = 7_421_180_011;
/** By Postgres' type numbers: BIGINT, which the driver returns as text by default, and TEXT. */
const PARSERS = new Map<number, (text: string) => SqlValue>([
  [20, Number],
  [25, decodeText],
]);

/**
 * A database on a Postgres server, for state that several processes share. Connects with the first statement, which throws the
 * server's or the network's error, without the password.
 *
 * Every commit is flushed, also where `committed` would do: Postgres bounds the delay of an asynchronous commit only by its own
 * `wal_writer_delay` (three times 200 ms by default), which is the operator's setting and more than the 100 ms promised for reads.
 */
export async function openPostgres({ url, timeoutMs = TIMEOUT_MS, onFault = () => {} }: PostgresOptions): Promise<Database> {
  // Loaded on demand, so that servers on SQLite never pay for it.
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({
    connectionString: url,
    max: MAX_CONNECTIONS,
    ...timeLimits(timeoutMs),
    application_name: 'fairway',
    types: { getTypeParser: (type, format) => PARSERS.get(type) ?? pg.types.getTypeParser(type, format) },
  });
  pool.on('error', onFault);
  return new PostgresDatabase(pool);
}

/**
 * Who gives up first matters. A process that stopped in the middle of a transaction (frozen, paused, cut off) loses its session, and with it
 * the lock of all writers, before those who wait for the lock give up. The server ends a statement before the client gives its
 * connection up, so that its outcome is known whenever the server still answers.
 */
function timeLimits(timeoutMs: number) {
  return {
    idle_in_transaction_session_timeout: Math.ceil(timeoutMs * 0.4),
    connectionTimeoutMillis: Math.ceil(timeoutMs * 0.5),
    lock_timeout: Math.ceil(timeoutMs * 0.6),
    statement_timeout: Math.ceil(timeoutMs * 0.8),
    query_timeout: timeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_DELAY_MS,
  };
}

class PostgresDatabase implements Database {
  readonly kind = 'postgres';
  readonly #pool: Pool;
  readonly #statements: Statements;

  constructor(pool: Pool) {
    this.#pool = pool;
    this.#statements = statementsOn(pool);
  }

  all<Row>(sql: string, parameters?: readonly SqlValue[]): Promise<Row[]> {
    return this.#statements.all<Row>(sql, parameters);
  }

  get<Row>(sql: string, parameters?: readonly SqlValue[]): Promise<Row | undefined> {
    return this.#statements.get<Row>(sql, parameters);
  }

  run(sql: string, parameters?: readonly SqlValue[]): Promise<{ changes: number }> {
    return this.#statements.run(sql, parameters);
  }

  runMany(sql: string, rows: readonly (readonly SqlValue[])[]): Promise<void> {
    return this.transaction((statements) => statements.runMany(sql, rows));
  }

  async transaction<T>(work: (statements: Statements) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    const statements = statementsOn(client);
    let broken: Error | undefined;
    try {
      await statements.run('BEGIN');
      await statements.run('SELECT pg_advisory_xact_lock(?)', [WRITERS_LOCK]);
      const result = await work(statements);
      await statements.run('COMMIT');
      return result;
    } catch (error) {
      broken = error instanceof UnansweredError ? error : await rollBack(client);
      throw error;
    } finally {
      client.release(broken);
    }
  }

  migrate(owner: string, steps: readonly MigrationStep[]): Promise<void> {
    return this.transaction((statements) => applyMigrations(statements, owner, steps));
  }

  ping(): Promise<void> {
    return this.transaction(probeWrite);
  }

  /** A server that does not answer cannot say goodbye either. */
  async close(): Promise<void> {
    await waitAtMost(CLOSE_TIMEOUT_MS, this.#pool.end());
  }
}

/** Nothing is known of the statement, and its connection cannot be used again. */
class UnansweredError extends Error {
  override readonly name = 'UnansweredError';
}

/** @returns the reason when the connection cannot be used again. */
async function rollBack(client: PoolClient): Promise<Error | undefined> {
  try {
    await client.query('ROLLBACK');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function statementsOn(connection: Pool | PoolClient): Statements {
  const query = (sql: string, parameters: readonly SqlValue[] = []) =>
    connection.query<QueryResultRow>(translate(sql), parameters.map(encodeText)).catch(rethrow);
  return {
    all: async <Row>(sql: string, parameters?: readonly SqlValue[]) => (await query(sql, parameters)).rows as Row[],
    get: async <Row>(sql: string, parameters?: readonly SqlValue[]) => (await query(sql, parameters)).rows[0] as Row | undefined,
    run: async (sql, parameters) => ({ changes: (await query(sql, parameters)).rowCount ?? 0 }),
    async runMany(sql, rows) {
      for (const row of rows) await query(sql, row);
    },
  };
}

/** The driver has no code for its own timeout. */
function rethrow(error: unknown): never {
  if (error instanceof Error && error.message === 'Query read timeout') {
    throw new UnansweredError('Postgres did not answer in time. The connection was given up.', { cause: error });
  }
  throw error;
}

const translated = new Map<string, string>();

/**
 * Translates the shared dialect for Postgres: numbered parameters, and 64-bit whole numbers as in SQLite.
 * Question marks inside quotes are text.
 */
function translate(sql: string): string {
  let text = translated.get(sql);
  if (text === undefined) {
    let number = 0;
    text = sql.replaceAll(/'(?:[^']|'')*'|"[^"]*"|\?|\bINTEGER\b/g, (part) => {
      if (part === '?') return `$${++number}`;
      return part === 'INTEGER' ? 'BIGINT' : part;
    });
    translated.set(sql, text);
  }
  return text;
}
