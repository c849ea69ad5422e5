import { SUBSCRIPTION_ID_META_KEY } from '@modelcontextprotocol/server';
import type { Deliver, Subscriber } from '../pipeline/resource-changes.ts';
import type { Subscriptions } from '../pipeline/subscriptions.ts';
import type { Caller } from '../protocol/caller.ts';
import { isObject, type RequestId } from '../protocol/json-rpc.ts';

type Params = Readonly<Record<string, unknown>>;

/**
 * The part of a `subscriptions/listen` request that is about resources. The SDK validates and acknowledges the request, narrowed to what the
 * caller may read; the notifications are sent from here, because the SDK would not wait for a client that does not read.
 */
export class ResourceListener {
  readonly #subscriptions: Subscriptions;
  readonly #caller: Caller;
  readonly #subscriber: Subscriber;

  constructor(subscriptions: Subscriptions, caller: Caller, id: RequestId | null, deliver: Deliver) {
    this.#subscriptions = subscriptions;
    this.#caller = caller;
    this.#subscriber = subscriptions.openStream(caller.principal, (notification) => {
      const _meta = { [SUBSCRIPTION_ID_META_KEY]: id };
      return deliver({ ...notification, params: { ...notification.params, _meta } });
    });
  }

  /**
   * Subscribes to the resources that the request names.
   * @returns the request's parameters, without what the caller may not read
   * @throws ToolError, ScopeError
   */
  async narrow(params: Params): Promise<Params> {
    const { notifications } = params;
    if (!isObject(notifications)) return params;
    const { resourceSubscriptions: uris = [], resourcesListChanged } = notifications;
    if (!Array.isArray(uris) || !uris.every((uri) => typeof uri === 'string')) return params;
    const list = resourcesListChanged === true;
    if (uris.length === 0 && !list) return params;
    const readable = await this.#subscriptions.subscribeAll(this.#subscriber, { uris, list }, this.#caller);
    return { ...params, notifications: { ...notifications, resourceSubscriptions: readable } };
  }

  /** The client knows that it is subscribed: changes are sent from here on. */
  start(): void {
    this.#subscriber.start();
  }

  close(): void {
    this.#subscriber.close();
  }
}
