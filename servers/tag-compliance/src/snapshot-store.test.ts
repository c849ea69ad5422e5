import { type Database, openPostgres, openSqlite } from '@fairway-mcp/store';
import { describe, expect, it, onTestFinished } from 'vitest';
import { emptySchema, hasPostgres } from '../test/support/shared-state.ts';
import type { Snapshot } from './compliance/snapshot.ts';
import { createSnapshotStore } from './snapshot-store.ts';

/** A schema that is gone when the test has ended. */
async function emptyPostgres(): Promise<Database> {
  const database = await openPostgres({ url: await emptySchema() });
  onTestFinished(() => database.close());
  return database;
}

async function emptySqlite(): Promise<Database> {
  const database = openSqlite({ file: ':memory:' });
  onTestFinished(() => database.close());
  return database;
}

const SCOPE = 'types=* regions=* accounts=* severity=all';
const REAL = 'aws accounts=111122223333 regions=*';

function snapshot(taken_at: string, score: number, parts: Partial<Snapshot> = {}): Snapshot {
  const counts = { resources: 10, in_scope: 10, compliant: score * 10, non_compliant: 10 - score * 10 };
  const rest = { violations: {}, is_complete: true, policy_version: '1 (aaaa)' };
  return { taken_at, scope: SCOPE, score, ...counts, ...rest, ...parts };
}

const stores = [
  ['SQLite', emptySqlite, true],
  [hasPostgres ? 'Postgres' : 'Postgres (skipped: no server at DATABASE_URL or its default)', emptyPostgres, hasPostgres],
] as const;

for (const [title, open, isThere] of stores) {
  describe.skipIf(!isThere)(`snapshots in ${title}`, () => {
    const scores = (list: readonly Snapshot[]) => list.map(({ score }) => score);

    it('of different inventories are independent', async () => {
      const store = await createSnapshotStore(await open());
      const inventories = [REAL, 'aws accounts=111122223333,222233334444 regions=*', 'sample seed=1 size=2000', 'sample seed=2 size=2000'];
      for (const [index, inventory] of inventories.entries())
        expect(await store.add({ inventory, id: 'same' }, snapshot('2026-03-01T00:00:00.000Z', index / 10))).toBe(true);
      for (const [index, inventory] of inventories.entries()) {
        expect(scores(await store.since(inventory, '2026-01-01'))).toEqual([index / 10]);
        expect(await store.before({ inventory, id: 'other' }, snapshot('', 0))).toMatchObject({ score: index / 10 });
      }
    });

    it('are returned from an instant on, the oldest first', async () => {
      const store = await createSnapshotStore(await open());
      for (const [id, day] of [
        ['b', '03'],
        ['a', '01'],
        ['c', '05'],
      ] as const)
        await store.add({ inventory: REAL, id }, snapshot(`2026-03-${day}T00:00:00.000Z`, Number(day) / 10));
      expect(scores(await store.since(REAL, '2026-03-02'))).toEqual([0.3, 0.5]);
    });

    it('of an unchanged scan are stored once a day, and again after another scan', async () => {
      const store = await createSnapshotStore(await open());
      const add = (id: string, taken_at: string, parts: Partial<Snapshot> = {}) =>
        store.add({ inventory: REAL, id }, snapshot(taken_at, id === 'a' ? 0.1 : 0.2, parts));
      expect(await add('a', '2026-03-01T08:00:00.000Z')).toBe(true);
      expect(await add('a', '2026-03-01T09:00:00.000Z')).toBe(false);
      expect(await add('a', '2026-03-01T09:00:00.000Z', { scope: 'types=s3:bucket' })).toBe(true);
      expect(await add('a', '2026-03-01T09:00:00.000Z', { policy_version: '2 (bbbb)' })).toBe(true);
      expect(await add('b', '2026-03-01T10:00:00.000Z')).toBe(true);
      expect(await add('a', '2026-03-01T11:00:00.000Z')).toBe(true);
      expect(await add('a', '2026-03-02T08:00:00.000Z')).toBe(true);
      const kept = (await store.since(REAL, '2026-03-01')).filter((one) => one.scope === SCOPE && one.policy_version === '1 (aaaa)');
      expect(scores(kept)).toEqual([0.1, 0.2, 0.1, 0.1]);
    });

    it('of a partial scan never follow a complete one of the same day, and those of an interrupted scan follow none', async () => {
      const store = await createSnapshotStore(await open());
      const add = (time: string, is_complete: boolean, isInterrupted = false) =>
        store.add({ inventory: REAL, id: time, isInterrupted }, snapshot(`2026-03-${time}:00:00.000Z`, 0.5, { is_complete }));
      expect(await add('01T06', false, true)).toBe(true);
      expect(await add('01T07', false)).toBe(true);
      expect(await add('01T08', false, true)).toBe(false);
      expect(await add('01T09', true)).toBe(true);
      expect(await add('01T10', false)).toBe(false);
      expect(await add('01T23', true)).toBe(true);
      expect(await add('02T00', false)).toBe(true);
    });

    it('before a scan are of another scan with the same policy and scope', async () => {
      const store = await createSnapshotStore(await open());
      await store.add({ inventory: REAL, id: 'a' }, snapshot('2026-03-01T00:00:00.000Z', 0.1));
      await store.add({ inventory: REAL, id: 'b' }, snapshot('2026-03-02T00:00:00.000Z', 0.2));
      await store.add({ inventory: REAL, id: 'c' }, snapshot('2026-03-03T00:00:00.000Z', 0.3, { policy_version: '2 (bbbb)' }));
      await store.add({ inventory: REAL, id: 'd' }, snapshot('2026-03-04T00:00:00.000Z', 0.4, { scope: 'types=s3:bucket' }));
      expect((await store.before({ inventory: REAL, id: 'b' }, snapshot('', 0)))?.score).toBe(0.1);
      expect((await store.before({ inventory: REAL, id: 'new' }, snapshot('', 0)))?.score).toBe(0.2);
      expect(await store.before({ inventory: REAL, id: 'new' }, snapshot('', 0, { policy_version: '3' }))).toBeUndefined();
    });

    it('of earlier releases are kept: those of a sample are assigned to it, the others are counted', async () => {
      const database = await open();
      await database.migrate('tag-compliance', [
        {
          name: '001-snapshots',
          sql: [
            `CREATE TABLE tag_snapshots (
              scan_id TEXT NOT NULL, scope TEXT NOT NULL, policy_version TEXT NOT NULL, taken_at TEXT NOT NULL, body TEXT NOT NULL,
              PRIMARY KEY (scan_id, scope, policy_version))`,
            'CREATE INDEX tag_snapshots_by_time ON tag_snapshots (taken_at)',
          ],
        },
      ]);
      const old = [
        ['[3,400,"2026-11-01T00:00:00.000Z",[],[],[]]', snapshot('2026-03-01T00:00:00.000Z', 0.3)],
        ['[1,2000,"2026-11-01T00:00:00.000Z",["s3:bucket"],[],[]]', snapshot('2026-03-02T00:00:00.000Z', 0.1)],
        ['k0Y3bWmVq1x5', snapshot('2026-03-03T00:00:00.000Z', 0.9)],
      ] as const;
      await database.runMany(
        'INSERT INTO tag_snapshots (scan_id, scope, policy_version, taken_at, body) VALUES (?, ?, ?, ?, ?)',
        // These rows also have the null of earlier releases in place of a score that is absent.
        old.map(([id, body]) => [id, body.scope, body.policy_version, body.taken_at, JSON.stringify({ ...body, cost_score: null })]),
      );
      for (let start = 0; start < 2; start += 1) {
        const store = await createSnapshotStore(database);
        expect(scores(await store.since('sample seed=3 size=400', '2026-01-01'))).toEqual([0.3]);
        expect(scores(await store.since('sample seed=1 size=2000', '2026-01-01'))).toEqual([0.1]);
        expect(await store.since(REAL, '2026-01-01')).toEqual([]);
        expect(await store.countUnknown('2026-01-01')).toBe(1);
        expect(await store.countUnknown('2026-03-04')).toBe(0);
      }
    });
  });
}
