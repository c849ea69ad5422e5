import type { JSONRPCMessage, Transport, TransportSendOptions } from '@modelcontextprotocol/server';
import type { RequestId } from '../protocol/json-rpc.ts';
import type { Recipient } from './exchange.ts';

/**
 * Connects one long-lived SDK server to any number of HTTP requests. Every request gets an id of the channel's own, so that
 * two clients that chose the same id never collide; that id leads the answer to its recipient.
 */
export class SdkChannel implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: Transport['onmessage'];
  /** Receives messages that belong to no request: they go to a session's own stream, if there is one. */
  onUnsolicited?: (message: object) => void;
  readonly #waiting = new Map<RequestId, Recipient>();
  readonly #statusOf: (errorCode: number) => number;
  #next = 1;

  /** @param statusOf the HTTP status that goes with a JSON-RPC error code in this protocol era. */
  constructor(statusOf: (errorCode: number) => number = () => 200) {
    this.#statusOf = statusOf;
  }

  async start(): Promise<void> {}

  async close(): Promise<void> {
    this.onclose?.();
  }

  /** Hands a request to the server. @returns the channel's id of it, for {@link cancel}. */
  request(message: { method: string; params?: unknown }, recipient: Recipient): RequestId {
    const id = this.#next;
    this.#next += 1;
    this.#waiting.set(id, recipient);
    this.onmessage?.({ ...message, jsonrpc: '2.0', id } as JSONRPCMessage);
    return id;
  }

  /** Hands a message to the server that has no answer: a notification, or the answer to a request of the server. */
  deliver(message: object): void {
    this.onmessage?.(message as JSONRPCMessage);
  }

  /** Cancels a request whose recipient has disconnected or cancelled. Nothing is sent for it any more. */
  cancel(id: RequestId): void {
    if (!this.#waiting.delete(id)) return;
    this.deliver({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id } });
  }

  recipientOf(id: RequestId): Recipient | undefined {
    return this.#waiting.get(id);
  }

  async send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    if (!('method' in message)) {
      const recipient = message.id === undefined ? undefined : this.#waiting.get(message.id);
      if (message.id === undefined || recipient === undefined) return;
      this.#waiting.delete(message.id);
      recipient.finish(JSON.stringify({ ...message, id: recipient.id }), 'error' in message ? this.#statusOf(message.error.code) : 200);
      return;
    }
    const { relatedRequestId } = options ?? {};
    if (relatedRequestId === undefined) this.onUnsolicited?.(message);
    else this.#waiting.get(relatedRequestId)?.receive(message);
  }
}
