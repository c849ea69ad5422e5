import type { Database } from './database.ts';

/** The state of one write that was requested under an idempotency key. */
export interface JournalEntry {
  /** Fingerprint of the arguments, which detects a key that is reused for another write. */
  fingerprint: string;
  state: 'started' | 'finished';
  /** The write's answer as JSON text; null until it has finished. */
  answer: string | null;
  startedAt: string;
  /** Until then, in milliseconds since the epoch, a process works on a started write. */
  leaseUntil: number;
}

/**
 * The intents of writes to other systems, flushed to disk before their effect. An entry that stays `started` is a write with an
 * unknown outcome once its lease has expired: the server never repeats it.
 */
export interface WriteJournal {
  /** Records the intent and returns `undefined`, or returns the entry that already exists under this owner and key. */
  begin(owner: string, key: string, fingerprint: string, at: string, leaseUntil?: number): Promise<JournalEntry | undefined>;
  /** Extends the lease of a started write, or ends it with 0. */
  lease(owner: string, key: string, leaseUntil: number): Promise<void>;
  find(owner: string, key: string): Promise<JournalEntry | undefined>;
  /** Stores the answer of a write that has finished. */
  finish(owner: string, key: string, answer: string, at: string): Promise<void>;
  /** Deletes an intent that certainly had no effect, so that the key can be used again. */
  withdraw(owner: string, key: string): Promise<void>;
}

const FIND =
  'SELECT fingerprint, state, answer, started_at AS "startedAt", lease_until AS "leaseUntil" FROM write_journal WHERE owner = ? AND key = ?';

const MIGRATIONS = [
  {
    name: '001-entries',
    sql: [
      `CREATE TABLE write_journal (
        owner TEXT NOT NULL, key TEXT NOT NULL, fingerprint TEXT NOT NULL, state TEXT NOT NULL, answer TEXT,
        started_at TEXT NOT NULL, finished_at TEXT, PRIMARY KEY (owner, key))`,
    ],
  },
  { name: '002-leases', sql: ['ALTER TABLE write_journal ADD COLUMN lease_until BIGINT NOT NULL DEFAULT 0'] },
];

export async function createWriteJournal(database: Database): Promise<WriteJournal> {
  await database.migrate('write-journal', MIGRATIONS);
  return {
    begin(owner, key, fingerprint, at, leaseUntil = 0) {
      return database.transaction(async (statements) => {
        const existing = await statements.get<JournalEntry>(FIND, [owner, key]);
        if (existing) return existing;
        await statements.run(
          `INSERT INTO write_journal (owner, key, fingerprint, state, started_at, lease_until) VALUES (?, ?, ?, 'started', ?, ?)`,
          [owner, key, fingerprint, at, leaseUntil],
        );
        return undefined;
      });
    },
    async lease(owner, key, leaseUntil) {
      await database.run(`UPDATE write_journal SET lease_until = ? WHERE owner = ? AND key = ? AND state = 'started'`, [
        leaseUntil,
        owner,
        key,
      ]);
    },
    find: (owner, key) => database.get<JournalEntry>(FIND, [owner, key]),
    async finish(owner, key, answer, at) {
      await database.run(`UPDATE write_journal SET state = 'finished', answer = ?, finished_at = ? WHERE owner = ? AND key = ?`, [
        answer,
        at,
        owner,
        key,
      ]);
    },
    async withdraw(owner, key) {
      await database.run(`DELETE FROM write_journal WHERE owner = ? AND key = ? AND state = 'started'`, [owner, key]);
    },
  };
}
