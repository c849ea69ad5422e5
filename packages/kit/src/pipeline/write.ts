import { randomUUID } from 'node:crypto';
import type { JournalEntry, WriteJournal } from '@fairway-mcp/store';
import type { CompiledTool } from '../define/catalog.ts';
import type { Caller } from '../protocol/caller.ts';
import { type ErrorKind, ToolError } from '../protocol/errors.ts';
import { type Confirmations, fingerprintOf } from './confirmations.ts';
import { STATE_REMEDY } from './record.ts';

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

/** Thrown by `confirm` when the same write has finished before, under the same idempotency key. */
class AlreadyWritten extends Error {
  override readonly name = 'AlreadyWritten';
  readonly answer: string;

  constructor(answer: string) {
    super('This write was made before.');
    this.answer = answer;
  }
}

/**
 * One call of a tool that writes: confirmed and journaled before the effect; a repeated key never writes twice; a failure after which the
 * outcome is unknown is `unknown_outcome`, and stays in the journal.
 */
export class Write {
  readonly #tool: CompiledTool;
  readonly #caller: Caller;
  readonly #confirmations: Confirmations;
  readonly #journal: WriteJournal;
  readonly #owner: string;
  readonly #key: string;
  readonly #fingerprint: string;
  #isConfirmed = false;

  constructor(
    tool: CompiledTool,
    input: Readonly<Record<string, unknown>>,
    caller: Caller,
    confirmations: Confirmations,
    journal: WriteJournal,
  ) {
    this.#tool = tool;
    this.#caller = caller;
    this.#confirmations = confirmations;
    this.#journal = journal;
    this.#owner = `${caller.principal.id} ${tool.definition.name}`;
    this.#key = typeof input.idempotency_key === 'string' ? input.idempotency_key : (caller.idempotencyKey ?? randomUUID());
    this.#fingerprint = fingerprintOf(input);
  }

  /** Asks the user and makes the intent durable. */
  async confirm(question: string): Promise<void> {
    const present = await this.#journal.find(this.#owner, this.#key);
    if (present !== undefined) throw repetition(present, this.#fingerprint);
    const { name } = this.#tool.definition;
    const consent = { principal: this.#caller.principal, tool: name, fingerprint: this.#fingerprint };
    await this.#confirmations.require(consent, this.#caller, question);
    const concurrent = await this.#begin();
    if (concurrent !== undefined) throw repetition(concurrent, this.#fingerprint);
    this.#isConfirmed = true;
  }

  /**
   * Runs the tool and settles the journal entry.
   * @returns the tool's output, or that of the same write when it was made before.
   */
  async settle(run: () => Promise<unknown>): Promise<unknown> {
    const { name, access } = this.#tool.definition;
    try {
      const output = await run();
      if (!this.#isConfirmed) throw new TypeError(`${name} has access "${access}" and returned without confirm().`);
      await this.#journal.finish(this.#owner, this.#key, JSON.stringify(output), new Date().toISOString());
      return output;
    } catch (error) {
      if (error instanceof AlreadyWritten) return JSON.parse(error.answer);
      if (!this.#isConfirmed) throw error;
      if (error instanceof ToolError && WITHOUT_EFFECT.has(error.kind)) {
        await this.#journal.withdraw(this.#owner, this.#key);
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

  /** A write whose intent cannot be made durable is not made. */
  async #begin(): Promise<JournalEntry | undefined> {
    try {
      return await this.#journal.begin(this.#owner, this.#key, this.#fingerprint, new Date().toISOString());
    } catch (cause) {
      const message = `${this.#tool.definition.name} was not carried out, because it could not be written down beforehand.`;
      throw new ToolError({ kind: 'internal', message, remedy: STATE_REMEDY, cause });
    }
  }
}

function repetition(present: JournalEntry, fingerprint: string): Error {
  if (present.fingerprint !== fingerprint) {
    return new ToolError({
      kind: 'conflict',
      message: 'This idempotency key was used for a write with other arguments.',
      remedy: 'Use a new key for a new write.',
    });
  }
  if (present.state === 'finished' && present.answer !== null) return new AlreadyWritten(present.answer);
  return new ToolError({
    kind: 'unknown_outcome',
    message: 'This write was sent before, and it is not known whether it took effect.',
    remedy: 'Look at the state of things. If the write did not happen, ask for it again under a new key.',
  });
}
