import { type AuditLog, createAuditLog } from '@fairway-mcp/store';
import { verifyAuditTrail } from '@fairway-mcp/telemetry';
import { UsageError } from '../protocol/errors.ts';
import { openStore } from '../server/stores.ts';
import { auditLines, readWanted, type Wanted } from './audit-show.ts';
import { readableState } from './readable-state.ts';
import type { Startup } from './startup.ts';
import type { Terminal } from './terminal.ts';

/** `audit verify [--expect HASH]` and `audit show`. @returns the exit code: 1 when the trail is not intact. */
export async function auditCommand({ command, settings, stateDir }: Startup, terminal: Terminal): Promise<number> {
  const { words, options } = command;
  const work = words[1] === 'show' ? show(readWanted(options), terminal) : verify(readHash(options.expect), terminal);
  const state = settings.databaseUrl === undefined ? readableState(stateDir) : { folder: stateDir, release: () => undefined };
  try {
    const store = await openStore(settings, state.folder);
    try {
      return await work(await createAuditLog(store));
    } finally {
      await store.close();
    }
  } finally {
    state.release();
  }
}

type Work = (log: AuditLog) => Promise<number>;

function show(wanted: Wanted, { out }: Terminal): Work {
  return async (log) => {
    for await (const line of auditLines(log, wanted)) out(line);
    return 0;
  };
}

function verify(expectedHash: string | undefined, { out }: Terminal): Work {
  return async (log) => {
    const verdict = await verifyAuditTrail(log, { expectedHash });
    if (!verdict.intact) {
      const sound = verdict.rows === 1 ? 'The row before it is' : `The ${verdict.rows} rows before it are`;
      out(`The audit trail is NOT intact: ${verdict.problem}. ${sound} sound.`);
      return 1;
    }
    out(`The audit trail is intact: ${rowCount(verdict.rows)}.`);
    out(`Hash of the last row: ${verdict.hash}`);
    return 0;
  };
}

/** `1 row`, `2 rows` */
export function rowCount(rows: number): string {
  return `${rows} ${rows === 1 ? 'row' : 'rows'}`;
}

function readHash(text: string | undefined): string | undefined {
  if (text !== undefined && !/^[0-9a-f]{64}$/i.test(text))
    throw new UsageError('--expect takes the hash that an earlier "audit verify" printed: 64 hexadecimal digits.');
  return text?.toLowerCase();
}
