import { localUser } from '@fairway-mcp/auth';
import {
  isJSONRPCRequest,
  type JSONRPCMessage,
  type JSONRPCRequest,
  PROTOCOL_VERSION_META_KEY,
  SUBSCRIPTION_ID_META_KEY,
  type Transport,
} from '@modelcontextprotocol/server';
import type { Subscriptions } from '../pipeline/subscriptions.ts';
import type { Caller } from '../protocol/caller.ts';
import { isObject, type RequestId } from '../protocol/json-rpc.ts';
import { MODERN_VERSION } from '../protocol/versions.ts';
import { ResourceListener } from '../sdk/listen.ts';
import { asProtocolError } from '../sdk/sdk-server.ts';

/** Stands between the wire and the SDK, for servers that announce changes: it subscribes the client to resources before the SDK acknowledges. */
export class ListenTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: Transport['onmessage'];
  readonly #wire: Transport;
  readonly #subscriptions: Subscriptions;
  readonly #listeners = new Map<RequestId, ResourceListener>();

  constructor(wire: Transport, subscriptions: Subscriptions) {
    this.#wire = wire;
    this.#subscriptions = subscriptions;
  }

  start(): Promise<void> {
    this.#wire.onmessage = (message: JSONRPCMessage) => this.#receive(message);
    this.#wire.onerror = (error) => this.onerror?.(error);
    this.#wire.onclose = () => {
      this.#closeListeners();
      this.onclose?.();
    };
    return this.#wire.start();
  }

  close(): Promise<void> {
    this.#closeListeners();
    return this.#wire.close();
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if (!('method' in message)) this.#end(message.id);
    await this.#wire.send(message);
    if ('method' in message && message.method === 'notifications/subscriptions/acknowledged')
      this.#listeners.get(message.params?._meta?.[SUBSCRIPTION_ID_META_KEY] as RequestId)?.start();
  }

  #receive(message: JSONRPCMessage): void {
    if (isJSONRPCRequest(message) && message.method === 'subscriptions/listen' && isModern(message)) return void this.#listen(message);
    if ('method' in message && message.method === 'notifications/cancelled') this.#end(message.params?.requestId);
    this.onmessage?.(message);
  }

  async #listen(message: JSONRPCRequest): Promise<void> {
    const { id, params = {} } = message;
    const listener = new ResourceListener(this.#subscriptions, callerOf(message), id, (notification) => this.#wire.send(notification));
    this.#end(id);
    this.#listeners.set(id, listener);
    try {
      const narrowed = await asProtocolError(listener.narrow(params));
      // The client can have cancelled in the meantime.
      if (this.#listeners.get(id) === listener) this.onmessage?.({ ...message, params: narrowed });
    } catch (thrown) {
      const { code, message: text, data } = thrown as { code: number; message: string; data?: unknown };
      this.send({ jsonrpc: '2.0', id, error: { code, message: text, data } }).catch(() => undefined);
    }
  }

  #end(id: unknown): void {
    this.#listeners.get(id as RequestId)?.close();
    this.#listeners.delete(id as RequestId);
  }

  #closeListeners(): void {
    for (const id of [...this.#listeners.keys()]) this.#end(id);
  }
}

function isModern({ params }: JSONRPCRequest): boolean {
  return isObject(params?._meta) && PROTOCOL_VERSION_META_KEY in params._meta;
}

function callerOf({ id, params }: JSONRPCRequest): Caller {
  return {
    principal: localUser,
    era: 'modern',
    transport: 'stdio',
    capabilities: {},
    meta: params?._meta,
    signal: new AbortController().signal,
    facts: () => ({ transport: 'pipe', requestId: id, protocolVersion: MODERN_VERSION }),
    notify: () => undefined,
    inputResponses: undefined,
    requestState: undefined,
  };
}
