/** The inventory of snapshots from before inventories were distinguished. */
export const UNKNOWN_INVENTORY = '';

/** What databases of all releases have been through: a step that has been released never changes, nor does its name. */
export const SNAPSHOT_MIGRATIONS = [
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
        SELECT '${UNKNOWN_INVENTORY}', scope, taken_at, scan_id, policy_version, body FROM tag_snapshots`,
      'DROP TABLE tag_snapshots',
      'CREATE INDEX compliance_snapshots_by_time ON compliance_snapshots (estate, taken_at)',
    ],
  },
  {
    name: '003-inventories',
    sql: ['ALTER TABLE compliance_snapshots RENAME COLUMN estate TO inventory'],
  },
];
