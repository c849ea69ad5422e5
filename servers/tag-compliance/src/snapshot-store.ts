import type { Database } from '@fairway-mcp/store';
import { type Snapshot, snapshotSchema } from './compliance/snapshot.ts';

/** The history of compliance, as it rests. */
export interface SnapshotStore {
  /** Keeps a snapshot, once for each scan and scope. Returns whether it is new. */
  add(scanId: string, snapshot: Snapshot): Promise<boolean>;
  /** Those taken at the given instant or later, the oldest first. */
  since(instant: string): Promise<Snapshot[]>;
}

export async function createSnapshotStore(database: Database): Promise<SnapshotStore> {
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
  return {
    async add(scanId, snapshot) {
      const { changes } = await database.run(
        `INSERT INTO tag_snapshots (scan_id, scope, policy_version, taken_at, body) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (scan_id, scope, policy_version) DO NOTHING`,
        [scanId, snapshot.scope, snapshot.policy_version, snapshot.taken_at, JSON.stringify(snapshot)],
      );
      return changes > 0;
    },
    async since(instant) {
      const rows = await database.all<{ body: string }>('SELECT body FROM tag_snapshots WHERE taken_at >= ? ORDER BY taken_at', [instant]);
      return rows.map(({ body }) => snapshotSchema.parse(JSON.parse(body)));
    },
  };
}
