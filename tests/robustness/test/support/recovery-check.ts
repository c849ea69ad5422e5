import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { temporaryFolder } from '@fairway-mcp/testing';
import { expect } from 'vitest';
import { databaseOf, readAuditTrail } from './audit-trail.ts';
import type { Victim } from './target-process.ts';

/** The trace ids of the calls that were sent to the victims of one state folder, and of those that were answered. */
export class Account {
  readonly #sent = new Set<string>();
  readonly #answered = new Set<string>();

  add({ sent, answered }: Victim): void {
    for (const { traceId } of sent) this.#sent.add(traceId);
    for (const { traceId } of answered) this.#answered.add(traceId);
  }

  /** Every call that was answered has its row, no call has two, and there are no rows of calls that nobody made. */
  settle(recorded: readonly string[]): void {
    const rows = new Set(recorded);
    expect(rows.size).toBe(recorded.length);
    expect([...this.#answered].filter((traceId) => !rows.has(traceId))).toEqual([]);
    expect(recorded.filter((traceId) => !this.#sent.has(traceId))).toEqual([]);
  }
}

/** What the write journal knows of each idempotency key. */
export type Journal = ReadonlyMap<string, 'started' | 'finished'>;

/**
 * Looks at the state as the dead left it, in a copy: the original stays as it is for the next victim to recover. Holds it
 * against what was promised to the callers.
 */
export async function examineState(stateDir: string, account: Account): Promise<Journal> {
  const copy = temporaryFolder();
  for (const name of fs.readdirSync(stateDir).filter((file) => file.startsWith('fairway.db'))) {
    fs.copyFileSync(path.join(stateDir, name), path.join(copy, name));
  }
  const journal = soundJournal(databaseOf(copy));
  account.settle((await readAuditTrail(copy)).map((row) => row.trace_id));
  fs.rmSync(copy, { recursive: true });
  return journal;
}

function soundJournal(file: string): Journal {
  const database = new DatabaseSync(file);
  try {
    expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
    const isThere = database.prepare(`SELECT 1 FROM sqlite_master WHERE name = 'write_journal'`).get() !== undefined;
    const rows = isThere ? database.prepare('SELECT key, state FROM write_journal').all() : [];
    return new Map(rows.map(({ key, state }) => [String(key), state === 'finished' ? 'finished' : 'started']));
  } finally {
    database.close();
  }
}
