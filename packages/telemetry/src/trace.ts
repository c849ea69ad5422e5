import { randomBytes } from 'node:crypto';

/** A call's position in a distributed trace (W3C Trace Context). */
export interface TraceContext {
  /** 32 lower-case hex digits. */
  traceId: string;
  /** The caller's span, 16 hex digits, when the caller sent one. */
  parentSpanId?: string;
  sampled?: boolean;
}

/** The context of a `traceparent` value; a new trace when there is none or it is malformed. */
export function traceContext(traceparent: unknown): TraceContext {
  const match = typeof traceparent === 'string' ? /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparent) : null;
  const [, traceId, parentSpanId, flags] = match ?? [];
  if (traceId === undefined || parentSpanId === undefined || /^0+$/.test(traceId) || /^0+$/.test(parentSpanId))
    return { traceId: newTraceId() };
  return { traceId, parentSpanId, sampled: (Number.parseInt(flags ?? '0', 16) & 1) === 1 };
}

let pool = Buffer.alloc(0);
let used = 0;

/** Random bytes are fetched for 256 ids at once, to save system calls. */
function newTraceId(): string {
  if (used >= pool.length) {
    pool = randomBytes(16 * 256);
    used = 0;
  }
  used += 16;
  return pool.toString('hex', used - 16, used);
}
