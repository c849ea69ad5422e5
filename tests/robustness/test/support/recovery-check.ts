import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { temporaryFolder } from '@fairway-mcp/testing';
import { expect } from 'vitest';
import { databaseOf, readAuditTrail } from './audit-trail.ts';
import type { TargetProcess } from './target-process.ts';

/** The trace ids of all calls that were sent to processes of one state folder, and of those that were answered. */
export class CallRecord {
  readonly #sent = new Set<string>();
  readonly #answered = new Set<string>();

  add({ sent, answered }: TargetProcess): void {
    for (const { traceId } of sent) this.#sent.add(traceId);
    for (const { traceId } of answered) this.#answered.add(traceId);
  }

  /** Every answered call has an audit row, no call has two, and no row belongs to a call that was not sent. */
  compareWith(recorded: readonly string[]): void {
    const rows = new Set(recorded);
    expect(rows.size).toBe(recorded.length);
    expect([...this.#answered].filter((traceId) => !rows.has(traceId))).toEqual([]);
    expect(recorded.filter((traceId) => !this.#sent.has(traceId))).toEqual([]);
  }
}

/** What the write journal knows of each idempotency key. */
export type Journal = ReadonlyMap<string, 'started' | 'finished'>;

/**
 * Checks the state that a killed process has left against the calls that were sent to it. Works on a copy, so that the next process
 * recovers from the original.
 */
export async function checkState(stateDir: string, calls: CallRecord): Promise<Journal> {
  const copy = temporaryFolder();
  for (const name of fs.readdirSync(stateDir).filter((file) => file.startsWith('fairway.db'))) {
    fs.copyFileSync(path.join(stateDir, name), path.join(copy, name));
  }
  const journal = readJournal(databaseOf(copy));
  calls.compareWith((await readAuditTrail(copy)).map((row) => row.trace_id));
  fs.rmSync(copy, { recursive: true });
  return journal;
}

function readJournal(file: string): Journal {
  const database = new DatabaseSync(file);
  try {
    expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
    const exists = database.prepare(`SELECT 1 FROM sqlite_master WHERE name = 'write_journal'`).get() !== undefined;
    const rows = exists ? database.prepare('SELECT key, state FROM write_journal').all() : [];
    return new Map(rows.map(({ key, state }) => [String(key), state === 'finished' ? 'finished' : 'started']));
  } finally {
    database.close();
  }
}
