import type { MigrationStep, Statements } from './database.ts';

const CREATE_TABLE = `CREATE TABLE IF NOT EXISTS fairway_migrations (
  owner TEXT NOT NULL, name TEXT NOT NULL, applied_at TEXT NOT NULL, PRIMARY KEY (owner, name))`;

/** Runs the steps that have not run yet. All databases share it; run it inside a transaction. */
export async function applyMigrations(statements: Statements, owner: string, steps: readonly MigrationStep[]): Promise<void> {
  await statements.run(CREATE_TABLE);
  const rows = await statements.all<{ name: string }>('SELECT name FROM fairway_migrations WHERE owner = ?', [owner]);
  const applied = new Set(rows.map((row) => row.name));
  const known = new Set(steps.map((step) => step.name));
  const foreign = [...applied].filter((name) => !known.has(name));
  if (foreign.length > 0) {
    throw new Error(
      `The stored data of "${owner}" was written by a newer version (it contains ${foreign.join(', ')}). Upgrade this server, or point it at other data.`,
    );
  }
  for (const step of steps) {
    if (applied.has(step.name)) continue;
    for (const sql of step.sql) await statements.run(sql);
    await statements.run('INSERT INTO fairway_migrations (owner, name, applied_at) VALUES (?, ?, ?)', [
      owner,
      step.name,
      new Date().toISOString(),
    ]);
  }
}
