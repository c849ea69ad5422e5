import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApiKeyTable } from './api-key-table.ts';
import { createAuditLog } from './audit-log.ts';
import type { Database } from './database.ts';
import { createTaskTable, type TaskRow } from './task-table.ts';
import { createWriteJournal } from './write-journal.ts';

/** What the tables must do on every database. Call it inside a `describe` with a function that opens an empty one. */
export function tablesContract(open: () => Promise<Database>): void {
  let database: Database;

  beforeEach(async () => {
    database = await open();
  });

  afterEach(() => database.close());

  describe('audit log', () => {
    const row = (sequence: number) => ({ sequence, previous: `p${sequence}`, hash: `h${sequence}`, body: '{}' });

    it("passes the last row's sequence and hash to each append", async () => {
      const log = await createAuditLog(database);
      await log.append((last) => {
        expect(last).toBeUndefined();
        return [row(1), row(2)];
      });
      await log.append((last) => {
        expect(last).toEqual({ sequence: 2, hash: 'h2' });
        return [row(3)];
      });
      expect(await log.read(1, 10)).toEqual([row(2), row(3)]);
      expect(await log.head()).toEqual({ sequence: 3, hash: 'h3' });
    });

    it('keeps one order over committed and flushed rows that are appended at the same time', async () => {
      const log = await createAuditLog(database);
      const appends = Array.from({ length: 20 }, (_, index) =>
        log.append((last) => [row((last?.sequence ?? 0) + 1)], { durability: index % 2 === 0 ? 'committed' : 'flushed' }),
      );
      await Promise.all(appends);
      expect((await log.read(0, 100)).map(({ sequence }) => sequence)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
      expect(await log.head()).toEqual({ sequence: 20, hash: 'h20' });
    });

    it('stores all rows of an append or none', async () => {
      const log = await createAuditLog(database);
      await expect(log.append(() => [row(1), row(1)])).rejects.toThrow();
      expect(await log.read(0, 10)).toEqual([]);
      expect(await log.head()).toBeUndefined();
    });
  });

  describe('API keys', () => {
    const key = (id: string, expiresAt: string | null = null) => ({
      id,
      name: 'ci',
      secretHash: 'x',
      scopes: 'a:read',
      createdAt: '2026-01-01T00:00:00.000Z',
      expiresAt,
      revokedAt: null,
    });

    it('limits how many keys of one name are active, not counting expired and revoked ones', async () => {
      const keys = await createApiKeyTable(database);
      expect(await keys.add(key('a'), 2)).toBe(true);
      expect(await keys.add(key('b', '2025-12-31T00:00:00.000Z'), 2)).toBe(true);
      expect(await keys.add(key('c'), 2)).toBe(true);
      expect(await keys.add(key('d'), 2)).toBe(false);
      expect(await keys.revoke('a', '2026-01-02T00:00:00.000Z')).toBe(true);
      expect(await keys.add(key('d'), 2)).toBe(true);
      expect((await keys.list()).map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
    });

    it('keeps the time of the first revocation, and revokes no unknown key', async () => {
      const keys = await createApiKeyTable(database);
      await keys.add(key('a'), 2);
      await keys.revoke('a', '2026-01-02T00:00:00.000Z');
      await keys.revoke('a', '2026-01-03T00:00:00.000Z');
      expect((await keys.find('a'))?.revokedAt).toBe('2026-01-02T00:00:00.000Z');
      expect(await keys.revoke('missing', '2026-01-03T00:00:00.000Z')).toBe(false);
      expect(await keys.find('missing')).toBeUndefined();
    });
  });

  describe('tasks', () => {
    const task = (id: string, leaseUntil: number): TaskRow => ({
      id,
      server: 'notes',
      owner: 'local',
      principal: '{}',
      capabilities: '{}',
      tool: 'wait',
      arguments: '{}',
      status: 'working',
      statusMessage: null,
      answer: null,
      questions: '{}',
      responses: '{}',
      createdAt: '2026-01-01T00:00:00.000Z',
      updatedAt: '2026-01-01T00:00:00.000Z',
      expiresAt: 10_000_000_000_000,
      leaseUntil,
      reclaims: 0,
    });

    it('end exactly once, whichever of several concurrent ends comes first', async () => {
      const tasks = await createTaskTable(database);
      await tasks.create(task('a', 0));
      expect(await tasks.find('a')).toEqual(task('a', 0));
      await tasks.setStatusMessage('a', 'half way', 't1');
      const ends = [
        { status: 'cancelled', answer: null, at: 't2' },
        { status: 'completed', answer: '{"done":1}', at: 't3' },
        { status: 'failed', answer: '{"error":1}', at: 't4' },
      ] as const;
      const results = await Promise.all(ends.map(({ status, answer, at }) => tasks.end('a', status, answer, at)));
      const winners = ends.filter((_, index) => results[index]);
      expect(winners).toHaveLength(1);
      const ended = { status: winners[0]?.status, answer: winners[0]?.answer, statusMessage: 'half way', updatedAt: winners[0]?.at };
      expect(await tasks.find('a')).toMatchObject(ended);
      expect(await tasks.end('a', 'completed', '{"late":1}', 't5')).toBe(false);
      expect(await tasks.renewLease('a', 99)).toBe(false);
      expect(await tasks.find('a')).toMatchObject({ ...ended, leaseUntil: 0 });
    });

    it('are reclaimed by exactly one process once their lease has run out', async () => {
      const tasks = await createTaskTable(database);
      await tasks.create(task('left', 1000));
      await tasks.create(task('busy', 9000));
      await tasks.create({ ...task('other', 1000), server: 'other' });
      const reclaimed = await Promise.all(Array.from({ length: 4 }, () => tasks.reclaimOrphaned('notes', 5000, 9000)));
      expect(reclaimed.flat().map(({ id }) => id)).toEqual(['left']);
      expect(await tasks.reclaimOrphaned('notes', 9500, 20_000)).toHaveLength(2);
      expect((await tasks.find('left'))?.reclaims).toBe(2);
    });

    it('wait until every question is answered, and ignore answers to questions that were not asked', async () => {
      const tasks = await createTaskTable(database);
      await tasks.create(task('a', 0));
      await Promise.all([tasks.addQuestion('a', 'x', { n: 1 }, 't1'), tasks.addQuestion('a', 'y', { n: 2 }, 't1')]);
      expect(await questionsOf('a')).toEqual(['input_required', { x: { n: 1 }, y: { n: 2 } }, {}]);
      await tasks.addResponses('a', { x: 'yes', z: 'unasked', constructor: 1 }, 't2');
      expect(await questionsOf('a')).toEqual(['input_required', { y: { n: 2 } }, { x: 'yes' }]);
      await tasks.addResponses('a', { x: 'no', y: 'yes' }, 't3');
      expect(await questionsOf('a')).toEqual(['working', {}, { x: 'yes', y: 'yes' }]);
      await tasks.end('a', 'completed', '{}', 't4');
      await tasks.addQuestion('a', 'late', {}, 't5');
      expect(await questionsOf('a')).toEqual(['completed', {}, { x: 'yes', y: 'yes' }]);

      async function questionsOf(id: string) {
        const row = await tasks.find(id);
        return [row?.status, JSON.parse(row?.questions ?? ''), JSON.parse(row?.responses ?? '')];
      }
    });

    it('lose their open questions when they are reclaimed, because they start again', async () => {
      const tasks = await createTaskTable(database);
      await tasks.create(task('a', 1000));
      await tasks.addQuestion('a', 'x', {}, 't1');
      expect(await tasks.renewLease('a', 1000)).toBe(true);
      expect(await tasks.reclaimOrphaned('notes', 5000, 9000)).toHaveLength(1);
      expect(await tasks.find('a')).toMatchObject({ status: 'working', questions: '{}', leaseUntil: 9000 });
    });

    it('are deleted once they have expired', async () => {
      const tasks = await createTaskTable(database);
      await tasks.create({ ...task('old', 0), expiresAt: 100 });
      await tasks.create(task('new', 0));
      await tasks.deleteExpired('notes', 200);
      expect([await tasks.find('old'), await tasks.find('new')]).toMatchObject([undefined, { id: 'new' }]);
    });
  });

  describe('write journal', () => {
    it('lets exactly one of many concurrent calls begin a write', async () => {
      const journal = await createWriteJournal(database);
      const entries = await Promise.all(Array.from({ length: 10 }, () => journal.begin('alice', 'k', 'f', '2026-01-01T00:00:00.000Z')));
      expect(entries.filter((entry) => entry === undefined)).toHaveLength(1);
      expect(entries.find((entry) => entry !== undefined)).toEqual({
        fingerprint: 'f',
        state: 'started',
        answer: null,
        startedAt: '2026-01-01T00:00:00.000Z',
        leaseUntil: 0,
      });
    });

    it('keeps the answer of a finished write and deletes a withdrawn one', async () => {
      const journal = await createWriteJournal(database);
      await journal.begin('alice', 'done', 'f', 't');
      await journal.finish('alice', 'done', '{"ok":1}', 't');
      await journal.withdraw('alice', 'done');
      expect(await journal.find('alice', 'done')).toMatchObject({ state: 'finished', answer: '{"ok":1}' });
      await journal.begin('alice', 'undone', 'f', 't');
      await journal.withdraw('alice', 'undone');
      expect(await journal.find('alice', 'undone')).toBeUndefined();
    });

    it('remembers until when a process works on a write', async () => {
      const journal = await createWriteJournal(database);
      await journal.begin('alice', 'k', 'f', 't', 2_000_000_000_000);
      expect(await journal.find('alice', 'k')).toMatchObject({ state: 'started', leaseUntil: 2_000_000_000_000 });
      await journal.lease('alice', 'k', 0);
      expect(await journal.find('alice', 'k')).toMatchObject({ state: 'started', leaseUntil: 0 });
    });

    it('keeps the same key of two owners apart', async () => {
      const journal = await createWriteJournal(database);
      await journal.begin('alice', 'k', 'f', 't');
      expect(await journal.begin('bob', 'k', 'f', 't')).toBeUndefined();
    });
  });
}
