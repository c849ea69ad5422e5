import type { Principal } from '@fairway-mcp/auth';
import type { RequestFacts } from '@fairway-mcp/telemetry';
import type { InputRequest } from '@modelcontextprotocol/server';
import type { Era } from './versions.ts';

/**
 * The client that sent one request. Each request has its own: nothing of one caller (capabilities, stream, cancellation)
 * can be reached through another's.
 */
export interface Caller {
  readonly principal: Principal;
  readonly era: Era;
  readonly transport: 'stdio' | 'http';
  /** What the client declared, with this request (modern) or when it connected (legacy). */
  readonly capabilities: ClientCapabilities;
  /** `params._meta` of the request, without the envelope. */
  readonly meta: Readonly<Record<string, unknown>> | undefined;
  /** Fires when the client cancels or disconnects. */
  readonly signal: AbortSignal;
  /** What a telemetry collector records about the request. */
  facts(): RequestFacts;
  /** Sends a notification on this request's own stream; dropped when the client cannot receive one. */
  notify(method: string, params: Record<string, unknown>): void;
  /** The client's answers to the input requests of an earlier round of this call, and the state that was sent with them. */
  readonly inputResponses: Readonly<Record<string, unknown>> | undefined;
  readonly requestState: string | undefined;
  /**
   * Asks the user and waits for the client's answer, which has not been validated. Only where a call can wait while its client goes on: in
   * a task. Rejects when the task ends.
   */
  requestInput?(request: InputRequest): Promise<unknown>;
  /** The idempotency key of the one write that this call may make, where another process may repeat the call: in a task. */
  readonly idempotencyKey?: string;
}

export interface ClientCapabilities {
  readonly elicitation?: unknown;
  readonly extensions?: unknown;
}
