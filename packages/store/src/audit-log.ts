import type { Database } from './database.ts';

/** An audit row as it is stored: `body` is the canonical text that `hash` was computed from, together with `previous`. */
export interface StoredAuditRow {
  sequence: number;
  previous: string;
  hash: string;
  body: string;
}

/** Where audit rows rest. The chain itself (what is hashed, and how) is not this file's business. */
export interface AuditLog {
  /**
   * Appends rows behind the last one. `link` is called with the last row's sequence and hash while no other process can
   * append; what it returns is stored durably before the promise resolves.
   */
  append(link: (last: { sequence: number; hash: string } | undefined) => StoredAuditRow[]): Promise<void>;
  /** Rows in order, `limit` at a time, those behind `after`. */
  read(after: number, limit: number): Promise<StoredAuditRow[]>;
  /** Sequence and hash of the last row that was appended, kept apart from the rows. */
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
    append(link) {
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
      });
    },
    read(after, limit) {
      return database.all<StoredAuditRow>(
        'SELECT sequence, previous, hash, body FROM audit_rows WHERE sequence > ? ORDER BY sequence LIMIT ?',
        [after, limit],
      );
    },
    head: () => database.get(HEAD),
  };
}
