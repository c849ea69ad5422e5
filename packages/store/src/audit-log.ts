import type { Database, TransactionOptions } from './database.ts';

/** An audit row as it is stored: `body` is the canonical text that `hash` was computed from, together with `previous`. */
export interface StoredAuditRow {
  sequence: number;
  previous: string;
  hash: string;
  body: string;
}

/** Stores audit rows. What is hashed, and how, is decided by the caller. */
export interface AuditLog {
  /**
   * Appends rows after the last one. `link` receives the last row's sequence and hash while no other process can append,
   * and returns the rows to store. Flushes them before it resolves, unless `durability` is `committed`.
   */
  append(link: (last: { sequence: number; hash: string } | undefined) => StoredAuditRow[], options?: TransactionOptions): Promise<void>;
  /** Up to `limit` rows in order, starting after the sequence `after`. */
  read(after: number, limit: number): Promise<StoredAuditRow[]>;
  /** How many rows have a number below 1, the first one of a trail. */
  countBelowFirst(): Promise<number>;
  /** Sequence and hash of the last appended row, stored apart from the rows so that a missing tail is noticed. */
  head(): Promise<{ sequence: number; hash: string } | undefined>;
}

const HEAD = 'SELECT sequence, hash FROM audit_head WHERE one = 1';

export async function createAuditLog(database: Database): Promise<AuditLog> {
  await database.migrate('audit', [
    {
      name: '001-rows',
      sql: [
        `CREATE TABLE audit_rows (
          sequence INTEGER PRIMARY KEY, previous TEXT NOT NULL, hash TEXT NOT NULL, body TEXT NOT NULL)`,
        'CREATE TABLE audit_head (one INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, hash TEXT NOT NULL)',
      ],
    },
  ]);
  return {
    append(link, options) {
      return database.transaction(async (statements) => {
        const rows = link(await statements.get(HEAD));
        const last = rows.at(-1);
        if (last === undefined) return;
        await statements.runMany(
          'INSERT INTO audit_rows (sequence, previous, hash, body) VALUES (?, ?, ?, ?)',
          rows.map((row) => [row.sequence, row.previous, row.hash, row.body]),
        );
        await statements.run(
          `INSERT INTO audit_head (one, sequence, hash) VALUES (1, ?, ?)
           ON CONFLICT (one) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash`,
          [last.sequence, last.hash],
        );
      }, options);
    },
    read(after, limit) {
      return database.all<StoredAuditRow>(
        'SELECT sequence, previous, hash, body FROM audit_rows WHERE sequence > ? ORDER BY sequence LIMIT ?',
        [after, limit],
      );
    },
    async countBelowFirst() {
      const row = await database.get<{ count: number }>('SELECT COUNT(*) AS count FROM audit_rows WHERE sequence < 1');
      return Number(row?.count ?? 0);
    },
    head: () => database.get(HEAD),
  };
}
