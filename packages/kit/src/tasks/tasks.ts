import { randomUUID } from 'node:crypto';
import { waitAtMost } from '@fairway-mcp/async';
import type { Principal } from '@fairway-mcp/auth';
import type { TaskRow, TaskTable } from '@fairway-mcp/store';
import type { Log } from '@fairway-mcp/telemetry';
import type { CompiledTool } from '../define/catalog.ts';
import type { Outcome } from '../pipeline/outcome.ts';
import type { Caller, ClientCapabilities } from '../protocol/caller.ts';
import { ToolError } from '../protocol/errors.ts';
import { endOf, type TaskEnd, tooManyRestarts } from './end.ts';
import type { TaskOutcome } from './outcome.ts';
import { TaskCaller } from './task-caller.ts';
import { declaresTasks, type TaskView, viewOf } from './view.ts';

/** Calls that end within this time are answered at once, without a task. */
const GRACE_MS = 500;
const LEASE_MS = 15_000;
const TICK_MS = 5_000;
/** A task that was reclaimed this often is assumed to crash its process. */
const MAX_RECLAIMS = 5;
/** Tasks of one principal that may wait for their user at the same time, in this process. */
const MAX_WAITING = 20;

/** Runs a call to its end, without a deadline. */
export type RunToEnd = (name: string, given: unknown, caller: Caller) => Promise<Outcome>;

export interface TaskOptions {
  server: string;
  table: TaskTable;
  run: RunToEnd;
  log: Log;
  /** What the principal of a task may do now; without any scope the task is refused. */
  currentPrincipal(principal: Principal): Promise<Principal>;
  /** Stops counting a running call while it waits for its user. @returns a function that counts it again. */
  pause(): () => void;
  /** How long a task is kept, in milliseconds from its creation. */
  ttlMs: number;
  /** For tests. */
  graceMs?: number;
  leaseMs?: number;
  tickMs?: number;
}

/** A task that no client knows yet, and the function that stores it. */
interface PreparedTask {
  caller: TaskCaller;
  /** @returns `undefined` when it cannot be stored: then no client may learn of it. */
  store(end: Promise<TaskEnd>): Promise<TaskView | undefined>;
}

/**
 * Long calls that continue when their client has stopped waiting (the tasks extension). Their state is in the store: any process can
 * answer for them, and a process that starts reclaims orphaned ones.
 */
export class Tasks {
  readonly #options: Required<TaskOptions>;
  readonly #running = new Map<string, TaskCaller>();
  readonly #ticker: NodeJS.Timeout;
  #ticking: Promise<void> | undefined;
  #isClosing = false;

  constructor(options: TaskOptions) {
    this.#options = { graceMs: GRACE_MS, leaseMs: LEASE_MS, tickMs: TICK_MS, ...options };
    this.#ticker = setInterval(() => this.#startTick(), this.#options.tickMs);
    this.#ticker.unref();
  }

  /** One at a time: with a slow store they would pile up. */
  #startTick(): void {
    this.#ticking ??= this.#tick().finally(() => {
      this.#ticking = undefined;
    });
  }

  /** Whether this call may become a task: the tool is long-running and the client declared the extension. */
  accepts(tool: CompiledTool, caller: Caller): boolean {
    return tool.definition.longRunning === true && caller.era === 'modern' && declaresTasks(caller.capabilities);
  }

  /** Runs a call. Answers it when it ends soon; otherwise, or when it needs input, answers with a task that has been stored. */
  async call(tool: CompiledTool, given: unknown, caller: Caller): Promise<TaskOutcome> {
    const { name } = tool.definition;
    const task = this.#prepare(name, given, caller);
    const onAbort = () => task.caller.end(caller.signal.reason);
    caller.signal.addEventListener('abort', onAbort, { once: true });
    const work = this.#options.run(name, given, task.caller);
    const early = await waitAtMost(this.#options.graceMs, Promise.race([work, task.caller.inputRequested]));
    if (early !== undefined) return early;
    const view = await task.store(work.then(endOf));
    if (view === undefined) return work;
    caller.signal.removeEventListener('abort', onAbort);
    return { kind: 'task', task: view };
  }

  /**
   * Makes a task at once, of work that no other process can reclaim.
   * @throws Error when it cannot be stored; the work is then aborted.
   */
  async begin(name: string, given: unknown, caller: Caller, work: (waiting: TaskCaller) => Promise<TaskEnd>): Promise<TaskView> {
    const task = this.#prepare(name, given, caller);
    const view = await task.store(work(task.caller));
    if (view !== undefined) return view;
    task.caller.end(new Error('The task could not be made.'));
    throw new Error('The task could not be made.');
  }

  /** The task of that id, if it is this principal's. */
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

  /** Stores answers to a task's input requests, wherever it is running. Returns false when there is no such task of this principal's. */
  async respond(id: string, principal: Principal, responses: Readonly<Record<string, unknown>>): Promise<boolean> {
    if ((await this.find(id, principal)) === undefined) return false;
    await this.#options.table.addResponses(id, responses, new Date().toISOString());
    const running = this.#running.get(id);
    if (running !== undefined) await this.#passResponses(running);
    return true;
  }

  /** Reclaims what an earlier process left unfinished. */
  async start(): Promise<void> {
    await this.#reclaim();
  }

  /** Aborts and releases what is running, so that another process can reclaim it at once. */
  async close(): Promise<void> {
    clearInterval(this.#ticker);
    this.#isClosing = true;
    // It needs the store, which is closed next, and may reclaim a task.
    await this.#ticking;
    const running = [...this.#running];
    this.#running.clear();
    for (const [id, caller] of running) {
      await this.#options.table.renewLease(id, 0);
      caller.end(new Error('The server is stopping.'));
    }
  }

  #prepare(tool: string, given: unknown, origin: Caller): PreparedTask {
    const id = randomUUID();
    const { principal, capabilities } = origin;
    const { promise: stored, resolve, reject } = Promise.withResolvers<void>();
    stored.catch(() => undefined);
    const caller = this.#createCaller({ id, principal, capabilities, origin }, stored);
    return {
      caller,
      store: async (end) => {
        const row = this.#newRow(id, tool, given, origin);
        try {
          await this.#options.table.create(row);
        } catch (error) {
          this.#options.log.error('A task could not be stored', { tool, error });
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

  /** @param stored resolves when the task is in the store. */
  #createCaller(
    task: { id: string; principal: Principal; capabilities: ClientCapabilities; origin?: Caller },
    stored: Promise<void>,
  ): TaskCaller {
    return new TaskCaller({
      ...task,
      pause: this.#options.pause,
      storeInputRequest: async (key, request) => {
        this.#rejectTooManyWaiting(task.principal);
        await stored;
        await this.#options.table.addQuestion(task.id, key, { ...request }, new Date().toISOString());
      },
    });
  }

  /** A client that leaves its input requests unanswered must not fill the memory. */
  #rejectTooManyWaiting({ id }: Principal): void {
    const waiting = [...this.#running.values()].filter((caller) => caller.isWaiting && caller.principal.id === id);
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
      .then((ended) => this.#settle(caller.id, ended))
      .catch((error) => this.#options.log.error('A task could not be ended', { task: caller.id, error }));
  }

  /** A process that is stopping has released its tasks: it no longer decides how they end. */
  async #settle(id: string, { status, answer }: TaskEnd): Promise<void> {
    if (!this.#running.delete(id)) return;
    await this.#options.table.end(id, status, JSON.stringify(answer), new Date().toISOString());
  }

  async #passResponses(caller: TaskCaller): Promise<void> {
    const row = await this.#options.table.find(caller.id);
    if (row !== undefined) caller.respond(JSON.parse(row.responses) as Record<string, unknown>);
  }

  async #tick(): Promise<void> {
    const { table, leaseMs, log, server } = this.#options;
    try {
      for (const [id, caller] of this.#running) {
        if (this.#isClosing) return;
        const message = caller.takeMessage();
        if (message !== undefined) await table.setStatusMessage(id, message, new Date().toISOString());
        if (!(await table.renewLease(id, Date.now() + leaseMs))) caller.end(new Error('The task was cancelled.'));
        else if (caller.isWaiting) await this.#passResponses(caller);
      }
      await table.deleteExpired(server, Date.now());
      if (!this.#isClosing) await this.#reclaim();
    } catch (error) {
      log.warn('The leases of tasks could not be renewed', { error });
    }
  }

  async #reclaim(): Promise<void> {
    const { table, server, leaseMs, log, run, currentPrincipal } = this.#options;
    const now = Date.now();
    for (const row of await table.reclaimOrphaned(server, now, now + leaseMs)) {
      const { id, tool } = row;
      if (this.#running.has(id)) continue;
      log.info('Reclaiming an orphaned task', { task: id, tool });
      const principal = await currentPrincipal(JSON.parse(row.principal) as Principal);
      const capabilities = JSON.parse(row.capabilities) as ClientCapabilities;
      const caller = this.#createCaller({ id, principal, capabilities }, Promise.resolve());
      if (row.reclaims < MAX_RECLAIMS) this.#watch(caller, run(tool, JSON.parse(row.arguments), caller).then(endOf));
      else await table.end(id, 'failed', JSON.stringify(tooManyRestarts().answer), new Date().toISOString());
    }
  }
}
