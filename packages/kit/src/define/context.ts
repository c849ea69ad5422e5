import type { Principal } from '@fairway-mcp/auth';
import type { Log } from '@fairway-mcp/telemetry';

/** All that a tool, a resource or a prompt can reach. */
export interface Context<Services> {
  /** What the server's `services` function built. */
  readonly services: Services;
  readonly principal: Principal;
  /** Fires when the caller cancels or goes away, or when the deadline has passed. */
  readonly signal: AbortSignal;
  /** The instant by which the caller must have an answer, in milliseconds since the epoch. `undefined`: there is no hurry. */
  readonly deadline: number | undefined;
  /** Tells the caller how far the work is. Cheap when nobody listens. `done` must grow. */
  progress(done: number, total?: number, message?: string): void;
  readonly log: Log;
  now(): Date;
}

/** What a tool that changes something can reach besides. */
export interface WriteContext<Services> extends Context<Services> {
  /**
   * Asks the person behind the client, and makes the intent durable. Call it once, after everything that can be checked
   * has been checked and before the first effect: when it returns, the write is agreed to and journaled.
   *
   * The tool's function may run twice up to this line (the answer of a modern client arrives with a second request), so
   * nothing before it may have an effect.
   * @throws ToolError `confirmation_required` when the client cannot ask, `cancelled` when the person says no.
   */
  confirm(question: string): Promise<void>;
}
