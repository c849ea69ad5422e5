import path from 'node:path';
import { createAuditLog, openSqlite } from '@fairway-mcp/store';
import { verifyAuditTrail } from '@fairway-mcp/telemetry';
import { expect } from 'vitest';

/** One row of the audit trail, as far as these tests look at it. */
export interface Recorded {
  tool: string;
  outcome: string;
  trace_id: string;
}

/** The database of a server's state folder. */
export function databaseOf(stateDir: string): string {
  return path.join(stateDir, 'fairway.db');
}

/** The audit trail of a server that is not running, after its chain was verified. */
export async function readAuditTrail(stateDir: string): Promise<Recorded[]> {
  const store = openSqlite({ file: databaseOf(stateDir) });
  try {
    const log = await createAuditLog(store);
    expect(await verifyAuditTrail(log)).toMatchObject({ intact: true });
    return (await log.read(0, 1_000_000)).map(({ body }) => JSON.parse(body) as Recorded);
  } finally {
    await store.close();
  }
}
