import { randomUUID } from 'node:crypto';
import type { Principal } from '@fairway-mcp/auth';
import type { RequestFacts } from '@fairway-mcp/telemetry';
import type { InputRequest } from '@modelcontextprotocol/server';
import type { Caller, ClientCapabilities } from '../protocol/caller.ts';

/** Makes `ctx.progress` report: a task has no client's token, and needs none. */
const OWN_TOKEN = 'task';

export interface TaskCallerOptions {
  id: string;
  principal: Principal;
  /** What the client can be asked for. */
  capabilities: ClientCapabilities;
  /** Who asked, as long as they are known: not after a restart. */
  origin?: Caller;
  /** Makes a question known to the client, under a key. Resolves when it is durable. */
  put(key: string, question: InputRequest): Promise<void>;
  /** Told when the task begins to wait for its person. @returns what is told when it goes on. */
  pause(): () => void;
}

/** Stands for a caller who has stopped waiting. Progress becomes the task's status message; questions wait for the client to look. */
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
  readonly #put: TaskCallerOptions['put'];
  readonly #pause: TaskCallerOptions['pause'];
  readonly #waiting = new Map<string, (response: unknown) => void>();
  readonly #firstQuestion = Promise.withResolvers<void>();
  #goOn: (() => void) | undefined;
  #message: string | undefined;

  constructor({ id, principal, capabilities, origin, put, pause }: TaskCallerOptions) {
    this.id = id;
    this.principal = principal;
    this.capabilities = capabilities;
    this.transport = origin?.transport ?? 'http';
    this.#facts = origin?.facts() ?? { transport: 'tcp' };
    this.meta = { traceparent: origin?.meta?.traceparent, progressToken: OWN_TOKEN };
    this.#put = put;
    this.#pause = pause;
  }

  /** A write of a task that is taken over is the same write. */
  get writeName(): string {
    return this.id;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Resolves when the task has to ask its client something, if it ever has to. */
  get asks(): Promise<void> {
    return this.#firstQuestion.promise;
  }

  get isAsking(): boolean {
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

  // A field, so that a raw task may take it out of its context.
  readonly ask = async (question: InputRequest): Promise<unknown> => {
    this.signal.throwIfAborted();
    const key = randomUUID();
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const leave = () => reject(this.signal.reason);
    this.signal.addEventListener('abort', leave, { once: true });
    this.#waiting.set(key, resolve);
    this.#goOn ??= this.#pause();
    this.#firstQuestion.resolve();
    this.#put(key, question).catch(reject);
    try {
      return await promise;
    } finally {
      this.#waiting.delete(key);
      this.signal.removeEventListener('abort', leave);
      if (!this.isAsking) this.#answered();
    }
  };

  #answered(): void {
    this.#goOn?.();
    this.#goOn = undefined;
  }

  /** Hands over what the client has answered. */
  hear(responses: Readonly<Record<string, unknown>>): void {
    for (const [key, response] of Object.entries(responses)) this.#waiting.get(key)?.(response);
  }

  /** The newest status message, once. */
  takeMessage(): string | undefined {
    const message = this.#message;
    this.#message = undefined;
    return message;
  }
}
