import { type AuditTrail, type Log, type Observation, traceFields } from '@fairway-mcp/telemetry';
import { isReadable, parseArn } from '@fairway-mcp/validation';
import * as z from 'zod';
import type { ToolError } from '../protocol/errors.ts';
import { ToolError as Failure } from '../protocol/errors.ts';

/** What is known of a call when it has ended. */
export interface EndedCall {
  tool: string;
  principal: string;
  trace: Pick<Observation, 'traceId' | 'spanId'>;
  arguments: unknown;
  /** Describes which of the arguments are safe to write down. */
  schema: z.ZodObject | undefined;
  durationMs: number;
  outcome: string;
  error: ToolError | undefined;
}

export interface RecordDependencies {
  server: string;
  log: Log;
  audit: AuditTrail;
}

/** What to do when nothing can be written down. */
export const STATE_REMEDY = 'Tell the operator: the state folder is full, read-only or gone (doctor shows which).';

/**
 * Writes down a call that has ended, whatever its end. Resolves when the audit row is durable.
 * @throws ToolError when the row cannot be stored: then the answer may not leave either. Of the kind of the call's own error, or
 *   `internal` where it had none.
 */
export async function record({ server, log, audit }: RecordDependencies, call: EndedCall): Promise<void> {
  const { tool, principal, trace, outcome } = call;
  const durationMs = Math.round(call.durationMs * 1000) / 1000;
  const line = { tool, principal, outcome, duration_ms: durationMs, ...traceFields(trace) };
  if (outcome === 'internal') log.error('Call failed', { ...line, error: call.error?.cause });
  else if (call.error?.cause !== undefined && outcome !== 'cancelled') log.warn('Call refused', { ...line, error: call.error.cause });
  else log.debug('Call ended', line);
  const entry = {
    time: new Date().toISOString(),
    server,
    principal,
    tool,
    arguments: auditable(call.arguments, call.schema),
    outcome,
    duration_ms: durationMs,
    trace_id: trace.traceId,
  };
  try {
    await audit.record(entry);
  } catch (error) {
    log.error('The audit row could not be stored', { ...line, error });
    const { kind, message } = call.error ?? {};
    throw new Failure({
      kind: kind ?? 'internal',
      message:
        message === undefined
          ? 'The call was made, but its audit record could not be stored, so the answer is withheld.'
          : `${message} Its audit record could not be stored either.`,
      remedy: STATE_REMEDY,
      cause: error,
    });
  }
}

const MAX_ITEMS = 20;
const MAX_READABLE = 300;
/** Region, account id, ISO date or span. */
const PLAIN = /^([a-z]{2,4}(-[a-z]+){1,3}-\d{1,2}|\d{12}|\d{4}-\d{2}-\d{2}(\/\d{4}-\d{2}-\d{2})?)$/;

/**
 * Arguments for the audit row. Numbers, switches, choices, ARNs, regions, accounts, dates and what its schema marks as readable stay so;
 * free text is replaced by its length, because nobody knows what people paste.
 */
export function auditable(value: unknown, schema?: z.ZodType): unknown {
  const known = schema === undefined ? undefined : bare(schema);
  if (typeof value === 'string') return isSafe(value, known) ? value : `[text, ${value.length} characters]`;
  if (typeof value !== 'object' || value === null) return value ?? null;
  if (Array.isArray(value)) {
    const item = known instanceof z.ZodArray ? (known.element as z.ZodType) : undefined;
    const shown = value.slice(0, MAX_ITEMS).map((element) => auditable(element, item));
    return value.length > MAX_ITEMS ? [...shown, `[${value.length - MAX_ITEMS} more]`] : shown;
  }
  const shape = known instanceof z.ZodObject ? known.shape : {};
  const entries = Object.entries(value).filter(([key]) => Object.hasOwn(shape, key));
  const unknown = Object.keys(value).length - entries.length;
  const shown = Object.fromEntries(entries.slice(0, MAX_ITEMS).map(([key, item]) => [key, auditable(item, shape[key] as z.ZodType)]));
  return unknown > 0 ? { ...shown, '[unknown]': unknown } : shown;
}

function isSafe(text: string, schema: z.ZodType | undefined): boolean {
  if (text.length > MAX_READABLE) return false;
  if (PLAIN.test(text) || parseArn(text) !== undefined) return true;
  return schema !== undefined && (schema instanceof z.ZodEnum || isReadable(schema)) && schema.safeParse(text).success;
}

function bare(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return bare(schema.unwrap() as z.ZodType);
  return schema;
}
