import { type TraceContext, traceContext } from './trace.ts';

/** What is known of an operation when it begins. All of it is safe to send to a collector: no arguments, no free text. */
export interface Operation {
  /** `tools/call`, `resources/read`, … */
  method: string;
  tool?: string;
  prompt?: string;
  /** The URI or URI template under which the server offers the resource. */
  resource?: string;
  /** `params._meta.traceparent`: the caller's span, if it traces. */
  traceparent: unknown;
  /** What only a collector wants to know; asked for when there is one. */
  facts: () => RequestFacts;
}

export interface RequestFacts {
  /** `tcp` over HTTP, `pipe` over stdio. */
  transport: 'tcp' | 'pipe';
  requestId?: string | number;
  protocolVersion?: string;
  sessionId?: string;
  /** The HTTP request's own `traceparent` header. */
  httpTraceparent?: string;
}

/** How an operation failed. */
export interface Failure {
  /** `not_found`, `upstream_unavailable`, … */
  kind: string;
  /** The JSON-RPC error code, where the answer is an error and not a result that says so. */
  code?: number | undefined;
}

/** An operation that is going on. */
export interface Observation {
  /** 32 hex digits: what error messages, log lines and audit rows call the operation. */
  readonly traceId: string;
  /** 16 hex digits, when a collector will hear of the operation. */
  readonly spanId: string | undefined;
  /** @param failure when it failed. */
  end(failure?: Failure): void;
}

/** What ties a log line to an operation, under the names that collectors look for. */
export function traceFields({ traceId, spanId }: Pick<Observation, 'traceId' | 'spanId'>): Record<string, string> {
  return { trace_id: traceId, ...(spanId !== undefined && { span_id: spanId }) };
}

/** Traces and measures operations. */
export interface Instruments {
  begin(operation: Operation): Observation;
  /** Sends what is still in hand. */
  close(): Promise<void>;
}

/** What runs when no collector is set: trace ids, and nothing else. */
export const noInstruments: Instruments = {
  begin: ({ traceparent }) => new Unobserved(traceContext(traceparent)),
  close: async () => {},
};

class Unobserved implements Observation {
  readonly traceId: string;
  readonly spanId = undefined;

  constructor({ traceId }: TraceContext) {
    this.traceId = traceId;
  }

  end(): void {}
}
