import type { Principal } from '@fairway-mcp/auth';
import type { RequestFacts } from '@fairway-mcp/telemetry';
import type { InputRequest } from '@modelcontextprotocol/server';

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
  /**
   * Puts a question to the person and waits for the client's answer, which nobody has looked at yet. Only where a call can wait while
   * its client goes on: in a task. Rejects when the task ends.
   */
  ask?(question: InputRequest): Promise<unknown>;
  /** Names the one write that this call may make, when the same call may be begun again by another process. */
  readonly writeName?: string;
}

export interface ClientCapabilities {
  readonly elicitation?: unknown;
  readonly extensions?: unknown;
}
