import type { Database } from '@fairway-mcp/store';
import * as z from 'zod';
import { type Snapshot, snapshotSchema } from './compliance/snapshot.ts';
import { sampleInventoryName } from './inventory/inventory-name.ts';
import { SNAPSHOT_MIGRATIONS, UNKNOWN_INVENTORY } from './snapshot-migrations.ts';

/** The scan that a snapshot was taken of. */
export interface ScanReference {
  /** The name of the inventory; see `Source.inventoryName`. */
  inventory: string;
  /** The same for the same content. */
  id: string;
  /** Whether something is missing for a reason that passes, such as throttling. */
  isInterrupted?: boolean;
}

/** The stored history of compliance. Snapshots of different inventories are independent. */
export interface SnapshotStore {
  /**
   * Stores a snapshot, unless the last one of the same inventory, scope, policy and day is of the same scan, or one of them saw more: a
   * partial scan never takes the place of a complete one, nor an interrupted one the place of any.
   * @returns whether it was stored
   */
  add(scan: ScanReference, snapshot: Snapshot): Promise<boolean>;
  /** The last snapshot of the same inventory, scope and policy that is of another scan. */
  before(scan: ScanReference, snapshot: Pick<Snapshot, 'scope' | 'policy_version'>): Promise<Snapshot | undefined>;
  /** The snapshots of an inventory from the given instant on, the oldest first. */
  since(inventory: string, instant: string): Promise<Snapshot[]>;
  /** How many snapshots since the instant are of an unknown inventory, because they are older than the distinction. */
  countUnknown(instant: string): Promise<number>;
}

export async function createSnapshotStore(database: Database): Promise<SnapshotStore> {
  await database.migrate('tag-compliance', SNAPSHOT_MIGRATIONS);
  await assignSamples(database);
  return {
    add: (scan, snapshot) => addSnapshot(database, scan, snapshot),
    async before({ inventory, id }, { scope, policy_version }) {
      const row = await database.get<{ body: string }>(
        `SELECT body FROM compliance_snapshots WHERE inventory = ? AND scope = ? AND policy_version = ? AND scan_id <> ?
         ORDER BY taken_at DESC LIMIT 1`,
        [inventory, scope, policy_version, id],
      );
      return row && parseSnapshot(row);
    },
    async since(inventory, instant) {
      const rows = await database.all<{ body: string }>(
        'SELECT body FROM compliance_snapshots WHERE inventory = ? AND taken_at >= ? ORDER BY taken_at',
        [inventory, instant],
      );
      return rows.map(parseSnapshot);
    },
    async countUnknown(instant) {
      const row = await database.get<{ count: number }>(
        'SELECT COUNT(*) AS count FROM compliance_snapshots WHERE inventory = ? AND taken_at >= ?',
        [UNKNOWN_INVENTORY, instant],
      );
      return Number(row?.count ?? 0);
    },
  };
}

function addSnapshot(database: Database, scan: ScanReference, snapshot: Snapshot): Promise<boolean> {
  const { inventory, id } = scan;
  const { scope, policy_version, taken_at } = snapshot;
  return database.transaction(async (statements) => {
    const today = await statements.all<{ scan_id: string; body: string }>(
      `SELECT scan_id, body FROM compliance_snapshots WHERE inventory = ? AND scope = ? AND policy_version = ? AND taken_at >= ?
       AND taken_at < ? ORDER BY taken_at`,
      [inventory, scope, policy_version, dayOf(taken_at), nextDayOf(taken_at)],
    );
    if (today.at(-1)?.scan_id === id || sawLess(scan, snapshot, today.map(parseSnapshot))) return false;
    const { changes } = await statements.run(
      `INSERT INTO compliance_snapshots (inventory, scope, taken_at, scan_id, policy_version, body) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (inventory, scope, taken_at, scan_id, policy_version) DO NOTHING`,
      [inventory, scope, taken_at, id, policy_version, JSON.stringify(snapshot)],
    );
    return changes > 0;
  });
}

/** Whether a snapshot saw less than one that the same day has already. */
function sawLess({ isInterrupted = false }: ScanReference, { is_complete }: Snapshot, today: readonly Snapshot[]): boolean {
  if (is_complete || today.length === 0) return false;
  return isInterrupted || today.some((other) => other.is_complete);
}

/** Assigns old snapshots of samples to their inventories: the ids of their scans contain the seed and the size. */
async function assignSamples(database: Database): Promise<void> {
  const rows = await database.all<{ scan_id: string }>(
    `SELECT DISTINCT scan_id FROM compliance_snapshots WHERE inventory = ? AND scan_id LIKE '[%'`,
    [UNKNOWN_INVENTORY],
  );
  for (const { scan_id } of rows) {
    const [, seed, size] = /^\[(\d+),(\d+),/.exec(scan_id) ?? [];
    if (seed === undefined || size === undefined) continue;
    await database.run('UPDATE compliance_snapshots SET inventory = ? WHERE inventory = ? AND scan_id = ?', [
      sampleInventoryName({ seed: Number(seed), size: Number(size) }),
      UNKNOWN_INVENTORY,
      scan_id,
    ]);
  }
}

/** Rows of earlier releases contain null where there is no score weighted by cost. */
const storedSchema = snapshotSchema.extend({ cost_score: z.preprocess((score) => score ?? undefined, snapshotSchema.shape.cost_score) });

function parseSnapshot({ body }: { body: string }): Snapshot {
  return storedSchema.parse(JSON.parse(body));
}

function dayOf(instant: string): string {
  return instant.slice(0, 10);
}

function nextDayOf(instant: string): string {
  return dayOf(new Date(Date.parse(dayOf(instant)) + DAY_MS).toISOString());
}

const DAY_MS = 86_400_000;
