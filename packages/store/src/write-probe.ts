import type { Statements } from './database.ts';

/**
 * Writes one small row, to see that it can be done: a disk that is full or read-only, or a Postgres that only answers, takes reads
 * as ever. Run it inside one transaction.
 */
export async function probeWrite(statements: Statements): Promise<void> {
  await statements.run('CREATE TABLE IF NOT EXISTS fairway_write_probe (one INTEGER PRIMARY KEY, at TEXT NOT NULL)');
  await statements.run('INSERT INTO fairway_write_probe (one, at) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET at = excluded.at', [
    new Date().toISOString(),
  ]);
}
