/**
 * The port behind which durable state lives. SQL is written once, in the dialect that SQLite and Postgres share: `?` for
 * parameters, INTEGER for 64-bit whole numbers, DOUBLE PRECISION, TEXT; adapters translate what differs.
 */
export type SqlValue = string | number | null;

/** The statements that a database runs, inside a transaction or outside of one. */
export interface Statements {
  all<Row>(sql: string, parameters?: readonly SqlValue[]): Promise<Row[]>;
  get<Row>(sql: string, parameters?: readonly SqlValue[]): Promise<Row | undefined>;
  run(sql: string, parameters?: readonly SqlValue[]): Promise<{ changes: number }>;
  /** One statement for many rows of parameters, in order. */
  runMany(sql: string, rows: readonly (readonly SqlValue[])[]): Promise<void>;
}

/**
 * What a write has survived when its promise resolves. `flushed`: a power failure. `committed`: the death of this process; a power failure
 * can still take it within the next 100 ms.
 */
export type Durability = 'committed' | 'flushed';

export interface TransactionOptions {
  /** `flushed` unless stated. A database may be stricter than `committed` demands: Postgres always flushes. */
  durability?: Durability;
}

export interface Database extends Statements {
  /** A short name for health reports: `sqlite` or `postgres`. */
  readonly kind: string;
  /**
   * Applies all of `work` or nothing. Transactions on the same data run one after the other, also those of several processes,
   * so `work` must be short and must not wait for a network.
   */
  transaction<T>(work: (statements: Statements) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /**
   * Brings the tables of one owner (a package, a server) up to date: each step runs once, in order.
   * @throws Error when a step that has run before is missing from the list: the data was written by a newer version.
   */
  migrate(owner: string, steps: readonly MigrationStep[]): Promise<void>;
  /** Writes and flushes one small row. Rejects with the reason when that fails. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface MigrationStep {
  /** Unique within the owner and never changed once released, e.g. `001-snapshots`. */
  name: string;
  sql: readonly string[];
}
