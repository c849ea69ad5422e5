import { randomUUID } from 'node:crypto';
import type { Principal } from '@fairway-mcp/auth';
import type { WriteJournal } from '@fairway-mcp/store';
import { type Log, type Observation, traceFields } from '@fairway-mcp/telemetry';
import type { CompiledTool } from '../define/catalog.ts';
import type { WriteContext } from '../define/context.ts';
import type { Caller } from '../protocol/caller.ts';
import { type ErrorKind, ToolError } from '../protocol/errors.ts';
import { type Confirmations, fingerprintOf } from './confirmations.ts';
import type { Deadlines } from './deadlines.ts';
import { STATE_REMEDY } from './record.ts';

export interface RunDependencies {
  services: unknown;
  log: Log;
  deadlines: Deadlines;
  /** How long a call may take, in milliseconds; `undefined` when nobody is waiting for it. */
  patienceMs: number | undefined;
  confirmations: Confirmations;
  journal: () => Promise<WriteJournal>;
}

export type Trace = Pick<Observation, 'traceId' | 'spanId'>;

/** On whose behalf something runs, and under which trace. */
export interface Occasion {
  caller: Caller;
  trace: Trace;
}

/** A tool's arguments, judged, and the occasion of its call. */
export interface JudgedCall extends Occasion {
  input: Record<string, unknown>;
}

/** What a tool's function sees. Its parts are made when they are first looked at: most calls need few of them. */
export class CallContext implements WriteContext<unknown> {
  readonly #dependencies: RunDependencies;
  readonly #caller: Caller;
  readonly #trace: Trace;
  readonly #confirm: (question: string) => Promise<void>;
  #controller: AbortController | undefined;
  #log: Log | undefined;
  #progressed = -1;
  readonly deadline: number | undefined;

  constructor(dependencies: RunDependencies, { caller, trace }: Occasion, confirm: (question: string) => Promise<void>) {
    this.#dependencies = dependencies;
    this.#caller = caller;
    this.#trace = trace;
    this.deadline = deadlineOf(dependencies);
    this.#confirm = confirm;
  }

  get services(): unknown {
    return this.#dependencies.services;
  }

  get principal(): Principal {
    return this.#caller.principal;
  }

  /** What is logged here can be found by the trace id of the call. */
  get log(): Log {
    this.#log ??= this.#dependencies.log.child(traceFields(this.#trace));
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

  /** Fires the signal for a reason of the kit's own, and lets go of the caller's. */
  end(reason: unknown): void {
    this.#controller?.abort(reason);
  }

  // These three are fields, so that a tool may take them out of its context.
  readonly progress = (done: number, total?: number, message?: string): void => {
    const progressToken = this.#caller.meta?.progressToken;
    if ((typeof progressToken !== 'string' && typeof progressToken !== 'number') || done <= this.#progressed) return;
    this.#progressed = done;
    this.#caller.notify('notifications/progress', {
      progressToken,
      progress: done,
      ...(total !== undefined && { total }),
      ...(message !== undefined && { message }),
    });
  };

  readonly confirm = (question: string): Promise<void> => this.#confirm(question);

  readonly now = (): Date => new Date();
}

/** A finished write that was asked for again under the same idempotency key: here is its answer, nothing was done. */
export class AlreadyDone extends Error {
  override readonly name = 'AlreadyDone';
  readonly answer: string;

  constructor(answer: string) {
    super('This write has been done already.');
    this.answer = answer;
  }
}

/** Runs a tool that changes nothing. */
export function runRead(dependencies: RunDependencies, tool: CompiledTool, call: JudgedCall): unknown {
  const context = new CallContext(dependencies, call, () => {
    throw new TypeError(`${tool.definition.name} has access "read" and cannot confirm anything.`);
  });
  const result = tool.definition.run(call.input, context);
  return result instanceof Promise ? untilDeadline(dependencies, tool, context, result) : result;
}

/**
 * Runs a tool that writes: asked for and journaled before the effect; a repeated key never writes twice; a failure after
 * which nobody knows whether the write happened is `unknown_outcome`, and stays in the journal.
 * @throws AlreadyDone with the answer that was given then.
 */
export async function runWrite(dependencies: RunDependencies, tool: CompiledTool, call: JudgedCall): Promise<unknown> {
  const { name } = tool.definition;
  const { input, caller } = call;
  const owner = `${caller.principal.id} ${name}`;
  const key = typeof input.idempotency_key === 'string' ? input.idempotency_key : (caller.writeName ?? randomUUID());
  const fingerprint = fingerprintOf(input);
  const journal = await dependencies.journal();
  let agreed = false;
  const context = new CallContext(dependencies, call, async (question) => {
    await refuseRepetition(journal, owner, key, fingerprint);
    await dependencies.confirmations.require({ principal: caller.principal, tool: name, fingerprint }, caller, question);
    const present = await noteIntent(name, () => journal.begin(owner, key, fingerprint, new Date().toISOString()));
    if (present !== undefined) throw repetition(present, fingerprint);
    agreed = true;
  });
  try {
    const output = await untilDeadline(dependencies, tool, context, Promise.resolve(tool.definition.run(input, context)));
    if (!agreed) throw new TypeError(`${name} has access "${tool.definition.access}" and returned without confirm().`);
    await journal.finish(owner, key, JSON.stringify(output), new Date().toISOString());
    return output;
  } catch (error) {
    if (!agreed) throw error;
    if (error instanceof ToolError && WITHOUT_EFFECT.has(error.kind)) {
      await journal.withdraw(owner, key);
      throw error;
    }
    throw new ToolError({
      kind: 'unknown_outcome',
      message: `${name} was sent, and it is not known whether it took effect.`,
      remedy: 'Look at the state of things before you do anything; this server will not repeat the write.',
      cause: error,
    });
  }
}

/** Kinds of failure after which it is certain that nothing was written. */
const WITHOUT_EFFECT: ReadonlySet<ErrorKind> = new Set([
  'invalid_input',
  'not_found',
  'forbidden',
  'rate_limited',
  'conflict',
  'upstream_rejected',
  'budget_exceeded',
]);

/** A write whose intent cannot be made durable is not made. */
async function noteIntent<T>(tool: string, begin: () => Promise<T>): Promise<T> {
  try {
    return await begin();
  } catch (cause) {
    const message = `${tool} was not carried out, because it could not be written down beforehand.`;
    throw new ToolError({ kind: 'internal', message, remedy: STATE_REMEDY, cause });
  }
}

async function refuseRepetition(journal: WriteJournal, owner: string, key: string, fingerprint: string): Promise<void> {
  const present = await journal.find(owner, key);
  if (present !== undefined) throw repetition(present, fingerprint);
}

function repetition(present: { fingerprint: string; state: string; answer: string | null }, fingerprint: string): Error {
  if (present.fingerprint !== fingerprint) {
    return new ToolError({
      kind: 'conflict',
      message: 'This idempotency key was used for a write with other arguments.',
      remedy: 'Use a new key for a new write.',
    });
  }
  if (present.state === 'finished' && present.answer !== null) return new AlreadyDone(present.answer);
  return new ToolError({
    kind: 'unknown_outcome',
    message: 'This write was sent before, and it is not known whether it took effect.',
    remedy: 'Look at the state of things. If the write did not happen, ask for it again under a new key.',
  });
}

function deadlineOf({ patienceMs }: RunDependencies): number | undefined {
  return patienceMs === undefined ? undefined : Date.now() + patienceMs;
}

async function untilDeadline(
  dependencies: RunDependencies,
  tool: CompiledTool,
  context: CallContext,
  work: Promise<unknown>,
): Promise<unknown> {
  if (context.deadline === undefined) return work;
  const { promise: late, reject } = Promise.withResolvers<never>();
  const token = dependencies.deadlines.set(context.deadline, () => {
    const error = new ToolError({
      kind: 'timeout',
      message: `${tool.definition.name} did not finish within ${Math.round((dependencies.patienceMs ?? 0) / 1000)} s.`,
      remedy: 'Ask for less (a narrower filter), or let the operator raise --deadline-seconds.',
    });
    context.end(error);
    reject(error);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    dependencies.deadlines.clear(token);
  }
}
