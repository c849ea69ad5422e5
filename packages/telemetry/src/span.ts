/** Identifies an operation towards a collector. */
export interface SpanParent {
  readonly traceId: string;
  /** `undefined` when the operation is not sent to a collector: its spans are not either. */
  readonly spanId: string | undefined;
}

/** A part of an operation, or work that no request started. Everything in it is sent to the collector: no arguments, no free text. */
export interface SpanStart {
  /** Of few values: `geocode`, `watch.check`. */
  name: string;
  /** Without one, the span starts a trace of its own. */
  parent?: SpanParent | undefined;
  /** `client` for a call to another service. Default `internal`. */
  kind?: 'internal' | 'client';
  attributes?: Readonly<Record<string, string | number | boolean>>;
}

export interface Span extends SpanParent {
  end(failure?: { kind: string }, attributes?: SpanStart['attributes']): void;
}
