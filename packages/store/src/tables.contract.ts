import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApiKeyTable } from './api-key-table.ts';
import { createAuditLog } from './audit-log.ts';
import type { Database } from './database.ts';
import { createWriteJournal } from './write-journal.ts';

/** What the tables promise, on whichever database. Call it inside a `describe` with a function that opens an empty one. */
export function tablesContract(open: () => Promise<Database>): void {
  let database: Database;

  beforeEach(async () => {
    database = await open();
  });

  afterEach(() => database.close());

  describe('audit log', () => {
    const row = (sequence: number) => ({ sequence, previous: `p${sequence}`, hash: `h${sequence}`, body: '{}' });

    it('tells each append what the last row was', async () => {
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

    it('lets only so many of one name be active', async () => {
      const keys = await createApiKeyTable(database);
      expect(await keys.add(key('a'), 2)).toBe(true);
      expect(await keys.add(key('b', '2025-12-31T00:00:00.000Z'), 2)).toBe(true);
      expect(await keys.add(key('c'), 2)).toBe(true);
      expect(await keys.add(key('d'), 2)).toBe(false);
      expect(await keys.revoke('a', '2026-01-02T00:00:00.000Z')).toBe(true);
      expect(await keys.add(key('d'), 2)).toBe(true);
      expect((await keys.list()).map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
    });

    it('keeps the time of the first revocation', async () => {
      const keys = await createApiKeyTable(database);
      await keys.add(key('a'), 2);
      await keys.revoke('a', '2026-01-02T00:00:00.000Z');
      await keys.revoke('a', '2026-01-03T00:00:00.000Z');
      expect((await keys.find('a'))?.revokedAt).toBe('2026-01-02T00:00:00.000Z');
      expect(await keys.revoke('nobody', '2026-01-03T00:00:00.000Z')).toBe(false);
      expect(await keys.find('nobody')).toBeUndefined();
    });
  });

  describe('write journal', () => {
    it('lets one of many begin a write', async () => {
      const journal = await createWriteJournal(database);
      const begun = await Promise.all(Array.from({ length: 10 }, () => journal.begin('me', 'k', 'f', '2026-01-01T00:00:00.000Z')));
      expect(begun.filter((present) => present === undefined)).toHaveLength(1);
      expect(begun.find((present) => present !== undefined)).toEqual({
        fingerprint: 'f',
        state: 'started',
        answer: null,
        startedAt: '2026-01-01T00:00:00.000Z',
      });
    });

    it('remembers the answer of a finished write, and forgets a withdrawn one', async () => {
      const journal = await createWriteJournal(database);
      await journal.begin('me', 'done', 'f', 't');
      await journal.finish('me', 'done', '{"ok":1}', 't');
      await journal.withdraw('me', 'done');
      expect(await journal.find('me', 'done')).toMatchObject({ state: 'finished', answer: '{"ok":1}' });
      await journal.begin('me', 'undone', 'f', 't');
      await journal.withdraw('me', 'undone');
      expect(await journal.find('me', 'undone')).toBeUndefined();
    });

    it('keeps owners apart', async () => {
      const journal = await createWriteJournal(database);
      await journal.begin('me', 'k', 'f', 't');
      expect(await journal.begin('you', 'k', 'f', 't')).toBeUndefined();
    });
  });
}
