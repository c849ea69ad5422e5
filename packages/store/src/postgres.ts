import type { Pool, PoolClient, QueryResultRow } from 'pg';
import type { Database, MigrationStep, SqlValue, Statements } from './database.ts';
import { applyMigrations } from './migrations.ts';
import { probeWrite } from './write-probe.ts';

export interface PostgresOptions {
  /** `postgres://user:password@host:5432/database`. Tables go into the first schema of the search path. */
  url: string;
  /** Told of connections that broke while nobody used them. */
  onFault?: (error: unknown) => void;
}

const CONNECT_PATIENCE_MS = 5_000;
const STATEMENT_PATIENCE_MS = 30_000;
const MAX_CONNECTIONS = 10;
/** All writers of this project's tables queue on this advisory lock; any number would do, as long as it stays the same. */
const WRITERS_LOCK = 7_421_180_011;
/** Postgres' type number of BIGINT, which the driver gives as text unless told otherwise. */
const BIGINT = 20;

/**
 * A database on a Postgres server, for state that several processes share. Nothing is connected before the first statement.
 * @throws (later, from the statements) what the server or the network says, without the password.
 */
export async function openPostgres({ url, onFault = () => {} }: PostgresOptions): Promise<Database> {
  // Loaded here, so that those who keep their state in a file never pay for it.
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({
    connectionString: url,
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_PATIENCE_MS,
    statement_timeout: STATEMENT_PATIENCE_MS,
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

/** @returns why the connection cannot be used again, if so. */
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
 * The shared dialect as Postgres takes it: numbered parameters, and 64 bits for whole numbers, as SQLite has them.
 * Question marks inside of quotes are text.
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
