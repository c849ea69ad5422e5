import { createHash, randomUUID } from 'node:crypto';
import type { Principal } from '@fairway-mcp/auth';
import type { WriteJournal } from '@fairway-mcp/store';
import { createRequestStateCodec, inputRequired } from '@modelcontextprotocol/server';
import type { Caller, ClientCapabilities } from '../protocol/caller.ts';
import { ToolError } from '../protocol/errors.ts';
import type { InputRequired } from './outcome.ts';

/** Thrown by `confirm` to leave the tool's function until the user has answered. */
export class ConfirmationPending extends Error {
  override readonly name = 'ConfirmationPending';
  readonly outcome: InputRequired;

  constructor(outcome: InputRequired) {
    super('This call waits for the user to confirm.');
    this.outcome = outcome;
  }
}

/** What a confirmation is bound to. All of it is inside the signed state, so that a confirmation fits exactly one write. */
export interface Consent {
  principal: Principal;
  tool: string;
  /** Of the arguments; see {@link fingerprintOf}. */
  fingerprint: string;
}

interface SignedState {
  principal: string;
  tool: string;
  fingerprint: string;
  question: string;
  nonce: string;
}

type Codec = ReturnType<typeof createRequestStateCodec<SignedState>>;

const TTL_SECONDS = 600;
const KEY = 'confirm';

export interface ConfirmationOptions {
  /** Signs the state; at least 32 bytes. */
  key: Uint8Array | string;
  /** Remembers which confirmations have been used. */
  journal: () => Promise<WriteJournal>;
  allowUnconfirmed: readonly string[];
  now?: () => Date;
}

/** Asks the user through the client (MCP elicitation), and accepts each answer only once and only for what was asked. */
export class Confirmations {
  readonly #options: ConfirmationOptions;
  readonly #codec: Codec;

  constructor(options: ConfirmationOptions) {
    this.#options = options;
    this.#codec = createRequestStateCodec<SignedState>({ key: options.key, ttlSeconds: TTL_SECONDS });
  }

  /**
   * Returns when the write is confirmed.
   * @throws ConfirmationPending when the user has to be asked first.
   * @throws ToolError `confirmation_required`, `cancelled`, `conflict` or `invalid_input`.
   */
  async require(consent: Consent, caller: Caller, question: string): Promise<void> {
    if (caller.requestState !== undefined) return this.#validate(consent, caller, question);
    if (supportsForms(caller.capabilities)) {
      // A task waits for its answer: only its owner can send it, and no other call can use it.
      if (caller.requestInput !== undefined) return requireYes(await caller.requestInput(formFor(question)));
      throw await this.#pending(consent, question);
    }
    if (this.#options.allowUnconfirmed.includes(consent.tool)) return;
    throw new ToolError({
      kind: 'confirmation_required',
      message: `${consent.tool} must be confirmed by the user, and this client cannot ask for it.`,
      remedy: `Use a client that supports elicitation, or let the operator allow it with --allow-unconfirmed ${consent.tool}.`,
    });
  }

  async #pending({ principal, tool, fingerprint }: Consent, question: string): Promise<ConfirmationPending> {
    const requestState = await this.#codec.mint({ principal: principal.id, tool, fingerprint, question, nonce: randomUUID() });
    return new ConfirmationPending({ kind: 'input required', inputRequests: { [KEY]: formFor(question) }, requestState });
  }

  async #validate(consent: Consent, caller: Caller, question: string): Promise<void> {
    const state = await this.#verify(caller.requestState ?? '');
    const matches =
      state.principal === consent.principal.id &&
      state.tool === consent.tool &&
      state.fingerprint === consent.fingerprint &&
      state.question === question;
    if (!matches)
      throw rejected('The confirmation belongs to another call: it was given for another caller, other arguments or another question.');
    const response = caller.inputResponses?.[KEY];
    if (response === undefined) throw await this.#pending(consent, question);
    const now = this.#options.now?.() ?? new Date();
    const journal = await this.#options.journal();
    const used = await journal.begin('confirmation', state.nonce, consent.fingerprint, now.toISOString());
    if (used !== undefined) throw rejected('This confirmation has been used already.');
    requireYes(response);
  }

  async #verify(requestState: string): Promise<SignedState> {
    try {
      // The codec reads nothing of the context unless it is given a `bind` function, which it is not.
      return await this.#codec.verify(requestState, {} as Parameters<Codec['verify']>[1]);
    } catch {
      throw rejected('The confirmation is not valid, or older than ten minutes.');
    }
  }
}

function rejected(message: string): ToolError {
  return new ToolError({
    kind: 'invalid_input',
    message: `${message} Nothing was changed.`,
    remedy: 'Call again without requestState to be asked again.',
  });
}

function formFor(question: string) {
  return inputRequired.elicit({
    message: question,
    requestedSchema: {
      type: 'object',
      properties: { [KEY]: { type: 'boolean', title: 'Go ahead', description: 'Tick to allow this once.' } },
      required: [KEY],
    },
  });
}

/** @throws ToolError `cancelled` unless the user agreed. */
function requireYes(response: unknown): void {
  if (isYes(response)) return;
  throw new ToolError({
    kind: 'cancelled',
    message: 'The user did not agree. Nothing was changed.',
    remedy: 'Ask them what they want instead.',
  });
}

function isYes(response: unknown): boolean {
  if (typeof response !== 'object' || response === null) return false;
  const { action, content } = response as { action?: unknown; content?: Record<string, unknown> };
  return action === 'accept' && content?.[KEY] === true;
}

/** Whether the client can show a form. An empty `elicitation` object means forms: that was the rule before modes existed. */
function supportsForms({ elicitation }: ClientCapabilities): boolean {
  if (typeof elicitation !== 'object' || elicitation === null) return false;
  return 'form' in elicitation || !('url' in elicitation);
}

/** Equal for equal arguments, whatever the order of their keys. The idempotency key is a name, not an argument. */
export function fingerprintOf(input: Readonly<Record<string, unknown>>): string {
  const { idempotency_key: _name, ...rest } = input;
  return createHash('sha256').update(stableJson(rest)).digest('hex');
}

function stableJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stableJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${JSON.stringify(key)}:${stableJson(item)}`)
    .join(',')}}`;
}
