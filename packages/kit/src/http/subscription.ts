import { SUBSCRIPTION_ID_META_KEY } from '@modelcontextprotocol/server';
import { isObject, type RequestId } from '../protocol/json-rpc.ts';
import type { ResourceListener } from '../sdk/listen.ts';
import type { SdkChannel } from './channel.ts';
import type { Exchange, Recipient } from './exchange.ts';

/**
 * A `subscriptions/listen` request. The SDK's messages name the subscription by the channel's id; the client knows it by its own.
 * When none of the requested notifications can ever come, it ends at once instead of keeping a stream open.
 */
export class Subscription implements Recipient {
  readonly #channel: SdkChannel;
  readonly #exchange: Exchange;
  readonly #serverInfo: Record<string, unknown>;
  readonly #listener: ResourceListener | undefined;
  #channelId: RequestId | undefined;
  #hasEnded = false;

  constructor(channel: SdkChannel, exchange: Exchange, serverInfo: Record<string, unknown>, listener: ResourceListener | undefined) {
    this.#channel = channel;
    this.#exchange = exchange;
    this.#serverInfo = serverInfo;
    this.#listener = listener;
  }

  get id(): RequestId | null {
    return this.#exchange.id;
  }

  /** @throws ToolError, ScopeError when the client may not subscribe to the resources that it names */
  async open(params: Readonly<Record<string, unknown>>): Promise<void> {
    const narrowed = this.#listener === undefined ? params : await this.#listener.narrow(params);
    if (this.#hasEnded || this.#exchange.signal.aborted) return;
    this.#channelId = this.#channel.request({ method: 'subscriptions/listen', params: narrowed }, this);
    this.#exchange.signal.addEventListener('abort', () => this.#cancel(), { once: true });
  }

  receive(message: object): void {
    const { method, params } = message as { method: string; params: Record<string, unknown> };
    this.#exchange.receive({ ...message, params: { ...params, _meta: this.#renamed(params._meta) } });
    const honored = params.notifications;
    if (method !== 'notifications/subscriptions/acknowledged' || !isObject(honored)) return;
    if (Object.keys(honored).length > 0) this.#listener?.start();
    else this.end();
  }

  /** Ends it as the specification demands: with the request's result. */
  end(): void {
    this.#hasEnded = true;
    this.#listener?.close();
    this.#cancel();
    const _meta = { [SUBSCRIPTION_ID_META_KEY]: this.id, ...this.#serverInfo };
    this.#exchange.finish(JSON.stringify({ jsonrpc: '2.0', id: this.id, result: { resultType: 'complete', _meta } }));
  }

  finish(json: string, status?: number): void {
    const message = JSON.parse(json) as { result?: { _meta?: unknown } };
    if (message.result !== undefined) message.result._meta = this.#renamed(message.result._meta);
    this.#exchange.finish(JSON.stringify(message), status);
  }

  #renamed(meta: unknown): object {
    return { ...(isObject(meta) && meta), [SUBSCRIPTION_ID_META_KEY]: this.id };
  }

  #cancel(): void {
    if (this.#channelId !== undefined) this.#channel.cancel(this.#channelId);
  }
}

/** Passes change notifications to the subscription that they name. */
export function routeToSubscriptions(channel: SdkChannel): void {
  channel.onUnsolicited = (message) => {
    const { params } = message as { params?: { _meta?: Record<string, unknown> } };
    const id = params?._meta?.[SUBSCRIPTION_ID_META_KEY];
    if (typeof id === 'number') channel.recipientOf(id)?.receive(message);
  };
}
