import { randomBytes } from 'node:crypto';

/** A span that a caller sent (W3C Trace Context). */
export interface RemoteSpan {
  /** 32 lower-case hex digits. */
  traceId: string;
  /** 16 hex digits. */
  spanId: string;
  /** Whether the caller's collector records the trace. */
  isSampled: boolean;
}

const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

/** The span of a `traceparent` value; `undefined` when there is none or it is malformed. */
export function parseTraceparent(traceparent: unknown): RemoteSpan | undefined {
  const [, traceId, spanId, flags] = (typeof traceparent === 'string' && TRACEPARENT.exec(traceparent)) || [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

let pool = Buffer.alloc(0);
let used = 0;

/** Random bytes are fetched for 256 ids at once, to save system calls. */
export function newTraceId(): string {
  if (used >= pool.length) {
    pool = randomBytes(16 * 256);
    used = 0;
  }
  used += 16;
  return pool.toString('hex', used - 16, used);
}
