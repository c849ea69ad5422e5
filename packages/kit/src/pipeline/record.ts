import { type AuditTrail, type Log, traceFields } from '@fairway-mcp/telemetry';
import { ProtocolError, ResourceNotFoundError } from '@modelcontextprotocol/server';
import { ToolError } from '../protocol/errors.ts';
import { auditArguments } from './audit-arguments.ts';
import { ScopeError } from './authorize.ts';
import { ConfirmationPending } from './confirmations.ts';
import { publicError } from './errors.ts';
import type { PipelineRequest } from './request.ts';
import { UnknownNameError } from './unknown-name.ts';

export interface RecordOptions {
  server: string;
  log: Log;
  audit: AuditTrail;
  /** Whether the rows of reads are flushed to the disk too. */
  flushReads: boolean;
}

/**
 * Records requests that have ended: span, log line and audit row. Each function resolves when the audit row is stored: that of a write on
 * the disk, that of a read so that it survives the end of the process.
 */
export interface Recorder {
  /** @throws ToolError `internal` when the row cannot be stored: then the answer may not leave. */
  success(request: PipelineRequest, started: number): Promise<void>;
  /** @returns what the caller gets to see of it. */
  failure(request: PipelineRequest, started: number, thrown: unknown): Promise<unknown>;
}

/** How a request ended. */
interface Ending {
  /** `ok`, the kind of an error, or what else came of it. */
  outcome: string;
  error?: ToolError;
}

/** What to do when the audit row or the journal cannot be written. */
export const STATE_REMEDY = 'Tell the operator: the state (its folder, or its database) cannot be written; doctor and /health say why.';

const OK: Ending = { outcome: 'ok' };

let lastMs = 0;
let lastIso = '';

/** The time as an ISO instant. The requests of one millisecond share the text. */
function isoNow(): string {
  const now = Date.now();
  if (now !== lastMs) {
    lastMs = now;
    lastIso = new Date(now).toISOString();
  }
  return lastIso;
}

export function createRecorder({ server, log, audit, flushReads }: RecordOptions): Recorder {
  async function record(request: PipelineRequest, started: number, ending: Ending): Promise<void> {
    const { name: tool, caller, observation: trace } = request;
    const { outcome } = ending;
    const principal = caller.principal.id;
    const durationMs = Math.round((performance.now() - started) * 1000) / 1000;
    const line = () => ({ tool, principal, outcome, duration_ms: durationMs, ...traceFields(trace) });
    logEnding(log, line, ending);
    try {
      const entry = {
        time: isoNow(),
        server,
        principal,
        tool,
        arguments: auditArguments(request.arguments, request.schema),
        outcome,
        duration_ms: durationMs,
        trace_id: trace.traceId,
      };
      await audit.record(entry, flushReads || request.isWrite ? 'flushed' : 'committed');
    } catch (cause) {
      log.error('The audit row could not be stored', { ...line(), error: cause });
      throw notRecorded(ending.error, cause);
    }
  }

  return {
    success(request, started) {
      request.observation.end();
      return record(request, started, OK);
    },
    async failure(request, started, thrown) {
      const { observation, caller, errorCodeOf } = request;
      const outcome = outcomeOf(thrown);
      if (outcome !== undefined) {
        const code = thrown instanceof ProtocolError ? thrown.code : undefined;
        observation.end(outcome === 'asked' ? undefined : { kind: outcome, code });
        await record(request, started, { outcome });
        return thrown;
      }
      const error = publicError(thrown, caller.signal.aborted);
      observation.end({ kind: error.kind, code: errorCodeOf?.(error.kind) });
      await record(request, started, { outcome: error.kind, error });
      return error;
    },
  };
}

/** The outcome of a request that ended otherwise than by a failure of the tool; `undefined` for failures. */
function outcomeOf(thrown: unknown): string | undefined {
  if (thrown instanceof ScopeError) return 'forbidden';
  if (thrown instanceof ConfirmationPending) return 'asked';
  if (thrown instanceof ResourceNotFoundError || thrown instanceof UnknownNameError) return 'not_found';
  return thrown instanceof ProtocolError ? 'protocol_error' : undefined;
}

function logEnding(log: Log, line: () => Record<string, unknown>, { outcome, error }: Ending): void {
  if (outcome === 'internal') log.error('Call failed', { ...line(), error: error?.cause });
  else if (error?.cause !== undefined && outcome !== 'cancelled') log.warn('Call refused', { ...line(), error: error.cause });
  else if (log.isDebug) log.debug('Call ended', line());
}

/** Of the kind of the request's own error, or `internal` where it had none. */
function notRecorded(error: ToolError | undefined, cause: unknown): ToolError {
  return new ToolError({
    kind: error?.kind ?? 'internal',
    message:
      error === undefined
        ? 'The call was made, but its audit record could not be stored, so the answer is withheld.'
        : `${error.message} Its audit record could not be stored either.`,
    remedy: STATE_REMEDY,
    cause,
  });
}
