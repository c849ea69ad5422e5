import { randomUUID } from 'node:crypto';
import type { Principal } from '@fairway-mcp/auth';
import type { Server } from '@modelcontextprotocol/server';
import type { ChangeNotification, Subscriber } from '../pipeline/resource-changes.ts';
import type { Subscriptions } from '../pipeline/subscriptions.ts';
import type { RequestId } from '../protocol/json-rpc.ts';
import type { SdkServerFactory } from '../sdk/sdk-server.ts';
import { callerThrough } from './callers.ts';
import { SdkChannel } from './channel.ts';
import type { Exchange, HttpExchange } from './exchange.ts';

/** One client of the 2025 protocol: its capabilities, its calls in flight, its own stream. */
export class Session {
  readonly id = randomUUID();
  readonly principalId: string;
  readonly channel = new SdkChannel();
  readonly server: Server;
  /**
   * Requests that the fast path answers, so that the client can cancel them. They are few and change with every call: a Map would leave a
   * table behind every few calls, each kept alive by the one before it.
   */
  readonly inFlight: Exchange[] = [];
  /** Requests that went to the SDK, by the client's id. */
  readonly forwarded = new Map<RequestId, { channelId: RequestId; exchange: Exchange }>();
  /** By the monotonic clock, in milliseconds. */
  usedAt = performance.now();
  readonly #subscriber: Subscriber | undefined;
  #stream: HttpExchange | undefined;
  #streamOpened = Promise.withResolvers<void>();

  constructor(principal: Principal, factory: SdkServerFactory, subscriptions: Subscriptions | undefined) {
    this.principalId = principal.id;
    this.#subscriber = subscriptions?.openSession(principal, (notification) => this.#notify(notification));
    this.server = factory(callerThrough(this.channel, 'legacy'), this.#subscriber);
    this.channel.onUnsolicited = (message) => void this.#stream?.receive(message);
  }

  /** Whether a request of that id is in flight. */
  has(id: RequestId): boolean {
    return this.#find(id) !== undefined || this.forwarded.has(id);
  }

  get isBusy(): boolean {
    return this.inFlight.length > 0 || this.forwarded.size > 0;
  }

  /** Whether its client waits for changes of resources, which is a use of the session. */
  get isListening(): boolean {
    return this.#stream !== undefined && this.#subscriber !== undefined && this.#subscriber.size > 0;
  }

  /** Opens the stream for messages that belong to no request. A newer one replaces it. */
  openStream(exchange: HttpExchange): void {
    this.#stream?.endStream();
    this.#stream = exchange;
    exchange.openStream();
    this.#streamOpened.resolve();
    this.#streamOpened = Promise.withResolvers();
    exchange.onClose(() => {
      if (this.#stream === exchange) this.#stream = undefined;
    });
  }

  cancel(id: RequestId): void {
    this.#find(id)?.cancel('The client cancelled the request.');
    this.#cancelForwarded(id);
  }

  endStream(): void {
    this.#stream?.endStream();
  }

  async close(): Promise<void> {
    this.#subscriber?.close();
    this.endStream();
    for (const exchange of this.inFlight) exchange.cancel('The session ended.');
    for (const id of [...this.forwarded.keys()]) this.#cancelForwarded(id);
    await this.server.close();
  }

  #find(id: RequestId): Exchange | undefined {
    return this.inFlight.find((exchange) => exchange.id === id);
  }

  /** Without a stream, waits for the client to open one. */
  async #notify(notification: ChangeNotification): Promise<void> {
    while (this.#stream === undefined) await this.#streamOpened.promise;
    await this.#stream.receive(notification);
  }

  /** The SDK does not answer a cancelled request, so its response is ended here. */
  #cancelForwarded(id: RequestId): void {
    const forwarded = this.forwarded.get(id);
    if (forwarded === undefined) return;
    this.forwarded.delete(id);
    this.channel.cancel(forwarded.channelId);
    forwarded.exchange.endUnanswered();
  }
}

export interface SessionLimits {
  maxSessions: number;
  idleMs: number;
}

/** All sessions of this process. They end when they are deleted, when they were idle for too long, or to make room. */
export class Sessions {
  readonly #factory: SdkServerFactory;
  readonly #subscriptions: Subscriptions | undefined;
  readonly #limits: SessionLimits;
  readonly #byId = new Map<string, Session>();
  readonly #sweeper: NodeJS.Timeout;

  constructor(factory: SdkServerFactory, subscriptions: Subscriptions | undefined, limits: SessionLimits) {
    this.#factory = factory;
    this.#subscriptions = subscriptions;
    this.#limits = limits;
    this.#sweeper = setInterval(() => this.#sweep(), Math.min(limits.idleMs, 60_000));
    this.#sweeper.unref();
  }

  get size(): number {
    return this.#byId.size;
  }

  /**
   * Creates a session and connects its server. At the limit, another one is ended for it.
   * @returns `undefined` when none can be ended.
   */
  async open(principal: Principal): Promise<Session | undefined> {
    if (this.#byId.size >= this.#limits.maxSessions && !this.#makeRoom(principal.id)) return undefined;
    const session = new Session(principal, this.#factory, this.#subscriptions);
    this.#byId.set(session.id, session);
    await session.server.connect(session.channel);
    return session;
  }

  /** The session of that id, if it is this principal's and has not expired. */
  find(id: string, principal: Principal): Session | undefined {
    const session = this.#byId.get(id);
    if (session === undefined || session.principalId !== principal.id) return undefined;
    if (this.#hasExpired(session)) {
      this.end(session);
      return undefined;
    }
    session.usedAt = performance.now();
    return session;
  }

  end(session: Session): void {
    if (this.#byId.delete(session.id)) session.close().catch(() => undefined);
  }

  endStreams(): void {
    for (const session of this.#byId.values()) session.endStream();
  }

  close(): void {
    clearInterval(this.#sweeper);
    for (const session of [...this.#byId.values()]) this.end(session);
  }

  #makeRoom(principalId: string): boolean {
    this.#sweep();
    if (this.#byId.size < this.#limits.maxSessions) return true;
    const byLastUse = [...this.#byId.values()].sort((one, other) => one.usedAt - other.usedAt);
    const session = sessionToEnd(principalId, byLastUse, this.#limits.maxSessions);
    if (session === undefined) return false;
    this.end(session);
    return true;
  }

  #sweep(): void {
    for (const session of [...this.#byId.values()]) if (this.#hasExpired(session)) this.end(session);
  }

  #hasExpired(session: Session): boolean {
    return !session.isBusy && !session.isListening && performance.now() - session.usedAt > this.#limits.idleMs;
  }
}

/**
 * The session that makes room for a new one. Every caller may keep as many as the limit divided by the number of callers. For one that has
 * fewer, a session of the caller that has most is ended, so that nobody can keep others out; for one that has as many, the one of its own
 * that was idle longest. A session with calls in flight is ended only where its caller has more than it may keep.
 * @param sessions in the order of their last use
 */
function sessionToEnd(principalId: string, sessions: readonly Session[], maxSessions: number): Session | undefined {
  const byCaller = Map.groupBy(sessions, (session) => session.principalId);
  const own = byCaller.get(principalId) ?? [];
  const maxEach = Math.max(1, Math.floor(maxSessions / (byCaller.size + (own.length === 0 ? 1 : 0))));
  const isIdle = (session: Session) => !session.isBusy;
  if (own.length >= maxEach) return own.find(isIdle);
  const most = [...byCaller.values()].reduce((largest, held) => (held.length > largest.length ? held : largest), own);
  return most.find(isIdle) ?? (most.length > maxEach ? most[0] : undefined);
}
