import type { Database } from '@fairway-mcp/store';
import * as z from 'zod';
import { type Snapshot, snapshotSchema } from './compliance/snapshot.ts';
import { sampleEstate } from './inventory/estate.ts';

/** The history of compliance, as it rests. Different estates have nothing to do with each other. */
export interface SnapshotStore {
  /**
   * Keeps a snapshot. One that shows the same scan as the last one of the same estate, scope, policy and day is nothing new.
   * @param scan.id the same for the same content
   * @returns whether it was kept
   */
  add(scan: { estate: string; id: string }, snapshot: Snapshot): Promise<boolean>;
  /** The last one of the same estate, scope and policy that shows another scan. */
  before(scan: { estate: string; id: string }, snapshot: Pick<Snapshot, 'scope' | 'policy_version'>): Promise<Snapshot | undefined>;
  /** Those of an estate that were taken at the given instant or later, the oldest first. */
  since(estate: string, instant: string): Promise<Snapshot[]>;
  /** How many there are since then that do not say of which estate they are: they are older than the distinction. */
  unplaced(instant: string): Promise<number>;
}

/** The estate of what was kept before estates were told apart and cannot be put down to one. */
const UNPLACED = '';

const STEPS = [
  {
    name: '001-snapshots',
    sql: [
      `CREATE TABLE tag_snapshots (
        scan_id TEXT NOT NULL, scope TEXT NOT NULL, policy_version TEXT NOT NULL, taken_at TEXT NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (scan_id, scope, policy_version))`,
      'CREATE INDEX tag_snapshots_by_time ON tag_snapshots (taken_at)',
    ],
  },
  {
    name: '002-estates',
    sql: [
      `CREATE TABLE compliance_snapshots (
        estate TEXT NOT NULL, scope TEXT NOT NULL, taken_at TEXT NOT NULL, scan_id TEXT NOT NULL, policy_version TEXT NOT NULL,
        body TEXT NOT NULL, PRIMARY KEY (estate, scope, taken_at, scan_id, policy_version))`,
      `INSERT INTO compliance_snapshots (estate, scope, taken_at, scan_id, policy_version, body)
        SELECT '${UNPLACED}', scope, taken_at, scan_id, policy_version, body FROM tag_snapshots`,
      'DROP TABLE tag_snapshots',
      'CREATE INDEX compliance_snapshots_by_time ON compliance_snapshots (estate, taken_at)',
    ],
  },
];

export async function createSnapshotStore(database: Database): Promise<SnapshotStore> {
  await database.migrate('tag-compliance', STEPS);
  await placeSamples(database);
  return {
    add: ({ estate, id }, snapshot) =>
      database.transaction(async (statements) => {
        const { scope, policy_version, taken_at } = snapshot;
        const last = await statements.get<{ scan_id: string; taken_at: string }>(
          `SELECT scan_id, taken_at FROM compliance_snapshots WHERE estate = ? AND scope = ? AND policy_version = ?
           ORDER BY taken_at DESC LIMIT 1`,
          [estate, scope, policy_version],
        );
        if (last?.scan_id === id && dayOf(last.taken_at) === dayOf(taken_at)) return false;
        const { changes } = await statements.run(
          `INSERT INTO compliance_snapshots (estate, scope, taken_at, scan_id, policy_version, body) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT (estate, scope, taken_at, scan_id, policy_version) DO NOTHING`,
          [estate, scope, taken_at, id, policy_version, JSON.stringify(snapshot)],
        );
        return changes > 0;
      }),
    async before({ estate, id }, { scope, policy_version }) {
      const row = await database.get<{ body: string }>(
        `SELECT body FROM compliance_snapshots WHERE estate = ? AND scope = ? AND policy_version = ? AND scan_id <> ?
         ORDER BY taken_at DESC LIMIT 1`,
        [estate, scope, policy_version, id],
      );
      return row && read(row);
    },
    async since(estate, instant) {
      const rows = await database.all<{ body: string }>(
        'SELECT body FROM compliance_snapshots WHERE estate = ? AND taken_at >= ? ORDER BY taken_at',
        [estate, instant],
      );
      return rows.map(read);
    },
    async unplaced(instant) {
      const row = await database.get<{ count: number }>(
        'SELECT COUNT(*) AS count FROM compliance_snapshots WHERE estate = ? AND taken_at >= ?',
        [UNPLACED, instant],
      );
      return Number(row?.count ?? 0);
    },
  };
}

/** The ids of scans of a made-up organization used to hold its seed and its size: what was kept of them finds its place. */
async function placeSamples(database: Database): Promise<void> {
  const rows = await database.all<{ scan_id: string }>(
    `SELECT DISTINCT scan_id FROM compliance_snapshots WHERE estate = ? AND scan_id LIKE '[%'`,
    [UNPLACED],
  );
  for (const { scan_id } of rows) {
    const [, seed, size] = /^\[(\d+),(\d+),/.exec(scan_id) ?? [];
    if (seed === undefined || size === undefined) continue;
    await database.run('UPDATE compliance_snapshots SET estate = ? WHERE estate = ? AND scan_id = ?', [
      sampleEstate({ seed: Number(seed), size: Number(size) }),
      UNPLACED,
      scan_id,
    ]);
  }
}

/** Older rows say null where there is no score weighted by cost. */
const storedSchema = snapshotSchema.extend({ cost_score: z.preprocess((score) => score ?? undefined, snapshotSchema.shape.cost_score) });

function read({ body }: { body: string }): Snapshot {
  return storedSchema.parse(JSON.parse(body));
}

function dayOf(instant: string): string {
  return instant.slice(0, 10);
}
