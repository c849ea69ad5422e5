import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Principal } from '@fairway-mcp/auth';
import type { TaskRow, TaskTable } from '@fairway-mcp/store';
import type { Log } from '@fairway-mcp/telemetry';
import type { Answer, Outcome } from '../call/answer.ts';
import type { Caller } from '../call/caller.ts';
import { ERROR_META, resultOf } from '../call/shape.ts';
import type { CompiledTool } from '../define/catalog.ts';
import { INTERNAL_ERROR, isObject } from '../protocol/json.ts';
import { TaskCaller } from './task-caller.ts';
import { declaresTasks, type TaskView, viewOf } from './view.ts';

/** Calls that end within this time are answered at once, without a task. */
const GRACE_MS = 500;
const LEASE_MS = 15_000;
const TICK_MS = 5_000;

/** Walks a call to its end, whoever is waiting for it. */
export type RunToEnd = (name: string, given: unknown, caller: Caller) => Promise<Outcome>;

export interface TaskOptions {
  server: string;
  table: TaskTable;
  run: RunToEnd;
  log: Log;
  /** How long a task may be asked for, in milliseconds from its creation. */
  ttlMs: number;
  /** For tests: other times than the usual ones. */
  graceMs?: number;
  leaseMs?: number;
  tickMs?: number;
}

interface Running {
  controller: AbortController;
  caller: TaskCaller;
}

/**
 * Long calls that go on when their caller has stopped waiting (the tasks extension). What is known of them is in the store:
 * another process can be asked, and a process that starts takes over what nobody is at any more.
 */
export class Tasks {
  readonly #options: Required<TaskOptions>;
  readonly #running = new Map<string, Running>();
  readonly #ticker: NodeJS.Timeout;

  constructor(options: TaskOptions) {
    this.#options = { graceMs: GRACE_MS, leaseMs: LEASE_MS, tickMs: TICK_MS, ...options };
    this.#ticker = setInterval(() => void this.#tick(), this.#options.tickMs);
    this.#ticker.unref();
  }

  /** Whether this call may become a task: the tool is a long one and the client has said that it can wait for it. */
  accepts(tool: CompiledTool, caller: Caller): boolean {
    return tool.definition.longRunning === true && caller.era === 'modern' && declaresTasks(caller.capabilities);
  }

  /** Runs a call. Answers it when it ends soon, and with a task, durably made, when it does not. */
  async call(tool: CompiledTool, given: unknown, caller: Caller): Promise<Outcome> {
    const controller = new AbortController();
    const taskCaller = new TaskCaller(caller.principal, controller.signal, caller);
    const leave = () => controller.abort(caller.signal.reason);
    caller.signal.addEventListener('abort', leave, { once: true });
    const work = this.#options.run(tool.definition.name, given, taskCaller);
    const early = await Promise.race([work, sleep(this.#options.graceMs, undefined, { ref: false })]);
    if (early !== undefined) return early;
    const row = this.#newRow(tool, given, caller.principal);
    await this.#options.table.create(row);
    caller.signal.removeEventListener('abort', leave);
    this.#watch(row.id, work, { controller, caller: taskCaller });
    return { kind: 'task', task: viewOf(row) };
  }

  /** The task of that id, if it is this principal's. Strangers' tasks do not exist. */
  async find(id: string, principal: Principal): Promise<TaskView | undefined> {
    const row = await this.#options.table.find(id);
    return row !== undefined && row.owner === principal.id && row.server === this.#options.server ? viewOf(row) : undefined;
  }

  /** Ends a task, wherever it is running. Returns false when there is no such task of this principal's. */
  async cancel(id: string, principal: Principal): Promise<boolean> {
    if ((await this.find(id, principal)) === undefined) return false;
    await this.#options.table.settle(id, 'cancelled', null, new Date().toISOString());
    this.#running.get(id)?.controller.abort(new Error('The task was cancelled.'));
    return true;
  }

  /** Takes over at once what an earlier process left behind. */
  async start(): Promise<void> {
    await this.#adopt();
  }

  /** Lets go of what is running, so that the next process can take it over at once. */
  async close(): Promise<void> {
    clearInterval(this.#ticker);
    const running = [...this.#running];
    this.#running.clear();
    for (const [id, { controller }] of running) {
      await this.#options.table.keep(id, 0);
      controller.abort(new Error('The server is stopping.'));
    }
  }

  #newRow(tool: CompiledTool, given: unknown, principal: Principal): TaskRow {
    const now = new Date();
    return {
      id: randomUUID(),
      server: this.#options.server,
      owner: principal.id,
      principal: JSON.stringify(principal),
      tool: tool.definition.name,
      arguments: JSON.stringify(given ?? {}),
      status: 'working',
      statusMessage: null,
      answer: null,
      createdAt: now.toISOString(),
      updatedAt: now.toISOString(),
      expiresAt: now.getTime() + this.#options.ttlMs,
      leaseUntil: now.getTime() + this.#options.leaseMs,
    };
  }

  #watch(id: string, work: Promise<Outcome>, running: Running): void {
    this.#running.set(id, running);
    work
      .then((outcome) => this.#settle(id, outcome))
      .catch((error) => this.#options.log.error('A task could not be ended', { task: id, error }));
  }

  /** A process that is stopping has let go of its tasks: what they come to then is not theirs to say. */
  async #settle(id: string, outcome: Outcome): Promise<void> {
    if (!this.#running.delete(id)) return;
    const { status, answer } = endOf(outcome);
    await this.#options.table.settle(id, status, JSON.stringify(answer), new Date().toISOString());
  }

  async #tick(): Promise<void> {
    const { table, leaseMs, log, server } = this.#options;
    try {
      for (const [id, { controller, caller }] of this.#running) {
        const message = caller.takeMessage();
        if (message !== undefined) await table.describe(id, message, new Date().toISOString());
        if (!(await table.keep(id, Date.now() + leaseMs))) controller.abort(new Error('The task was cancelled.'));
      }
      await table.expire(server, Date.now());
      await this.#adopt();
    } catch (error) {
      log.warn('Tasks could not be kept', { error });
    }
  }

  async #adopt(): Promise<void> {
    const { table, server, leaseMs, log, run } = this.#options;
    const now = Date.now();
    for (const row of await table.adopt(server, now, now + leaseMs)) {
      if (this.#running.has(row.id)) continue;
      log.info('Taking over a task', { task: row.id, tool: row.tool });
      const controller = new AbortController();
      const caller = new TaskCaller(JSON.parse(row.principal) as Principal, controller.signal);
      this.#watch(row.id, run(row.tool, JSON.parse(row.arguments), caller), { controller, caller });
    }
  }
}

/** A tool that ran and reported an error has completed; only what broke inside the server has failed. */
function endOf(outcome: Outcome): { status: 'completed' | 'failed'; answer: unknown } {
  if (outcome.kind !== 'answer') return failure('The call can no longer be made.');
  const error = outcome.meta?.[ERROR_META];
  if (isObject(error) && error.kind === 'internal') return failure(String(error.message), { trace_id: error.trace_id });
  return { status: 'completed', answer: resultOf(outcome satisfies Answer) };
}

function failure(message: string, data?: object): { status: 'failed'; answer: unknown } {
  return { status: 'failed', answer: { code: INTERNAL_ERROR, message, ...(data !== undefined && { data }) } };
}
