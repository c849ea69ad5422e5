import { createAuditLog } from '@fairway-mcp/store';
import { verifyAuditTrail } from '@fairway-mcp/telemetry';
import { UsageError } from '../protocol/errors.ts';
import { openStore } from '../server/stores.ts';
import type { Startup } from './startup.ts';
import type { Terminal } from './terminal.ts';

/** `audit verify [--expect HASH]`. @returns the exit code: 0 when the trail is intact, 1 when it is not. */
export async function auditCommand({ command, settings, stateDir }: Startup, { out }: Terminal): Promise<number> {
  const expectedHash = readHash(command.options.expect);
  const store = await openStore(settings, stateDir);
  try {
    const verdict = await verifyAuditTrail(await createAuditLog(store), { expectedHash });
    if (!verdict.intact) {
      out(`The audit trail is NOT intact: ${verdict.problem}. The ${verdict.rows} rows before it are sound.`);
      return 1;
    }
    out(`The audit trail is intact: ${verdict.rows} rows.`);
    out(`Hash of the last row: ${verdict.hash}`);
    return 0;
  } finally {
    await store.close();
  }
}

function readHash(text: string | undefined): string | undefined {
  if (text !== undefined && !/^[0-9a-f]{64}$/i.test(text))
    throw new UsageError('--expect takes the hash that an earlier "audit verify" printed: 64 hexadecimal digits.');
  return text?.toLowerCase();
}
