import type { Pool, PoolClient, QueryResultRow } from 'pg';
import type { Database, MigrationStep, SqlValue, Statements } from './database.ts';
import { applyMigrations } from './migrations.ts';
import { probeWrite } from './write-probe.ts';

export interface PostgresOptions {
  /** `postgres://user:password@host:5432/database`. Tables go into the first schema of the search path. */
  url: string;
  /** Called when an idle connection breaks. */
  onFault?: (error: unknown) => void;
}

const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 30_000;
const MAX_CONNECTIONS = 10;
/** The advisory lock that all writing transactions take, so that they run one after the other. The number is arbitrary but must never change. */
const WRITERS_LOCK = 7_421_180_011;
/** Postgres' type number of BIGINT, which the driver returns as text by default. */
const BIGINT = 20;

/**
 * A database on a Postgres server, for state that several processes share. Connects with the first statement, which throws the
 * server's or the network's error, without the password.
 *
 * Every commit is flushed, also where `committed` would do: Postgres bounds the delay of an asynchronous commit only by its own
 * `wal_writer_delay` (three times 200 ms by default), which is the operator's setting and more than the 100 ms promised for reads.
 */
export async function openPostgres({ url, onFault = () => {} }: PostgresOptions): Promise<Database> {
  // Loaded on demand, so that servers on SQLite never pay for it.
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({
    connectionString: url,
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    application_name: 'fairway',
    types: { getTypeParser: (type, format) => (type === BIGINT ? Number : pg.types.getTypeParser(type, format)) },
  });
  pool.on('error', onFault);
  return new PostgresDatabase(pool);
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
    let broken: Error | undefined;
    try {
      await client.query('BEGIN');
      await client.query('SELECT pg_advisory_xact_lock($1)', [WRITERS_LOCK]);
      const result = await work(statementsOn(client));
      await client.query('COMMIT');
      return result;
    } catch (error) {
      broken = await rollBack(client);
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

  close(): Promise<void> {
    return this.#pool.end();
  }
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
  const query = (sql: string, parameters: readonly SqlValue[] = []) => connection.query<QueryResultRow>(translate(sql), [...parameters]);
  return {
    all: async <Row>(sql: string, parameters?: readonly SqlValue[]) => (await query(sql, parameters)).rows as Row[],
    get: async <Row>(sql: string, parameters?: readonly SqlValue[]) => (await query(sql, parameters)).rows[0] as Row | undefined,
    run: async (sql, parameters) => ({ changes: (await query(sql, parameters)).rowCount ?? 0 }),
    async runMany(sql, rows) {
      for (const row of rows) await query(sql, row);
    },
  };
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
