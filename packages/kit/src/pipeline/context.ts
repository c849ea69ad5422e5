import type { Principal } from '@fairway-mcp/auth';
import { type Instruments, type Log, type SpanParent, type SpanStart, traceFields } from '@fairway-mcp/telemetry';
import type { ContentBlock } from '@modelcontextprotocol/server';
import type { WriteContext } from '../define/context.ts';
import type { Caller } from '../protocol/caller.ts';
import type { Trace } from './request.ts';
import { runInSpan } from './span.ts';

/** What all contexts of one server share. */
export interface SharedContext {
  readonly services: unknown;
  readonly log: Log;
  readonly instruments: Instruments;
}

/** The part of a context that belongs to one call. */
export interface ContextOptions {
  caller: Caller;
  trace: Trace;
  /** `undefined` when no client is waiting. */
  timeoutMs: number | undefined;
  /** When the call arrived, in milliseconds of `performance.now()`: its time counts from there. Now, if it is left out. */
  arrivedAt?: number;
  /** The list's state that a later page is cut from. */
  snapshot?: string | undefined;
  isLaterPage?: boolean;
  /** What the tool has attached to its answer. */
  attached?: ContentBlock[];
}

/** A tool's validated arguments, and what its context is made of. */
export interface ToolRun extends ContextOptions {
  input: Record<string, unknown>;
}

/** The part of a context that belongs to a write. */
export interface WriteOptions {
  readonly idempotencyKey: string;
  confirm(question: string): Promise<void>;
}

/** What the function of a tool, resource or prompt sees. Its parts are created at their first use: most calls need few of them. */
export class CallContext implements WriteContext<unknown> {
  readonly #shared: SharedContext;
  readonly #caller: Caller;
  readonly #trace: Trace;
  readonly #write: WriteOptions | undefined;
  readonly #options: ContextOptions;
  #controller: AbortController | undefined;
  #log: Log | undefined;
  #lastProgress = -1;
  readonly deadline: number | undefined;
  readonly snapshot: string | undefined;
  readonly isLaterPage: boolean;

  constructor(shared: SharedContext, options: ContextOptions, write?: WriteOptions) {
    const { caller, trace, timeoutMs, arrivedAt, snapshot, isLaterPage = false } = options;
    this.#options = options;
    this.#shared = shared;
    this.#caller = caller;
    this.#trace = trace;
    this.deadline = timeoutMs === undefined ? undefined : (arrivedAt ?? performance.now()) + timeoutMs;
    this.snapshot = snapshot;
    this.isLaterPage = isLaterPage;
    this.#write = write;
  }

  get services(): unknown {
    return this.#shared.services;
  }

  get idempotencyKey(): string {
    return this.#write?.idempotencyKey ?? '';
  }

  get principal(): Principal {
    return this.#caller.principal;
  }

  /** Every line carries the trace id of the call. */
  get log(): Log {
    this.#log ??= this.#shared.log.child(traceFields(this.#trace));
    return this.#log;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      const controller = new AbortController();
      const { signal } = this.#caller;
      if (signal.aborted) controller.abort(signal.reason);
      else signal.addEventListener('abort', () => controller.abort(signal.reason), { once: true, signal: controller.signal });
      this.#controller = controller;
    }
    return this.#controller.signal;
  }

  get trace(): Trace {
    return this.#trace;
  }

  /** Creates the function at its use, so that a tool may take it out of its context and calls without spans pay nothing. */
  get span() {
    const { instruments } = this.#shared;
    return <T>(start: Omit<SpanStart, 'parent'>, work: (span: SpanParent) => Promise<T>): Promise<T> =>
      runInSpan(instruments, { ...start, parent: this.#trace }, work);
  }

  /** Like {@link span}: most calls attach nothing. */
  get attach() {
    const options = this.#options;
    return (block: ContentBlock): void => {
      options.attached ??= [];
      options.attached.push(block);
    };
  }

  /** Fires the signal and stops listening to the caller's. */
  abort(reason: unknown): void {
    this.#controller?.abort(reason);
  }

  // These three are fields, so that a tool may take them out of its context.
  readonly progress = (done: number, total?: number, message?: string): void => {
    const progressToken = this.#caller.meta?.progressToken;
    if ((typeof progressToken !== 'string' && typeof progressToken !== 'number') || done <= this.#lastProgress) return;
    this.#lastProgress = done;
    this.#caller.notify('notifications/progress', {
      progressToken,
      progress: done,
      ...(total !== undefined && { total }),
      ...(message !== undefined && { message }),
    });
  };

  readonly confirm = async (question: string): Promise<void> => {
    if (this.#write === undefined) throw new TypeError('What only reads cannot confirm anything.');
    await this.#write.confirm(question);
  };

  readonly now = (): Date => new Date();
}

/** The context of a resource or prompt, which only read. */
export function createReadContext(shared: SharedContext, options: ContextOptions): CallContext {
  return new CallContext(shared, options);
}
