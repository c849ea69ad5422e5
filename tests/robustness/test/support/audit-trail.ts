import path from 'node:path';
import { createAuditLog, openSqlite } from '@fairway-mcp/store';
import { verifyAuditTrail } from '@fairway-mcp/telemetry';
import { expect } from 'vitest';

/** The fields of an audit row that these tests check. */
export interface AuditRow {
  tool: string;
  outcome: string;
  trace_id: string;
}

/** The database file in a server's state folder. */
export function databaseOf(stateDir: string): string {
  return path.join(stateDir, 'fairway.db');
}

/** Verifies the audit trail of a server that is not running and returns its rows. */
export async function readAuditTrail(stateDir: string): Promise<AuditRow[]> {
  const store = openSqlite({ file: databaseOf(stateDir) });
  try {
    const log = await createAuditLog(store);
    expect(await verifyAuditTrail(log)).toMatchObject({ intact: true });
    return (await log.read(0, 1_000_000)).map(({ body }) => JSON.parse(body) as AuditRow);
  } finally {
    await store.close();
  }
}
