import { isInitializeRequest, SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/server';
import type { Catalog } from '../define/catalog.ts';
import type { ClientCapabilities } from '../protocol/caller.ts';
import { errorJson, INVALID_REQUEST, isObject, type JsonRpcRequest, TRANSPORT_ERROR } from '../protocol/json-rpc.ts';
import type { SdkServerFactory } from '../sdk/sdk-server.ts';
import type { TaskPipeline } from '../tasks/with-tasks.ts';
import { callerThrough } from './callers.ts';
import { SdkChannel } from './channel.ts';
import type { EraFastPath, LegacyEra } from './eras.ts';
import type { Exchange, HttpExchange } from './exchange.ts';
import { createRateCheck, type RateCheck } from './rates.ts';
import { rejectForScope } from './scopes.ts';
import { type Session, type SessionLimits, Sessions } from './sessions.ts';

const SESSION_NOT_FOUND = -32001;

export interface LegacyOptions {
  catalog: Catalog;
  pipeline: TaskPipeline;
  factory: SdkServerFactory;
  fastPath: EraFastPath | undefined;
  /** `undefined` turns sessions off. */
  sessionLimits: SessionLimits | undefined;
}

export async function createLegacyEra(options: LegacyOptions): Promise<LegacyEra> {
  return new Legacy(options, await connectChannel(options.factory));
}

class Legacy implements LegacyEra {
  readonly methods: string;
  readonly #catalog: Catalog;
  readonly #pipeline: TaskPipeline;
  readonly #factory: SdkServerFactory;
  readonly #fastPath: EraFastPath | undefined;
  readonly #sessions: Sessions | undefined;
  readonly #rejectForRate: RateCheck;
  /** Serves all requests where there are no sessions. */
  readonly #shared: SdkChannel;

  constructor({ catalog, pipeline, factory, fastPath, sessionLimits }: LegacyOptions, shared: SdkChannel) {
    this.#catalog = catalog;
    this.#pipeline = pipeline;
    this.#factory = factory;
    this.#fastPath = fastPath;
    this.#sessions = sessionLimits === undefined ? undefined : new Sessions(factory, pipeline.subscriptions, sessionLimits);
    this.#shared = shared;
    this.#rejectForRate = createRateCheck(pipeline, catalog, 'legacy');
    this.methods = this.#sessions === undefined ? 'POST' : 'POST, GET, DELETE';
  }

  async request(message: JsonRpcRequest, exchange: Exchange): Promise<void> {
    if (message.method === 'initialize') return this.#initialize(message, exchange);
    const session = this.#sessionOf(exchange);
    if (session === 'rejected') return;
    if (session?.has(message.id) === true) {
      return exchange.finish(errorJson(message.id, INVALID_REQUEST, 'A request of this id is still in flight.'), 400);
    }
    if (this.#rejectForRate(message, exchange)) return;
    if (this.#fastPath?.accepts(message) === true) return this.#answerFast(this.#fastPath, message, exchange, session);
    if (!(await rejectForScope(this.#pipeline, this.#catalog, message, exchange))) this.#forward(message, exchange, session);
  }

  rejects(exchange: Exchange): boolean {
    return this.#sessionOf(exchange) === 'rejected';
  }

  deliver(message: Readonly<Record<string, unknown>>, exchange: Exchange): void {
    const session = this.#sessionOf(exchange);
    if (session === 'rejected') return;
    if (session !== undefined) deliverTo(session, message);
    exchange.replyEmpty(202);
  }

  openStream(exchange: HttpExchange): void {
    if (this.#sessions === undefined) return this.#rejectMethod(exchange, 'There are no streams without sessions.');
    const session = this.#sessionOf(exchange);
    if (session !== 'rejected') session?.openStream(exchange);
  }

  endSession(exchange: Exchange): void {
    if (this.#sessions === undefined) return this.#rejectMethod(exchange, 'There are no sessions to end.');
    const session = this.#sessionOf(exchange);
    if (session === 'rejected' || session === undefined) return;
    this.#sessions.end(session);
    exchange.replyEmpty(200);
  }

  endStreams(): void {
    this.#sessions?.endStreams();
  }

  async close(): Promise<void> {
    this.#sessions?.close();
    await this.#shared.close();
  }

  async #answerFast(fastPath: EraFastPath, message: JsonRpcRequest, exchange: Exchange, session: Session | undefined): Promise<void> {
    const capabilities = (session?.server.getClientCapabilities() ?? {}) as ClientCapabilities;
    session?.inFlight.push(exchange);
    try {
      await fastPath.answer(message, exchange, capabilities);
    } finally {
      session?.inFlight.splice(session.inFlight.indexOf(exchange), 1);
    }
  }

  /** Hands the request to the SDK. */
  #forward({ id, method, params }: JsonRpcRequest, exchange: Exchange, session: Session | undefined): void {
    const channel = session?.channel ?? this.#shared;
    const channelId = channel.request({ method, params }, exchange);
    session?.forwarded.set(id, { channelId, exchange });
    exchange.onClose(() => {
      if (session?.forwarded.get(id)?.exchange === exchange) session.forwarded.delete(id);
    });
    exchange.signal.addEventListener('abort', () => channel.cancel(channelId), { once: true });
  }

  /** The version header does not count here, because the handshake negotiates the version, unless the handshake is malformed. */
  async #initialize(message: JsonRpcRequest, exchange: Exchange): Promise<void> {
    const { method, params } = message;
    if (!isInitializeRequest({ method, params }) && isUnsupportedVersion(exchange)) return rejectVersion(exchange);
    if (this.#rejectForRate(message, exchange)) return;
    if (await rejectForScope(this.#pipeline, this.#catalog, message, exchange)) return;
    if (this.#sessions === undefined) {
      (await connectChannel(this.#factory)).request({ method, params }, exchange);
      return;
    }
    const session = await this.#sessions.open(exchange.principal);
    if (session === undefined) {
      const error = errorJson(exchange.id, TRANSPORT_ERROR, 'This server has as many sessions as it can hold. Try again later.');
      return exchange.reply(503, error, { 'Retry-After': '30' });
    }
    const finish = (json: string, status?: number) => {
      if ('error' in (JSON.parse(json) as object)) this.#sessions?.end(session);
      else exchange.headers['Mcp-Session-Id'] = session.id;
      exchange.finish(json, status);
    };
    session.channel.request({ method, params }, { id: exchange.id, receive: (received) => exchange.receive(received), finish });
  }

  /** The request's session; `undefined` where there are none; `'rejected'` when the request has been answered with the reason. */
  #sessionOf(exchange: Exchange): Session | undefined | 'rejected' {
    const { 'mcp-session-id': id } = exchange.requestHeaders;
    if (isUnsupportedVersion(exchange)) {
      rejectVersion(exchange);
      return 'rejected';
    }
    if (this.#sessions === undefined) return undefined;
    if (typeof id !== 'string')
      return reject(exchange, 400, TRANSPORT_ERROR, 'The Mcp-Session-Id header is missing: call initialize first.');
    const session = this.#sessions.find(id, exchange.principal);
    return session ?? reject(exchange, 404, SESSION_NOT_FOUND, 'There is no such session: call initialize again.');
  }

  #rejectMethod(exchange: Exchange, message: string): void {
    exchange.reply(405, errorJson(null, TRANSPORT_ERROR, message), { Allow: this.methods });
  }
}

function deliverTo(session: Session, message: Readonly<Record<string, unknown>>): void {
  const { method, params } = message;
  if (method !== 'notifications/cancelled') return session.channel.deliver(message);
  const id = isObject(params) ? params.requestId : undefined;
  if (typeof id === 'string' || typeof id === 'number') session.cancel(id);
}

async function connectChannel(factory: SdkServerFactory): Promise<SdkChannel> {
  const channel = new SdkChannel();
  await factory(callerThrough(channel, 'legacy')).connect(channel);
  return channel;
}

function isUnsupportedVersion({ requestHeaders }: Exchange): boolean {
  const version = requestHeaders['mcp-protocol-version'];
  return version !== undefined && !SUPPORTED_PROTOCOL_VERSIONS.includes(String(version));
}

function rejectVersion(exchange: Exchange): void {
  const message = `This protocol version is not supported. Supported: ${SUPPORTED_PROTOCOL_VERSIONS.join(', ')}.`;
  exchange.reply(400, errorJson(exchange.id, TRANSPORT_ERROR, message));
}

function reject(exchange: Exchange, status: number, code: number, message: string): 'rejected' {
  exchange.reply(status, errorJson(exchange.id, code, message));
  return 'rejected';
}
