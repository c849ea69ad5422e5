import { randomUUID } from 'node:crypto';
import { sleep, waitAtMost } from '@fairway-mcp/async';
import type { JournalEntry, WriteJournal } from '@fairway-mcp/store';
import { traceFields } from '@fairway-mcp/telemetry';
import type { CompiledTool } from '../define/catalog.ts';
import type { Settlement } from '../define/tool.ts';
import type { Caller } from '../protocol/caller.ts';
import { type ErrorKind, ToolError } from '../protocol/errors.ts';
import { type Confirmations, fingerprintOf } from './confirmations.ts';
import type { SharedContext, ToolRun, WriteOptions } from './context.ts';
import { STATE_REMEDY } from './record.ts';
import { hadNoEffect, isUpstreamFailure } from './upstream-failure.ts';
import type { WriteLeases } from './write-leases.ts';

/** How long a server may take to find out whether a write happened. */
const SETTLE_TIMEOUT_MS = 10_000;
/** How often the journal is read while another call makes the same write. */
const POLL_MS = 250;

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

function isWithoutEffect(error: unknown): boolean {
  if (isUpstreamFailure(error)) return WITHOUT_EFFECT.has(error.kind) && hadNoEffect(error);
  return error instanceof ToolError && WITHOUT_EFFECT.has(error.kind);
}

/** Thrown when the same write has finished before, under the same idempotency key. */
class AlreadyWritten extends Error {
  override readonly name = 'AlreadyWritten';
  readonly answer: string;

  constructor(answer: string) {
    super('This write was made before.');
    this.answer = answer;
  }
}

export interface WriteDependencies extends SharedContext {
  confirmations: Confirmations;
  leases: WriteLeases;
}

/**
 * One call of a tool that writes: confirmed and journaled before the effect; a repeated key never writes twice; a failure after which the
 * outcome is unknown is settled by the tool, or else is `unknown_outcome` and stays in the journal.
 */
export class Write implements WriteOptions {
  readonly idempotencyKey: string;
  readonly #tool: CompiledTool;
  readonly #run: ToolRun;
  readonly #caller: Caller;
  readonly #dependencies: WriteDependencies;
  readonly #journal: WriteJournal;
  readonly #owner: string;
  readonly #fingerprint: string;
  #startedAt: string | undefined;
  /** The caller was told that nothing was written: nothing may be written any more. */
  #isAbandoned = false;

  constructor(tool: CompiledTool, run: ToolRun, dependencies: WriteDependencies) {
    const { input, caller } = run;
    this.#tool = tool;
    this.#run = run;
    this.#caller = caller;
    this.#dependencies = dependencies;
    this.#journal = dependencies.leases.journal;
    this.#owner = `${caller.principal.id} ${tool.definition.name}`;
    this.idempotencyKey = typeof input.idempotency_key === 'string' ? input.idempotency_key : (caller.idempotencyKey ?? randomUUID());
    this.#fingerprint = fingerprintOf(input);
  }

  /** Asks the user and makes the intent durable. */
  async confirm(question: string): Promise<void> {
    const { name, withoutConfirmation } = this.#tool.definition;
    if (withoutConfirmation !== undefined) throw new TypeError(`${name} is withoutConfirmation and called confirm().`);
    await this.#refuseRepetition(await this.#journal.find(this.#owner, this.idempotencyKey));
    const consent = { principal: this.#caller.principal, tool: name, fingerprint: this.#fingerprint };
    await this.#dependencies.confirmations.require(consent, this.#caller, question);
    await this.#start();
  }

  /**
   * Runs the tool's function and records how the write ended, also when that is after the deadline.
   * @param withinDeadline rejects when the deadline passes before the work ends
   * @returns the tool's output, or that of the same write when it was made before
   */
  async perform(work: () => Promise<unknown>, withinDeadline: (work: Promise<unknown>) => Promise<unknown>): Promise<unknown> {
    let hasEnded = false;
    const running = this.#complete(work).finally(() => {
      hasEnded = true;
    });
    try {
      return await withinDeadline(running);
    } catch (error) {
      if (error instanceof AlreadyWritten) return JSON.parse(error.answer);
      this.#isAbandoned = this.#startedAt === undefined;
      if (this.#startedAt === undefined) throw error;
      if (!hasEnded) throw this.#unknownOutcome(error);
      return await this.#resolveFailure(error, this.#startedAt);
    } finally {
      // Until the tool's function has ended, its effect may still come: only then may the outcome be settled.
      const release = () => this.#dependencies.leases.release(this.#owner, this.idempotencyKey);
      if (hasEnded) await release();
      else void running.catch(() => undefined).then(release);
    }
  }

  async #complete(work: () => Promise<unknown>): Promise<unknown> {
    const { name, access, withoutConfirmation } = this.#tool.definition;
    if (withoutConfirmation !== undefined) await this.#start();
    const output = await work();
    if (this.#startedAt === undefined) throw new TypeError(`${name} has access "${access}" and returned without confirm().`);
    await this.#journal.finish(this.#owner, this.idempotencyKey, JSON.stringify(output), new Date().toISOString());
    return output;
  }

  async #start(): Promise<void> {
    const startedAt = new Date().toISOString();
    for (;;) {
      const existing = await this.#begin(startedAt);
      if (existing === undefined) break;
      await this.#refuseRepetition(existing);
    }
    if (this.#isAbandoned) {
      await this.#journal.withdraw(this.#owner, this.idempotencyKey);
      throw new Error(`${this.#tool.definition.name} was not started: its deadline had passed.`);
    }
    this.#dependencies.leases.hold(this.#owner, this.idempotencyKey);
    this.#startedAt = startedAt;
  }

  /** A write whose intent cannot be made durable is not made. */
  async #begin(startedAt: string): Promise<JournalEntry | undefined> {
    const { leases } = this.#dependencies;
    try {
      return await this.#journal.begin(this.#owner, this.idempotencyKey, this.#fingerprint, startedAt, leases.end());
    } catch (cause) {
      const message = `${this.#tool.definition.name} was not carried out, because it could not be written down beforehand.`;
      throw new ToolError({ kind: 'internal', message, remedy: STATE_REMEDY, cause });
    }
  }

  /**
   * Returns when the write may be made: it was not requested before, or certainly did not happen.
   * @throws AlreadyWritten with the answer of the same write, ToolError `conflict` or `unknown_outcome`
   */
  async #refuseRepetition(found: JournalEntry | undefined): Promise<void> {
    if (found === undefined) return;
    if (found.fingerprint !== this.#fingerprint) throw usedForAnotherWrite();
    const entry = this.#tool.definition.settle === undefined ? found : await this.#ended(found);
    if (entry === undefined) return;
    if (entry.state === 'finished' && entry.answer !== null) throw new AlreadyWritten(entry.answer);
    const settlement = await this.#settle(entry.startedAt);
    if (settlement.outcome === 'happened') throw new AlreadyWritten(JSON.stringify(settlement.output));
    if (settlement.outcome === 'unknown') throw stillUnknown();
  }

  /** Waits while another call, maybe in another process, makes the same write. @returns its entry, unless it was withdrawn */
  async #ended(found: JournalEntry): Promise<JournalEntry | undefined> {
    let entry: JournalEntry | undefined = found;
    while (entry?.state === 'started' && entry.leaseUntil > Date.now()) {
      await sleep(POLL_MS, this.#caller.signal);
      entry = await this.#journal.find(this.#owner, this.idempotencyKey);
    }
    return entry;
  }

  /** @returns the output, when the write happened all the same. @throws ToolError */
  async #resolveFailure(error: unknown, startedAt: string): Promise<unknown> {
    if (isWithoutEffect(error)) {
      await this.#journal.withdraw(this.#owner, this.idempotencyKey);
      throw error;
    }
    const settlement = await this.#settle(startedAt);
    if (settlement.outcome === 'happened') return settlement.output;
    throw settlement.outcome === 'unknown' ? this.#unknownOutcome(error) : this.#didNotHappen(error);
  }

  /** Lets the tool find out whether the write happened, and records what it found. */
  async #settle(startedAt: string): Promise<Settlement<unknown>> {
    const { definition } = this.#tool;
    if (definition.settle === undefined) return { outcome: 'unknown' };
    const { services, log } = this.#dependencies;
    const { input, caller, trace } = this.#run;
    const controller = new AbortController();
    const context = {
      services,
      principal: caller.principal,
      idempotencyKey: this.idempotencyKey,
      startedAt: new Date(startedAt),
      signal: controller.signal,
      log: log.child(traceFields(trace)),
    };
    let settlement: Settlement<unknown> | undefined;
    try {
      settlement = await waitAtMost(SETTLE_TIMEOUT_MS, definition.settle(input, context));
    } catch (error) {
      context.log.warn('The outcome of a write could not be settled', { tool: definition.name, error });
    }
    controller.abort(new Error('Settling took too long.'));
    if (settlement?.outcome === 'happened') {
      await this.#journal.finish(this.#owner, this.idempotencyKey, JSON.stringify(settlement.output), new Date().toISOString());
    } else if (settlement?.outcome === 'did not happen') await this.#journal.withdraw(this.#owner, this.idempotencyKey);
    return settlement ?? { outcome: 'unknown' };
  }

  #unknownOutcome(cause: unknown): ToolError {
    return new ToolError({
      kind: 'unknown_outcome',
      message: `${this.#tool.definition.name} was sent, and it is not known whether it took effect.`,
      remedy: 'Look at the state of things before you do anything; this server will not repeat the write.',
      cause,
    });
  }

  #didNotHappen(cause: unknown): ToolError {
    return new ToolError({
      kind: 'upstream_unavailable',
      message: `${this.#tool.definition.name} did not take effect: it failed, and the upstream confirms that nothing was changed.`,
      remedy: 'Call again when you still want it.',
      cause,
    });
  }
}

function usedForAnotherWrite(): ToolError {
  return new ToolError({
    kind: 'conflict',
    message: 'This idempotency key was used for a write with other arguments.',
    remedy: 'Use a new key for a new write.',
  });
}

function stillUnknown(): ToolError {
  return new ToolError({
    kind: 'unknown_outcome',
    message: 'This write was sent before, and it is not known whether it took effect.',
    remedy: 'Look at the state of things. If the write did not happen, ask for it again under a new key.',
  });
}
