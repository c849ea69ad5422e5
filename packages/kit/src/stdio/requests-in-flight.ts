import { isJSONRPCRequest, type JSONRPCMessage } from '@modelcontextprotocol/server';
import { isObject, type RequestId } from '../protocol/json-rpc.ts';

/** Reading goes on when so many requests fewer than the limit are in flight, so that it does not stop and start for each. */
const STEP = 32;

/**
 * Counts the requests that a client waits for, to read no more of them than can be worked on. A request that asks its user does not count: the
 * answer is behind what is not read yet.
 */
export class RequestsInFlight {
  readonly #max: number;
  /** A client may use an id twice, although it must not. */
  readonly #counts = new Map<RequestId, number>();
  readonly #questions = new Set<RequestId>();
  #size = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get isFull(): boolean {
    return this.#working >= this.#max;
  }

  get hasRoom(): boolean {
    return this.#working <= Math.max(0, this.#max - STEP);
  }

  received(message: JSONRPCMessage): void {
    if (isJSONRPCRequest(message)) this.#start(message.id);
    else if (!('method' in message)) this.#questions.delete(message.id ?? '');
    else if (message.method === 'notifications/cancelled') this.#finish(cancelledId(message), true);
  }

  sent(message: JSONRPCMessage): void {
    if (isJSONRPCRequest(message)) this.#questions.add(message.id);
    else if (!('method' in message)) this.#finish(message.id, false);
    else if (message.method === 'notifications/cancelled') this.#questions.delete(cancelledId(message) ?? '');
  }

  get #working(): number {
    return this.#size - this.#questions.size;
  }

  #start(id: RequestId): void {
    this.#counts.set(id, (this.#counts.get(id) ?? 0) + 1);
    this.#size += 1;
  }

  /** @param every of that id: a cancelled request gets no answer */
  #finish(id: RequestId | undefined, every: boolean): void {
    const count = id === undefined ? undefined : this.#counts.get(id);
    if (id === undefined || count === undefined) return;
    const left = every ? 0 : count - 1;
    if (left === 0) this.#counts.delete(id);
    else this.#counts.set(id, left);
    this.#size -= count - left;
  }
}

/** The request that a `notifications/cancelled` is about. */
export function cancelledId(message: JSONRPCMessage): RequestId | undefined {
  const id = 'params' in message && isObject(message.params) ? message.params.requestId : undefined;
  return typeof id === 'string' || typeof id === 'number' ? id : undefined;
}
