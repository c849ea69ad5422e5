import type { Span, SpanStart } from './span.ts';
import { newTraceId, parseTraceparent } from './trace.ts';

/** An operation as it is known at its start. Safe to send to a collector: no arguments, no free text. */
export interface Operation {
  /** `tools/call`, `resources/read`, … */
  method: string;
  tool?: string;
  prompt?: string;
  /** The URI or URI template under which the server offers the resource. */
  resource?: string;
  /** `params._meta.traceparent`: the caller's span, if it traces. */
  traceparent: unknown;
  /** Details for the collector; only called when there is one. */
  facts: () => RequestFacts;
}

export interface RequestFacts {
  /** `tcp` over HTTP, `pipe` over stdio. */
  transport: 'tcp' | 'pipe';
  requestId?: string | number | undefined;
  protocolVersion?: string | undefined;
  sessionId?: string | undefined;
  /** The HTTP request's own `traceparent` header. */
  httpTraceparent?: string | undefined;
}

/** How an operation failed. */
export interface Failure {
  /** `not_found`, `upstream_unavailable`, … */
  kind: string;
  /** The JSON-RPC error code, where the answer is an error and not a result that says so. */
  code?: number | undefined;
}

/** An operation in flight. */
export interface Observation {
  /** 32 hex digits: identifies the operation in error messages, log lines and audit rows. */
  readonly traceId: string;
  /** 16 hex digits, when the operation is sent to a collector. */
  readonly spanId: string | undefined;
  /** @param failure undefined when the operation succeeded */
  end(failure?: Failure): void;
}

/** The fields that link a log line to an operation, under the names that collectors expect. */
export function traceFields({ traceId, spanId }: Pick<Observation, 'traceId' | 'spanId'>): Record<string, string> {
  return { trace_id: traceId, ...(spanId !== undefined && { span_id: spanId }) };
}

/** Traces operations and measures their duration. */
export interface Instruments {
  begin(operation: Operation): Observation;
  /** Starts a span of the server's own, below an operation or by itself. */
  beginSpan(span: SpanStart): Span;
  /** Sends what has not been sent yet. */
  close(): Promise<void>;
}

/** Used when no collector is set: provides trace ids and sends nothing. */
export const noInstruments: Instruments = {
  begin: ({ traceparent }) => new Unsampled(parseTraceparent(traceparent)?.traceId ?? newTraceId()),
  beginSpan: ({ parent }) => new Unsampled(parent?.traceId ?? newTraceId()),
  close: async () => {},
};

class Unsampled implements Observation {
  readonly traceId: string;
  readonly spanId = undefined;

  constructor(traceId: string) {
    this.traceId = traceId;
  }

  end(): void {}
}
