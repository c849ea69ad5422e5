import type { DuckDBConnection, DuckDBInstance, DuckDBValue } from '@duckdb/node-api';
import { waitAtMost, waitFor } from '@fairway-mcp/async';
import pLimit from 'p-limit';
import type { Cell } from '../sql/rows.ts';
import type { Sql } from '../sql/sql.ts';
import { tooManyRows, toToolError } from './engine-errors.ts';
import type { DuckDb } from './load-duckdb.ts';

export interface EngineOptions {
  /** What tables, groups and sorted rows may take; beyond it they go to the temporary folder. The process itself takes more. */
  memoryMb: number;
  /** Where it may write what does not fit into memory, and how much. */
  tempFolder: string;
  maxTempMb: number;
  /** The only folders that it may read. */
  folders: readonly string[];
}

/** Statements that run at the same time share the memory: more of them only make each other spill. */
const MAX_STATEMENTS = 2;

/** How often a statement is interrupted until it ends: DuckDB forgets an interruption that comes before the statement has begun. */
const INTERRUPT_MS = 50;

/** How long closing waits for statements to end. Interrupted, they end in milliseconds. */
const CLOSE_TIMEOUT_MS = 5_000;

/** Answers of more rows are refused: they would not fit into this process, nor into any answer. */
export const MAX_ROWS = 2_000_000;

/** DuckDB, closed off: no network, no extensions, no file outside of the given folders, a bounded memory, and no way to change that. */
export class Engine {
  readonly #duckDb: DuckDb;
  readonly #instance: DuckDBInstance;
  readonly #limit = pLimit(MAX_STATEMENTS);
  readonly #memoryMb: number;
  /** Statements that wait or run. Callers that have left do not wait for theirs. */
  readonly #unfinished = new Set<Promise<unknown>>();
  /** Interrupts a statement, of each that runs. */
  readonly #interrupts = new Set<() => void>();
  #isClosed = false;

  private constructor(duckDb: DuckDb, instance: DuckDBInstance, memoryMb: number) {
    this.#duckDb = duckDb;
    this.#instance = instance;
    this.#memoryMb = memoryMb;
  }

  static async open(duckDb: DuckDb, { memoryMb, tempFolder, maxTempMb, folders }: EngineOptions): Promise<Engine> {
    const instance = await duckDb.DuckDBInstance.create(':memory:', {
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      allow_community_extensions: 'false',
      memory_limit: `${memoryMb}MB`,
      temp_directory: tempFolder,
      max_temp_directory_size: `${maxTempMb}MB`,
    });
    const connection = await instance.connect();
    const literals = folders.map((folder) => `'${folder.replaceAll("'", "''")}'`).join(', ');
    // Days are UTC days, wherever this runs. Nothing can be set after the last statement.
    for (const setting of [
      "SET GLOBAL TimeZone = 'UTC'",
      `SET GLOBAL allowed_directories = [${literals}]`,
      'SET GLOBAL enable_external_access = false',
      'SET GLOBAL lock_configuration = true',
    ])
      await connection.run(setting);
    connection.closeSync();
    return new Engine(duckDb, instance, memoryMb);
  }

  /** @throws ToolError; the signal's reason, after the statement was interrupted */
  async query(statement: Sql, signal: AbortSignal, maxRows = MAX_ROWS): Promise<Cell[][]> {
    const answer = this.#limit(() => this.#run(statement, signal, maxRows)).finally(() => this.#unfinished.delete(answer));
    this.#unfinished.add(answer);
    return waitFor(answer, { signal });
  }

  /**
   * Interrupts the statements and waits until they have ended: what closes under a running one may end the process. One that does not end in
   * time leaves the engine open.
   */
  async close(timeoutMs = CLOSE_TIMEOUT_MS): Promise<void> {
    this.#isClosed = true;
    for (const interrupt of this.#interrupts) interrupt();
    const ended = await waitAtMost(timeoutMs, Promise.allSettled(this.#unfinished));
    if (ended !== undefined) this.#instance.closeSync();
  }

  async #run({ text, values }: Sql, signal: AbortSignal, maxRows: number): Promise<Cell[][]> {
    this.#throwIfUnwanted(signal);
    const connection = await this.#instance.connect();
    let interrupting: NodeJS.Timeout | undefined;
    const interrupt = () => {
      connection.interrupt();
      interrupting ??= setInterval(interrupt, INTERRUPT_MS);
    };
    this.#interrupts.add(interrupt);
    signal.addEventListener('abort', interrupt, { once: true });
    try {
      this.#throwIfUnwanted(signal);
      return await this.#read(
        connection,
        text,
        values.map((value) => this.#bind(value)),
        maxRows,
      );
    } catch (error) {
      this.#throwIfUnwanted(signal);
      throw toToolError(error, this.#memoryMb);
    } finally {
      signal.removeEventListener('abort', interrupt);
      this.#interrupts.delete(interrupt);
      clearInterval(interrupting);
      connection.closeSync();
    }
  }

  #throwIfUnwanted(signal: AbortSignal): void {
    signal.throwIfAborted();
    if (this.#isClosed) throw new Error('The engine is closed.');
  }

  async #read(connection: DuckDBConnection, text: string, values: DuckDBValue[], maxRows: number): Promise<Cell[][]> {
    const reader = await connection.streamAndReadUntil(text, maxRows + 1, values);
    if (reader.currentRowCount > maxRows) throw tooManyRows(maxRows);
    const columns = reader.getColumns().map((column) => column.map((value) => this.#cell(value)));
    return Array.from({ length: reader.currentRowCount }, (_, row) => columns.map((column) => column[row]));
  }

  #bind(value: string | readonly string[]): DuckDBValue {
    return typeof value === 'string' ? value : this.#duckDb.listValue(value);
  }

  #cell(value: DuckDBValue): Cell {
    if (value === null) return undefined;
    if (typeof value === 'string' || typeof value === 'bigint') return value;
    if (value instanceof this.#duckDb.DuckDBDecimalValue) return value.value;
    return String(value);
  }
}
