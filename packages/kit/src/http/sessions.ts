import { randomUUID } from 'node:crypto';
import type { Principal } from '@fairway-mcp/auth';
import type { Server } from '@modelcontextprotocol/server';
import type { SdkServerFactory } from '../sdk/sdk-server.ts';
import { callerThrough } from './callers.ts';
import { SdkChannel } from './channel.ts';
import type { Exchange, HttpExchange, RequestId } from './exchange.ts';

/** One client of the 2025 protocol: its capabilities, its calls in flight, its own stream. */
export class Session {
  readonly id = randomUUID();
  readonly principalId: string;
  readonly channel = new SdkChannel();
  readonly server: Server;
  /** Requests that this transport answers itself, by the client's id, so that the client can cancel them. */
  readonly inFlight = new Map<RequestId, Exchange>();
  /** Requests that went to the SDK, by the client's id. */
  readonly asked = new Map<RequestId, { channelId: RequestId; exchange: Exchange }>();
  usedAt = Date.now();
  #stream: HttpExchange | undefined;

  constructor(principal: Principal, factory: SdkServerFactory) {
    this.principalId = principal.id;
    this.server = factory(callerThrough(this.channel, 'legacy'));
    this.channel.onUnsolicited = (message) => this.#stream?.receive(message);
  }

  get isBusy(): boolean {
    return this.inFlight.size > 0 || this.asked.size > 0;
  }

  /** Opens the stream for messages that belong to no request. A newer one replaces it. */
  openStream(exchange: HttpExchange): void {
    this.#stream?.endStream();
    this.#stream = exchange;
    exchange.openStream();
    exchange.onOver(() => {
      if (this.#stream === exchange) this.#stream = undefined;
    });
  }

  cancel(id: RequestId): void {
    this.inFlight.get(id)?.cancel('The client cancelled the request.');
    this.#leave(id);
  }

  endStream(): void {
    this.#stream?.endStream();
  }

  async close(): Promise<void> {
    this.endStream();
    for (const exchange of this.inFlight.values()) exchange.cancel('The session ended.');
    for (const id of [...this.asked.keys()]) this.#leave(id);
    await this.server.close();
  }

  /** The SDK answers no request that was cancelled, so that its response has to be ended here. */
  #leave(id: RequestId): void {
    const asked = this.asked.get(id);
    if (asked === undefined) return;
    this.asked.delete(id);
    this.channel.cancel(asked.channelId);
    asked.exchange.leave();
  }
}

export interface SessionLimits {
  most: number;
  idleMs: number;
}

/** All sessions of this process. They end when they are deleted, when nobody used them for a while, or to make room. */
export class Sessions {
  readonly #factory: SdkServerFactory;
  readonly #limits: SessionLimits;
  /** The one that was used last is last. */
  readonly #byId = new Map<string, Session>();
  readonly #sweeper: NodeJS.Timeout;

  constructor(factory: SdkServerFactory, limits: SessionLimits) {
    this.#factory = factory;
    this.#limits = limits;
    this.#sweeper = setInterval(() => this.#sweep(), Math.min(limits.idleMs, 60_000));
    this.#sweeper.unref();
  }

  get size(): number {
    return this.#byId.size;
  }

  /**
   * Makes a session and connects its server. When the house is full, the caller's own longest unused one goes.
   * @returns `undefined` when there is no room.
   */
  async open(principal: Principal): Promise<Session | undefined> {
    if (this.#byId.size >= this.#limits.most && !this.#makeRoom(principal.id)) return undefined;
    const session = new Session(principal, this.#factory);
    this.#byId.set(session.id, session);
    await session.server.connect(session.channel);
    return session;
  }

  /** The session of that id, if it is this principal's and has not expired. Strangers' sessions do not exist. */
  find(id: string, principal: Principal): Session | undefined {
    const session = this.#byId.get(id);
    if (session === undefined || session.principalId !== principal.id) return undefined;
    if (this.#hasExpired(session)) {
      this.end(session);
      return undefined;
    }
    session.usedAt = Date.now();
    this.#byId.delete(id);
    this.#byId.set(id, session);
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
    if (this.#byId.size < this.#limits.most) return true;
    const oldest = [...this.#byId.values()].find((session) => session.principalId === principalId && !session.isBusy);
    if (oldest === undefined) return false;
    this.end(oldest);
    return true;
  }

  #sweep(): void {
    for (const session of [...this.#byId.values()]) if (this.#hasExpired(session)) this.end(session);
  }

  #hasExpired(session: Session): boolean {
    return !session.isBusy && Date.now() - session.usedAt > this.#limits.idleMs;
  }
}
