import { createAuditLog } from '@fairway-mcp/store';
import { verifyAuditTrail } from '@fairway-mcp/telemetry';
import { openStore } from '../server/stores.ts';
import type { Startup } from './startup.ts';
import type { Terminal } from './terminal.ts';

/** `audit verify`. @returns the exit code: 0 when the trail is intact, 1 when it is not. */
export async function auditCommand({ settings, stateDir }: Startup, { out }: Terminal): Promise<number> {
  const store = await openStore(settings, stateDir);
  try {
    const verdict = await verifyAuditTrail(await createAuditLog(store));
    out(
      verdict.intact
        ? `The audit trail is intact: ${verdict.rows} rows.`
        : `The audit trail is NOT intact: ${verdict.problem}. The ${verdict.rows} rows before it are sound.`,
    );
    return verdict.intact ? 0 : 1;
  } finally {
    await store.close();
  }
}
