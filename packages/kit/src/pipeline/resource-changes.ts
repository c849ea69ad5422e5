import type { Principal } from '@fairway-mcp/auth';
import type { ResourceAnnouncer } from '../define/server.ts';
import { ToolError } from '../protocol/errors.ts';

/** What a client can be notified of: a change of the resource under a URI, or of the list of resources. */
type Topic = string | typeof LIST;

const LIST = Symbol('the list of resources');

/** The notification of a change. It says what has changed, and nothing of how. */
export interface ChangeNotification {
  jsonrpc: '2.0';
  method: 'notifications/resources/updated' | 'notifications/resources/list_changed';
  params?: Record<string, unknown>;
}

/** Sends a notification. Resolves when the connection has taken it, so that a client that does not read gets no more; rejects when it is closed. */
export type Deliver = (notification: ChangeNotification) => Promise<void>;

/** Subscriptions of one session, stream or connection. */
export const MAX_SUBSCRIPTIONS_EACH = 200;

/** The subscribers of this process, by what they are subscribed to. */
export class ResourceChanges implements ResourceAnnouncer {
  readonly #maxPerPrincipal: number;
  readonly #subscribers = new Map<Topic, Set<Subscriber>>();
  readonly #countByPrincipal = new Map<string, number>();

  constructor(maxPerPrincipal: number) {
    this.#maxPerPrincipal = maxPerPrincipal;
  }

  readonly changed = (uri: string): void => this.#notify(uri);

  readonly listChanged = (): void => this.#notify(LIST);

  /** The number of topics that have subscribers. */
  get size(): number {
    return this.#subscribers.size;
  }

  add(topic: Topic, subscriber: Subscriber): void {
    const subscribers = this.#subscribers.get(topic);
    if (subscribers === undefined) this.#subscribers.set(topic, new Set([subscriber]));
    else subscribers.add(subscriber);
  }

  remove(topic: Topic, subscriber: Subscriber): void {
    const subscribers = this.#subscribers.get(topic);
    subscribers?.delete(subscriber);
    if (subscribers?.size === 0) this.#subscribers.delete(topic);
  }

  /** @throws ToolError `rate_limited` when the principal has as many subscriptions as it may have */
  count(principalId: string): void {
    const count = this.#countByPrincipal.get(principalId) ?? 0;
    if (count >= this.#maxPerPrincipal) throw tooMany(`This caller has ${count} subscriptions`);
    this.#countByPrincipal.set(principalId, count + 1);
  }

  uncount(principalId: string): void {
    const count = this.#countByPrincipal.get(principalId) ?? 0;
    if (count > 1) this.#countByPrincipal.set(principalId, count - 1);
    else this.#countByPrincipal.delete(principalId);
  }

  #notify(topic: Topic): void {
    for (const subscriber of this.#subscribers.get(topic) ?? []) subscriber.notify(topic);
  }
}

export function tooMany(what: string): ToolError {
  return new ToolError({
    kind: 'rate_limited',
    message: `${what}, as many as this server allows.`,
    remedy: 'Unsubscribe from resources, or close streams, that are no longer needed.',
  });
}

/**
 * One session, stream or connection that is notified. Notifications leave one at a time; of each topic at most one is in flight and one
 * pending, however often it changes.
 */
export class Subscriber {
  readonly #changes: ResourceChanges;
  readonly #principalId: string;
  readonly #deliver: Deliver;
  readonly #topics = new Set<Topic>();
  readonly #pending = new Set<Topic>();
  #state: 'waiting' | 'idle' | 'sending' | 'closed' = 'waiting';

  constructor(changes: ResourceChanges, { id }: Principal, deliver: Deliver) {
    this.#changes = changes;
    this.#principalId = id;
    this.#deliver = deliver;
  }

  /** How many resources it is subscribed to. */
  get size(): number {
    return this.#topics.size - (this.#topics.has(LIST) ? 1 : 0);
  }

  /** @throws ToolError `rate_limited` when there are as many subscriptions as there may be */
  subscribe(uri: string): void {
    if (this.#state === 'closed' || this.#topics.has(uri)) return;
    if (this.size >= MAX_SUBSCRIPTIONS_EACH) throw tooMany(`There are ${this.size} subscriptions in this session or stream`);
    this.#changes.count(this.#principalId);
    this.#follow(uri);
  }

  unsubscribe(uri: string): void {
    if (!this.#topics.delete(uri)) return;
    this.#pending.delete(uri);
    this.#changes.remove(uri, this);
    this.#changes.uncount(this.#principalId);
  }

  /** Subscribes to changes of the list of resources. There is one list, so it does not count. */
  followList(): void {
    if (this.#state !== 'closed') this.#follow(LIST);
  }

  /** Changes are sent from here on; those since it subscribed are sent now. */
  start(): void {
    if (this.#state !== 'waiting') return;
    this.#state = 'idle';
    void this.#send();
  }

  notify(topic: Topic): void {
    this.#pending.add(topic);
    if (this.#state === 'idle') void this.#send();
  }

  close(): void {
    for (const topic of this.#topics) {
      this.#changes.remove(topic, this);
      if (topic !== LIST) this.#changes.uncount(this.#principalId);
    }
    this.#topics.clear();
    this.#pending.clear();
    this.#state = 'closed';
  }

  #follow(topic: Topic): void {
    this.#topics.add(topic);
    this.#changes.add(topic, this);
  }

  /** What changes again while its notification is being sent is added to the set again, and so gets another turn. */
  async #send(): Promise<void> {
    this.#state = 'sending';
    try {
      for (const topic of this.#pending) {
        this.#pending.delete(topic);
        await this.#deliver(notificationOf(topic));
      }
    } catch {
      return this.close();
    }
    if (this.#state === 'sending') this.#state = 'idle';
  }
}

function notificationOf(topic: Topic): ChangeNotification {
  return typeof topic === 'string'
    ? { jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri: topic } }
    : { jsonrpc: '2.0', method: 'notifications/resources/list_changed' };
}
