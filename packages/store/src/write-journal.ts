import type { Database } from './database.ts';

/** What is known of one write that somebody asked for under an idempotency key. */
export interface JournalEntry {
  /** Fingerprint of the arguments, so that one key is never used for two different writes. */
  fingerprint: string;
  state: 'started' | 'finished';
  /** The answer that was given, as JSON text, once finished. */
  answer: string | null;
  startedAt: string;
}

/**
 * The intents of writes to other people's systems, durable before their effect. An entry that stays `started` is a write
 * whose outcome nobody knows: it is never repeated by this project.
 */
export interface WriteJournal {
  /** Records the intent and returns `undefined`, or returns the entry that is already there under this owner and key. */
  begin(owner: string, key: string, fingerprint: string, at: string): Promise<JournalEntry | undefined>;
  find(owner: string, key: string): Promise<JournalEntry | undefined>;
  /** Stores the answer of a write that is known to have ended. */
  finish(owner: string, key: string, answer: string, at: string): Promise<void>;
  /** Forgets an intent that is known to have had no effect, so that the key may be used again. */
  withdraw(owner: string, key: string): Promise<void>;
}

const FIND = 'SELECT fingerprint, state, answer, started_at AS "startedAt" FROM write_journal WHERE owner = ? AND key = ?';

export async function createWriteJournal(database: Database): Promise<WriteJournal> {
  await database.migrate('write-journal', [
    {
      name: '001-entries',
      sql: [
        `CREATE TABLE write_journal (
          owner TEXT NOT NULL, key TEXT NOT NULL, fingerprint TEXT NOT NULL, state TEXT NOT NULL, answer TEXT,
          started_at TEXT NOT NULL, finished_at TEXT, PRIMARY KEY (owner, key))`,
      ],
    },
  ]);
  return {
    begin(owner, key, fingerprint, at) {
      return database.transaction(async (statements) => {
        const present = await statements.get<JournalEntry>(FIND, [owner, key]);
        if (present) return present;
        await statements.run(`INSERT INTO write_journal (owner, key, fingerprint, state, started_at) VALUES (?, ?, ?, 'started', ?)`, [
          owner,
          key,
          fingerprint,
          at,
        ]);
        return undefined;
      });
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
