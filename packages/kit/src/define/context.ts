import type { Principal } from '@fairway-mcp/auth';
import type { Log, SpanParent, SpanStart } from '@fairway-mcp/telemetry';
import type { ContentBlock } from '@modelcontextprotocol/server';

/** Everything that the function of a tool, a resource or a prompt has access to. */
export interface Context<Services> {
  /** What the server's `services` function built. */
  readonly services: Services;
  readonly principal: Principal;
  /** Fires when the client cancels or disconnects, or when the deadline has passed. */
  readonly signal: AbortSignal;
  /** When the caller must have an answer, in milliseconds of `performance.now()`, which never jumps. `undefined`: no client is waiting. */
  readonly deadline: number | undefined;
  /** Reports progress to the client. Cheap when it did not ask for progress. `done` must grow. */
  progress(done: number, total?: number, message?: string): void;
  readonly log: Log;
  /** The call, as a parent for spans of the services. */
  readonly trace: SpanParent;
  /** Runs a part of the work in a span of its own. Without a collector it only runs the work. */
  span<T>(start: Omit<SpanStart, 'parent'>, work: (span: SpanParent) => Promise<T>): Promise<T>;
  /** On a later page of a tool with `listSnapshot`: the name of the state that the first page was made from. */
  readonly snapshot: string | undefined;
  /** Whether the call is for a later page of a list, so that it must have no effect that the first page has had (or was told not to have). */
  readonly isLaterPage: boolean;
  now(): Date;
  /**
   * Adds content after the text of a tool's answer, such as a picture. The text is complete without it, and it does not count for the
   * byte budget: clients refuse answers of a megabyte.
   */
  attach(block: ContentBlock): void;
}

/** What the function of a tool that writes has access to besides. */
export interface WriteContext<Services> extends Context<Services> {
  /** Names this one write, the same when the call is repeated. Pass it on to an upstream that takes one (a client token). */
  readonly idempotencyKey: string;
  /**
   * Asks the user to confirm, and makes the intent durable. Call it once, after everything that can be checked has been checked and before
   * the first effect: when it returns, the write is confirmed and journaled.
   *
   * The tool's function may run twice up to this line (the answer of a modern client arrives with a second request), so
   * nothing before it may have an effect.
   * @throws ToolError `confirmation_required` when the client cannot ask, `cancelled` when the user does not agree.
   */
  confirm(question: string): Promise<void>;
}

/** What a tool can reach while it finds out whether one of its writes happened. */
export interface SettleContext<Services> {
  readonly services: Services;
  readonly principal: Principal;
  /** The key of the write in question, as `run` had it. */
  readonly idempotencyKey: string;
  /** When the write was started. */
  readonly startedAt: Date;
  /** Fires when it takes too long: the outcome then stays unknown. */
  readonly signal: AbortSignal;
  readonly log: Log;
}
