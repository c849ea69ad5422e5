import { randomUUID } from 'node:crypto';
import { waitFor } from '@fairway-mcp/async';
import type { Principal } from '@fairway-mcp/auth';
import type { RequestFacts } from '@fairway-mcp/telemetry';
import type { InputRequest } from '@modelcontextprotocol/server';
import type { Caller, ClientCapabilities } from '../protocol/caller.ts';

/** Makes `ctx.progress` report: a task has no progress token of a client, and needs none. */
const OWN_TOKEN = 'task';

export interface TaskCallerOptions {
  id: string;
  principal: Principal;
  /** What the client declared when it made the call. */
  capabilities: ClientCapabilities;
  /** The caller of the original request; unknown after a restart. */
  origin?: Caller;
  /** Stores an input request for the client under a key. Resolves when it is durable. */
  storeInputRequest(key: string, request: InputRequest): Promise<void>;
  /** Called when the task starts to wait for its user. @returns the function to call when it continues. */
  pause(): () => void;
}

/** The caller of a task, whose client no longer waits. Progress becomes the status message; input requests wait until the client polls. */
export class TaskCaller implements Caller {
  readonly id: string;
  readonly principal: Principal;
  readonly era = 'modern';
  readonly transport: Caller['transport'];
  readonly capabilities: ClientCapabilities;
  readonly meta: Readonly<Record<string, unknown>>;
  readonly inputResponses = undefined;
  readonly requestState = undefined;
  readonly #controller = new AbortController();
  readonly #facts: RequestFacts;
  readonly #storeInputRequest: TaskCallerOptions['storeInputRequest'];
  readonly #pause: TaskCallerOptions['pause'];
  readonly #waiting = new Map<string, (response: unknown) => void>();
  readonly #firstInputRequest = Promise.withResolvers<void>();
  #resume: (() => void) | undefined;
  #message: string | undefined;

  constructor({ id, principal, capabilities, origin, storeInputRequest, pause }: TaskCallerOptions) {
    this.id = id;
    this.principal = principal;
    this.capabilities = capabilities;
    this.transport = origin?.transport ?? 'http';
    this.#facts = origin?.facts() ?? { transport: 'tcp' };
    this.meta = { traceparent: origin?.meta?.traceparent, progressToken: OWN_TOKEN };
    this.#storeInputRequest = storeInputRequest;
    this.#pause = pause;
  }

  /** The write of a reclaimed task is the same write. */
  get idempotencyKey(): string {
    return this.id;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Resolves when the task requests input for the first time, if it ever does. */
  get inputRequested(): Promise<void> {
    return this.#firstInputRequest.promise;
  }

  get isWaiting(): boolean {
    return this.#waiting.size > 0;
  }

  end(reason: unknown): void {
    this.#controller.abort(reason);
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

  // A field, so that a tool may take it out of its context.
  readonly requestInput = async (request: InputRequest): Promise<unknown> => {
    this.signal.throwIfAborted();
    const key = randomUUID();
    const { promise: response, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(key, resolve);
    this.#resume ??= this.#pause();
    this.#firstInputRequest.resolve();
    this.#storeInputRequest(key, request).catch(reject);
    try {
      return await waitFor(response, { signal: this.signal });
    } finally {
      this.#waiting.delete(key);
      if (!this.isWaiting) this.#continue();
    }
  };

  #continue(): void {
    this.#resume?.();
    this.#resume = undefined;
  }

  /** Passes on what the client has answered. */
  respond(responses: Readonly<Record<string, unknown>>): void {
    for (const [key, response] of Object.entries(responses)) this.#waiting.get(key)?.(response);
  }

  /** The newest status message, once. */
  takeMessage(): string | undefined {
    const message = this.#message;
    this.#message = undefined;
    return message;
  }
}
