import { isInitializeRequest, SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/server';
import { callTool, observe, type WayDependencies } from '../pipeline/pipeline.ts';
import type { ClientCapabilities } from '../protocol/caller.ts';
import { INVALID_REQUEST, isObject, TRANSPORT_ERROR } from '../protocol/json-rpc.ts';
import { toolListJson } from '../sdk/lists.ts';
import type { Identity, SdkServerFactory } from '../sdk/sdk-server.ts';
import { callerThrough, HttpCaller } from './callers.ts';
import { SdkChannel } from './channel.ts';
import { type Exchange, errorJson, type HttpExchange, type JsonRpcRequest, type RequestId } from './exchange.ts';
import { isPlainCall, isPlainList } from './fast-path/well-formed.ts';
import { answerWriter } from './fast-path/write-outcome.ts';
import { refuseForScope } from './scopes.ts';
import { type Session, type SessionLimits, Sessions } from './sessions.ts';

const SESSION_NOT_FOUND = -32001;

/** Serves requests of the protocol versions up to 2025-11-25, with sessions or without. */
export interface LegacyEra {
  /** The HTTP methods that it has a use for, as an `Allow` header. */
  readonly methods: string;
  request(message: JsonRpcRequest, exchange: Exchange): Promise<void>;
  /** Answers with why, when no message can come in with these headers. @returns whether it did. */
  refuses(exchange: Exchange): boolean;
  /** A notification, or the client's answer to a question of the server's. */
  tell(message: Readonly<Record<string, unknown>>, exchange: Exchange): void;
  openStream(exchange: HttpExchange): void;
  endSession(exchange: Exchange): void;
  /** Ends the streams that wait for news, so that only real work is left. */
  quiet(): void;
  close(): Promise<void>;
}

/** @param limits `undefined` turns sessions off. */
export async function serveLegacy(
  dependencies: WayDependencies,
  factory: SdkServerFactory,
  identity: Identity,
  limits: SessionLimits | undefined,
): Promise<LegacyEra> {
  const writer = answerWriter('legacy', identity);
  const shared = await connected(factory);
  const toolList = toolListJson(dependencies.catalog, 'legacy', {});
  const sessions = limits === undefined ? undefined : new Sessions(factory, limits);
  const methods = sessions === undefined ? 'POST' : 'POST, GET, DELETE';

  async function request(message: JsonRpcRequest, exchange: Exchange): Promise<void> {
    if (message.method === 'initialize') return initialize(message, exchange);
    const session = sessionOf(exchange);
    if (session === 'refused') return;
    if (session !== undefined && (session.inFlight.has(message.id) || session.asked.has(message.id))) {
      return exchange.finish(errorJson(message.id, INVALID_REQUEST, 'A request of this id is still in flight.'), 400);
    }
    if (message.method === 'tools/list' && isPlainList(message.params)) {
      const observation = observe(dependencies, new HttpCaller(exchange, 'legacy', {}, message.params), { method: message.method });
      exchange.finish(`{"jsonrpc":"2.0","id":${JSON.stringify(message.id)},"result":${toolList()}}`);
      return observation.end();
    }
    if (message.method === 'tools/call' && isPlainCall(message.params, 'legacy') && isAnsweredHere(message.params.name)) {
      return answerHere(message.id, message.params, exchange, session);
    }
    if (!(await refuseForScope(dependencies, message, exchange))) passOn(message, exchange, session);
  }

  /** Tools that may have to ask the person go through the session's SDK server, which knows how this era asks. */
  function isAnsweredHere(name: string): boolean {
    const { tools, raw } = dependencies.catalog;
    const access = tools.get(name)?.definition.access;
    return !raw.tools.has(name) && (access === undefined || access === 'read');
  }

  async function answerHere(id: RequestId, params: { name: string }, exchange: Exchange, session: Session | undefined): Promise<void> {
    const call = params as { name: string; arguments?: unknown };
    const capabilities = (session?.server.getClientCapabilities() ?? {}) as ClientCapabilities;
    session?.inFlight.set(id, exchange);
    try {
      const caller = new HttpCaller(exchange, 'legacy', capabilities, params as Record<string, unknown> & { name: string });
      writer.send(exchange, await callTool(dependencies, { name: call.name, arguments: call.arguments, caller }));
    } finally {
      session?.inFlight.delete(id);
    }
  }

  function passOn({ id, method, params }: JsonRpcRequest, exchange: Exchange, session: Session | undefined): void {
    const channel = session?.channel ?? shared;
    const channelId = channel.ask({ method, params }, exchange);
    session?.asked.set(id, { channelId, exchange });
    exchange.onOver(() => {
      if (session?.asked.get(id)?.exchange === exchange) session.asked.delete(id);
    });
    exchange.signal.addEventListener('abort', () => channel.cancel(channelId), { once: true });
  }

  /** What the header says does not matter yet: the handshake itself finds the version. It matters where this is none. */
  async function initialize({ method, params }: JsonRpcRequest, exchange: Exchange): Promise<void> {
    if (!isInitializeRequest({ method, params }) && isOfUnknownVersion(exchange)) return refuseVersion(exchange);
    if (sessions === undefined) {
      (await connected(factory)).ask({ method, params }, exchange);
      return;
    }
    const session = await sessions.open(exchange.principal);
    if (session === undefined) {
      return exchange.reply(
        503,
        errorJson(exchange.id, TRANSPORT_ERROR, 'This server has as many sessions as it can hold. Try again later.'),
        { 'Retry-After': '30' },
      );
    }
    session.channel.ask(
      { method, params },
      {
        id: exchange.id,
        receive: (message) => exchange.receive(message),
        finish(json, status) {
          const failed = 'error' in (JSON.parse(json) as object);
          if (failed) sessions.end(session);
          else exchange.headers['Mcp-Session-Id'] = session.id;
          exchange.finish(json, status);
        },
      },
    );
  }

  /** The request's session; `undefined` where there are none; `'refused'` when the request has been answered with why not. */
  function sessionOf(exchange: Exchange): Session | undefined | 'refused' {
    const { 'mcp-session-id': id } = exchange.requestHeaders;
    if (isOfUnknownVersion(exchange)) {
      refuseVersion(exchange);
      return 'refused';
    }
    if (sessions === undefined) return undefined;
    if (typeof id !== 'string')
      return refuse(exchange, 400, TRANSPORT_ERROR, 'The Mcp-Session-Id header is missing: call initialize first.');
    return (
      sessions.find(id, exchange.principal) ?? refuse(exchange, 404, SESSION_NOT_FOUND, 'There is no such session: call initialize again.')
    );
  }

  return {
    methods,
    request,
    refuses: (exchange) => sessionOf(exchange) === 'refused',
    tell(message, exchange) {
      const session = sessionOf(exchange);
      if (session === 'refused') return;
      if (session !== undefined) tellSession(session, message);
      exchange.replyEmpty(202);
    },
    openStream(exchange) {
      if (sessions === undefined)
        return exchange.reply(405, errorJson(null, TRANSPORT_ERROR, 'There are no streams without sessions.'), { Allow: methods });
      const session = sessionOf(exchange);
      if (session !== 'refused') session?.openStream(exchange);
    },
    endSession(exchange) {
      if (sessions === undefined)
        return exchange.reply(405, errorJson(null, TRANSPORT_ERROR, 'There are no sessions to end.'), { Allow: methods });
      const session = sessionOf(exchange);
      if (session === 'refused' || session === undefined) return;
      sessions.end(session);
      exchange.replyEmpty(200);
    },
    quiet() {
      sessions?.endStreams();
    },
    async close() {
      sessions?.close();
      await shared.close();
    },
  };
}

function tellSession(session: Session, message: Readonly<Record<string, unknown>>): void {
  const { method, params } = message;
  if (method !== 'notifications/cancelled') return session.channel.tell(message);
  const id = isObject(params) ? params.requestId : undefined;
  if (typeof id === 'string' || typeof id === 'number') session.cancel(id);
}

async function connected(factory: SdkServerFactory): Promise<SdkChannel> {
  const channel = new SdkChannel();
  await factory(callerThrough(channel, 'legacy')).connect(channel);
  return channel;
}

function isOfUnknownVersion({ requestHeaders }: Exchange): boolean {
  const version = requestHeaders['mcp-protocol-version'];
  return version !== undefined && !SUPPORTED_PROTOCOL_VERSIONS.includes(String(version));
}

function refuseVersion(exchange: Exchange): void {
  const message = `This protocol version is not spoken here. Versions: ${SUPPORTED_PROTOCOL_VERSIONS.join(', ')}.`;
  exchange.reply(400, errorJson(exchange.id, TRANSPORT_ERROR, message));
}

function refuse(exchange: Exchange, status: number, code: number, message: string): 'refused' {
  exchange.reply(status, errorJson(exchange.id, code, message));
  return 'refused';
}
