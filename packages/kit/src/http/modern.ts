import { CLIENT_CAPABILITIES_META_KEY, PROTOCOL_VERSION_META_KEY, SERVER_INFO_META_KEY } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { callTool, observe, type WayDependencies } from '../pipeline/pipeline.ts';
import type { ClientCapabilities } from '../protocol/caller.ts';
import { METHOD_NOT_FOUND } from '../protocol/json-rpc.ts';
import { MODERN_VERSION } from '../protocol/versions.ts';
import { toolListJson } from '../sdk/lists.ts';
import type { Identity, SdkServerFactory } from '../sdk/sdk-server.ts';
import { answerTaskRequest, isTaskMethod, type TaskReply } from '../tasks/protocol.ts';
import { MISSING_CAPABILITY } from '../tasks/view.ts';
import { callerThrough, HttpCaller } from './callers.ts';
import { SdkChannel } from './channel.ts';
import { type Exchange, errorJson, type JsonRpcRequest } from './exchange.ts';
import { isPlainCall, isPlainList } from './fast-path/well-formed.ts';
import { answerWriter } from './fast-path/write-outcome.ts';
import { paramHeaderCheck } from './param-headers.ts';
import { refuseForScope } from './scopes.ts';
import { HEADER_MISMATCH, headerMismatch } from './standard-headers.ts';
import { routeToSubscriptions, Subscription } from './subscription.ts';

/** -32022: the body names a protocol version that is not spoken here. */
const UNSUPPORTED_VERSION = -32022;
/** The HTTP status that goes with a JSON-RPC error that came after the envelope was found good. */
function statusOf(code: number): number {
  if (code === METHOD_NOT_FOUND) return 404;
  return code === MISSING_CAPABILITY ? 400 : 200;
}

/**
 * Serves requests of the 2026-07-28 protocol, whose envelope has been found whole. Each stands for itself, so one SDK server
 * serves all clients.
 */
export interface ModernEra {
  request(message: JsonRpcRequest, exchange: Exchange): Promise<void>;
  /** Ends the streams that wait for news, so that only real work is left. */
  quiet(): void;
  close(): Promise<void>;
}

export function serveModern(dependencies: WayDependencies, factory: SdkServerFactory, identity: Identity): ModernEra {
  const { instructions: _instructions, ...serverInfo } = identity;
  const writer = answerWriter('modern', serverInfo);
  const channel = new SdkChannel(statusOf);
  routeToSubscriptions(channel);
  // serveStdio is the SDK's entry for one long-lived server of this era; the channel stands where its pipe would be.
  const serving = serveStdio(() => factory(callerThrough(channel, 'modern')), {
    transport: channel,
    legacy: 'reject',
    onerror: (error) => dependencies.log.debug('Protocol error', { error: error.message }),
  });
  const subscriptions = new Set<Subscription>();
  const paramMismatch = paramHeaderCheck(dependencies.catalog);
  const toolList = toolListJson(dependencies.catalog, 'modern', serverInfo);

  async function request(message: JsonRpcRequest, exchange: Exchange): Promise<void> {
    const { id, method, params } = message;
    const envelope = params._meta as Record<string, unknown>;
    const version = String(envelope[PROTOCOL_VERSION_META_KEY]);
    if (version !== MODERN_VERSION) return refuseVersion(exchange, version);
    const { requestHeaders: headers } = exchange;
    const mismatch =
      headerMismatch(headers, version, method, params) ??
      (method === 'tools/call' ? paramMismatch(headers, String(params.name), params.arguments) : undefined);
    if (mismatch !== undefined) return exchange.finish(errorJson(id, HEADER_MISMATCH, mismatch), 400);
    if (method === 'tools/call' && isPlainCall(params, 'modern') && !dependencies.catalog.raw.tools.has(params.name)) {
      const capabilities = envelope[CLIENT_CAPABILITIES_META_KEY] as ClientCapabilities;
      const caller = new HttpCaller(exchange, 'modern', capabilities, params);
      return writer.send(exchange, await callTool(dependencies, { name: params.name, arguments: params.arguments, caller }));
    }
    if (method === 'tools/list' && isPlainList(params)) {
      const observation = observe(dependencies, new HttpCaller(exchange, 'modern', {}, params), { method });
      exchange.finish(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${toolList()}}`);
      return observation.end();
    }
    if (dependencies.tasks !== undefined && isTaskMethod(method)) {
      const caller = new HttpCaller(exchange, 'modern', envelope[CLIENT_CAPABILITIES_META_KEY] as ClientCapabilities, params);
      return sendTaskReply(await answerTaskRequest(dependencies, dependencies.tasks, { method, params, caller }), exchange);
    }
    if (!(await refuseForScope(dependencies, message, exchange))) passOn(message, exchange);
  }

  /** Everything else is the SDK's. A client that closes its stream has cancelled: that is how this era does it. */
  function passOn({ method, params }: JsonRpcRequest, exchange: Exchange): void {
    if (method === 'subscriptions/listen') return subscribe(params, exchange);
    const channelId = channel.ask({ method, params }, exchange);
    exchange.signal.addEventListener('abort', () => channel.cancel(channelId), { once: true });
  }

  function sendTaskReply(reply: TaskReply, exchange: Exchange): void {
    if ('error' in reply) {
      const { code, message, data } = reply.error;
      return exchange.finish(errorJson(exchange.id, code, message, data), statusOf(code));
    }
    const result = { ...reply.result, resultType: 'complete', _meta: { [SERVER_INFO_META_KEY]: serverInfo } };
    exchange.finish(JSON.stringify({ jsonrpc: '2.0', id: exchange.id, result }));
  }

  function subscribe(params: object, exchange: Exchange): void {
    const subscription = new Subscription(channel, exchange, { [SERVER_INFO_META_KEY]: serverInfo });
    subscriptions.add(subscription);
    exchange.onOver(() => subscriptions.delete(subscription));
    subscription.open(params);
  }

  function quiet(): void {
    for (const subscription of subscriptions) subscription.end();
  }

  return { request, quiet, close: () => serving.close() };
}

/** Answers a message of a version that is not spoken here with those that are. */
export function refuseVersion(exchange: Exchange, version: string): void {
  const data = { supported: [MODERN_VERSION], requested: version };
  exchange.finish(errorJson(exchange.id, UNSUPPORTED_VERSION, `Unsupported protocol version: ${version}`, data), 400);
}
