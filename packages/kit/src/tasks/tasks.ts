import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Principal } from '@fairway-mcp/auth';
import type { TaskRow, TaskTable } from '@fairway-mcp/store';
import type { Log } from '@fairway-mcp/telemetry';
import type { CompiledTool } from '../define/catalog.ts';
import type { Outcome } from '../pipeline/outcome.ts';
import type { Caller, ClientCapabilities } from '../protocol/caller.ts';
import { ToolError } from '../protocol/errors.ts';
import { endOf, type TaskEnd, tooOften } from './end.ts';
import { TaskCaller } from './task-caller.ts';
import { declaresTasks, type TaskView, viewOf } from './view.ts';

/** Calls that end within this time are answered at once, without a task. */
const GRACE_MS = 500;
const LEASE_MS = 15_000;
const TICK_MS = 5_000;
/** A task that was left behind this often is what ends the processes. */
const MAX_RECLAIMS = 5;
/** Tasks of one principal that may wait for their person at the same time, in this process. */
const MAX_WAITING = 20;

/** Walks a call to its end, whoever is waiting for it. */
export type RunToEnd = (name: string, given: unknown, caller: Caller) => Promise<Outcome>;

export interface TaskOptions {
  server: string;
  table: TaskTable;
  run: RunToEnd;
  log: Log;
  /** Frees the place that a running call takes, while it waits for its person. @returns what takes it again. */
  pause(): () => void;
  /** How long a task may be asked for, in milliseconds from its creation. */
  ttlMs: number;
  /** For tests: other times than the usual ones. */
  graceMs?: number;
  leaseMs?: number;
  tickMs?: number;
}

/** A task before anybody has been told of it, and what makes it known. */
interface Prepared {
  caller: TaskCaller;
  /** @returns `undefined` when the store cannot take it: then nobody must be told of it. */
  open(end: Promise<TaskEnd>): Promise<TaskView | undefined>;
}

/**
 * Long calls that go on when their caller has stopped waiting (the tasks extension). What is known of them is in the store:
 * another process can be asked, and a process that starts takes over what nobody is at any more.
 */
export class Tasks {
  readonly #options: Required<TaskOptions>;
  readonly #running = new Map<string, TaskCaller>();
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

  /** Runs a call. Answers it when it ends soon, and with a task, durably made, when it does not or has to ask. */
  async call(tool: CompiledTool, given: unknown, caller: Caller): Promise<Outcome> {
    const { name } = tool.definition;
    const task = this.#prepare(name, given, caller);
    const leave = () => task.caller.end(caller.signal.reason);
    caller.signal.addEventListener('abort', leave, { once: true });
    const work = this.#options.run(name, given, task.caller);
    const early = await Promise.race([work, sleep(this.#options.graceMs, undefined, { ref: false }), task.caller.asks]);
    if (early !== undefined) return early;
    const view = await task.open(work.then(endOf));
    if (view === undefined) return work;
    caller.signal.removeEventListener('abort', leave);
    return { kind: 'task', task: view };
  }

  /**
   * Makes a task at once, of work that nobody but this process can do.
   * @throws Error when the store cannot take it; the work is then ended.
   */
  async begin(name: string, given: unknown, caller: Caller, work: (waiting: TaskCaller) => Promise<TaskEnd>): Promise<TaskView> {
    const task = this.#prepare(name, given, caller);
    const view = await task.open(work(task.caller));
    if (view !== undefined) return view;
    task.caller.end(new Error('The task could not be made.'));
    throw new Error('The task could not be made.');
  }

  /** The task of that id, if it is this principal's. Strangers' tasks do not exist. */
  async find(id: string, principal: Principal): Promise<TaskView | undefined> {
    const row = await this.#options.table.find(id);
    return row !== undefined && row.owner === principal.id && row.server === this.#options.server ? viewOf(row) : undefined;
  }

  /** Ends a task, wherever it is running. Returns false when there is no such task of this principal's. */
  async cancel(id: string, principal: Principal): Promise<boolean> {
    if ((await this.find(id, principal)) === undefined) return false;
    await this.#options.table.end(id, 'cancelled', null, new Date().toISOString());
    this.#running.get(id)?.end(new Error('The task was cancelled.'));
    return true;
  }

  /** Takes answers to what a task asks, wherever it is running. Returns false when there is no such task of this principal's. */
  async respond(id: string, principal: Principal, responses: Readonly<Record<string, unknown>>): Promise<boolean> {
    if ((await this.find(id, principal)) === undefined) return false;
    await this.#options.table.addResponses(id, responses, new Date().toISOString());
    const running = this.#running.get(id);
    if (running !== undefined) await this.#hear(running);
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
    for (const [id, caller] of running) {
      await this.#options.table.renewLease(id, 0);
      caller.end(new Error('The server is stopping.'));
    }
  }

  #prepare(tool: string, given: unknown, origin: Caller): Prepared {
    const id = randomUUID();
    const { principal, capabilities } = origin;
    const { promise: known, resolve, reject } = Promise.withResolvers<void>();
    known.catch(() => undefined);
    const caller = this.#caller({ id, principal, capabilities, origin }, known);
    return {
      caller,
      open: async (end) => {
        const row = this.#newRow(id, tool, given, origin);
        try {
          await this.#options.table.create(row);
        } catch (error) {
          this.#options.log.error('A task could not be made', { tool, error });
          reject(error);
          end.catch(() => undefined);
          return undefined;
        }
        resolve();
        this.#watch(caller, end);
        return viewOf(row);
      },
    };
  }

  /** @param known resolves when the task is in the store. */
  #caller(who: { id: string; principal: Principal; capabilities: ClientCapabilities; origin?: Caller }, known: Promise<void>): TaskCaller {
    return new TaskCaller({
      ...who,
      pause: this.#options.pause,
      put: async (key, question) => {
        this.#refuseCrowd(who.principal);
        await known;
        await this.#options.table.addQuestion(who.id, key, { ...question }, new Date().toISOString());
      },
    });
  }

  /** Nobody answers that many questions: a client that leaves them must not fill the memory. */
  #refuseCrowd({ id }: Principal): void {
    const waiting = [...this.#running.values()].filter((caller) => caller.isAsking && caller.principal.id === id);
    if (waiting.length < MAX_WAITING) return;
    throw new ToolError({
      kind: 'rate_limited',
      message: `${waiting.length} tasks wait for this caller's answers already.`,
      remedy: 'Answer or cancel them (tasks/update, tasks/cancel) and call again.',
      retryAfterS: 1,
    });
  }

  #newRow(id: string, tool: string, given: unknown, { principal, capabilities }: Caller): TaskRow {
    const now = new Date();
    return {
      id,
      server: this.#options.server,
      owner: principal.id,
      principal: JSON.stringify(principal),
      capabilities: JSON.stringify(capabilities),
      tool,
      arguments: JSON.stringify(given ?? {}),
      status: 'working',
      statusMessage: null,
      answer: null,
      questions: '{}',
      responses: '{}',
      createdAt: now.toISOString(),
      updatedAt: now.toISOString(),
      expiresAt: now.getTime() + this.#options.ttlMs,
      leaseUntil: now.getTime() + this.#options.leaseMs,
      reclaims: 0,
    };
  }

  #watch(caller: TaskCaller, end: Promise<TaskEnd>): void {
    this.#running.set(caller.id, caller);
    end
      .then((how) => this.#settle(caller.id, how))
      .catch((error) => this.#options.log.error('A task could not be ended', { task: caller.id, error }));
  }

  /** A process that is stopping has let go of its tasks: what they come to then is not theirs to say. */
  async #settle(id: string, { status, answer }: TaskEnd): Promise<void> {
    if (!this.#running.delete(id)) return;
    await this.#options.table.end(id, status, JSON.stringify(answer), new Date().toISOString());
  }

  async #hear(caller: TaskCaller): Promise<void> {
    const row = await this.#options.table.find(caller.id);
    if (row !== undefined) caller.hear(JSON.parse(row.responses) as Record<string, unknown>);
  }

  async #tick(): Promise<void> {
    const { table, leaseMs, log, server } = this.#options;
    try {
      for (const [id, caller] of this.#running) {
        const message = caller.takeMessage();
        if (message !== undefined) await table.setStatusMessage(id, message, new Date().toISOString());
        if (!(await table.renewLease(id, Date.now() + leaseMs))) caller.end(new Error('The task was cancelled.'));
        else if (caller.isAsking) await this.#hear(caller);
      }
      await table.deleteExpired(server, Date.now());
      await this.#adopt();
    } catch (error) {
      log.warn('Tasks could not be kept', { error });
    }
  }

  async #adopt(): Promise<void> {
    const { table, server, leaseMs, log, run } = this.#options;
    const now = Date.now();
    for (const row of await table.reclaimOrphaned(server, now, now + leaseMs)) {
      const { id, tool } = row;
      if (this.#running.has(id)) continue;
      log.info('Taking over a task', { task: id, tool });
      const principal = JSON.parse(row.principal) as Principal;
      const caller = this.#caller({ id, principal, capabilities: JSON.parse(row.capabilities) as ClientCapabilities }, Promise.resolve());
      if (row.reclaims < MAX_RECLAIMS) this.#watch(caller, run(tool, JSON.parse(row.arguments), caller).then(endOf));
      else await table.end(id, 'failed', JSON.stringify(tooOften().answer), new Date().toISOString());
    }
  }
}
