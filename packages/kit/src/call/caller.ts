import type { Principal } from '@fairway-mcp/auth';
import type { RequestFacts } from '@fairway-mcp/telemetry';

/** The protocol generation of a request: `modern` is 2026-07-28 and later, `legacy` everything before. */
export type Era = 'legacy' | 'modern';

/**
 * The other end of one request. Each request has its own: nothing of one caller (capabilities, stream, cancellation)
 * can be reached through another's.
 */
export interface Caller {
  readonly principal: Principal;
  readonly era: Era;
  readonly transport: 'stdio' | 'http';
  /** What the client said it can do, with this request (modern) or when it connected (legacy). */
  readonly capabilities: ClientCapabilities;
  /** `params._meta` of the request, without the envelope. */
  readonly meta: Readonly<Record<string, unknown>> | undefined;
  /** Fires when the caller cancels or goes away. */
  readonly signal: AbortSignal;
  /** What a telemetry collector wants to know of the request. */
  facts(): RequestFacts;
  /** Sends a notification on this request's own stream; dropped when the caller cannot receive one. */
  notify(method: string, params: Record<string, unknown>): void;
  /** The client's answers to what an earlier round of this call asked, and the state that went with the question. */
  readonly inputResponses: Readonly<Record<string, unknown>> | undefined;
  readonly requestState: string | undefined;
}

export interface ClientCapabilities {
  readonly elicitation?: unknown;
  readonly extensions?: unknown;
}
