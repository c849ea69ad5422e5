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

/** An operation that is going on. */
export interface Observation {
  /** 32 hex digits: what error messages, log lines and audit rows call the operation. */
  readonly traceId: string;
  /** @param error the kind of the error, when it failed. */
  end(error?: string): void;
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

  constructor({ traceId }: TraceContext) {
    this.traceId = traceId;
  }

  end(): void {}
}
