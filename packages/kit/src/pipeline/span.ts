import type { Instruments, SpanParent, SpanStart } from '@fairway-mcp/telemetry';
import { publicError } from './errors.ts';

/** Runs work in a span, which ends with it and carries the kind of its error. */
export async function runInSpan<T>(instruments: Instruments, start: SpanStart, work: (span: SpanParent) => Promise<T>): Promise<T> {
  const span = instruments.beginSpan(start);
  try {
    const result = await work(span);
    span.end();
    return result;
  } catch (error) {
    span.end({ kind: publicError(error, false).kind });
    throw error;
  }
}
