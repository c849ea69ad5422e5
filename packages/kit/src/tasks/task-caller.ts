import type { Principal } from '@fairway-mcp/auth';
import type { RequestFacts } from '@fairway-mcp/telemetry';
import type { Caller } from '../call/caller.ts';

/** Makes `ctx.progress` report: a task has no client's token, and needs none. */
const OWN_TOKEN = 'task';

/** Stands for a caller who has stopped waiting. Progress becomes the task's status message. */
export class TaskCaller implements Caller {
  readonly principal: Principal;
  readonly signal: AbortSignal;
  readonly era = 'modern';
  readonly transport: Caller['transport'];
  readonly capabilities = {};
  readonly meta: Readonly<Record<string, unknown>>;
  readonly inputResponses = undefined;
  readonly requestState = undefined;
  readonly #facts: RequestFacts;
  #message: string | undefined;

  /** @param origin who asked, as long as they are known: not after a restart. */
  constructor(principal: Principal, signal: AbortSignal, origin?: Caller) {
    this.principal = principal;
    this.signal = signal;
    this.transport = origin?.transport ?? 'http';
    this.#facts = origin?.facts() ?? { transport: 'tcp' };
    this.meta = { traceparent: origin?.meta?.traceparent, progressToken: OWN_TOKEN };
  }

  facts(): RequestFacts {
    return this.#facts;
  }

  notify(method: string, params: Record<string, unknown>): void {
    if (method !== 'notifications/progress') return;
    const { progress, total, message } = params;
    const count = total === undefined ? String(progress) : `${progress} of ${total}`;
    this.#message = message === undefined ? count : `${count}: ${message}`;
  }

  /** The newest status message, once. */
  takeMessage(): string | undefined {
    const message = this.#message;
    this.#message = undefined;
    return message;
  }
}
