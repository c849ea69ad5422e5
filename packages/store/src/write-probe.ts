import type { Statements } from './database.ts';

/**
 * Writes one small row. A full or read-only disk and a Postgres standby still answer reads, so only a write shows that the database
 * is healthy. Run it inside a transaction.
 */
export async function probeWrite(statements: Statements): Promise<void> {
  await statements.run('CREATE TABLE IF NOT EXISTS fairway_write_probe (one INTEGER PRIMARY KEY, at TEXT NOT NULL)');
  await statements.run('INSERT INTO fairway_write_probe (one, at) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET at = excluded.at', [
    new Date().toISOString(),
  ]);
}
