/**
 * The port behind which durable state lives. SQL is written once, in the dialect that SQLite and Postgres share: `?` for
 * parameters, INTEGER for 64-bit whole numbers, DOUBLE PRECISION, TEXT; adapters translate what differs.
 */
export type SqlValue = string | number | null;

/** What can be asked of a database, inside a transaction or outside of one. */
export interface Statements {
  all<Row>(sql: string, parameters?: readonly SqlValue[]): Promise<Row[]>;
  get<Row>(sql: string, parameters?: readonly SqlValue[]): Promise<Row | undefined>;
  run(sql: string, parameters?: readonly SqlValue[]): Promise<{ changes: number }>;
  /** One statement for many rows of parameters, in order. */
  runMany(sql: string, rows: readonly (readonly SqlValue[])[]): Promise<void>;
}

export interface Database extends Statements {
  /** A short name for health reports: `sqlite` or `postgres`. */
  readonly kind: string;
  /**
   * All of `work` or none of it. Transactions of one process and of several on the same data run one after the other,
   * so `work` must be short and must not wait for a network.
   */
  transaction<T>(work: (statements: Statements) => Promise<T>): Promise<T>;
  /**
   * Brings the tables of one owner (a package, a server) up to date: each step runs once, ever, in order.
   * @throws when a step that has run before is no longer in the list under the same name: the data is of a newer version.
   */
  migrate(owner: string, steps: readonly MigrationStep[]): Promise<void>;
  /** Resolves when something could be read and durably written; rejects with the reason when not. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface MigrationStep {
  /** Unique within the owner and never changed once released, e.g. `001-snapshots`. */
  name: string;
  sql: readonly string[];
}
