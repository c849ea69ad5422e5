import { CLIENT_CAPABILITIES_META_KEY, PROTOCOL_VERSION_META_KEY, SERVER_INFO_META_KEY } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Catalog } from '../define/catalog.ts';
import type { ClientCapabilities } from '../protocol/caller.ts';
import { errorJson, type JsonRpcRequest, METHOD_NOT_FOUND } from '../protocol/json-rpc.ts';
import { MODERN_VERSION } from '../protocol/versions.ts';
import type { Identity } from '../sdk/identity.ts';
import { ResourceListener } from '../sdk/listen.ts';
import { asProtocolError, type SdkServerFactory } from '../sdk/sdk-server.ts';
import { answerTaskRequest, isTaskMethod, type TaskReply } from '../tasks/requests.ts';
import { MISSING_CAPABILITY } from '../tasks/view.ts';
import type { TaskPipeline } from '../tasks/with-tasks.ts';
import { callerThrough, HttpCaller } from './callers.ts';
import { SdkChannel } from './channel.ts';
import type { EraFastPath, ModernEra } from './eras.ts';
import type { Exchange } from './exchange.ts';
import { createParamHeaderCheck, type ParamHeaderCheck } from './param-headers.ts';
import { createRateCheck, type RateCheck } from './rates.ts';
import { rejectForScope } from './scopes.ts';
import { HEADER_MISMATCH, headerMismatch } from './standard-headers.ts';
import { routeToSubscriptions, Subscription } from './subscription.ts';

/** -32022: the body names a protocol version that this server does not support. */
const UNSUPPORTED_VERSION = -32022;

/** The HTTP status of a JSON-RPC error that came after the envelope was validated. */
function statusOf(code: number): number {
  if (code === METHOD_NOT_FOUND) return 404;
  return code === MISSING_CAPABILITY ? 400 : 200;
}

export interface ModernOptions {
  catalog: Catalog;
  pipeline: TaskPipeline;
  factory: SdkServerFactory;
  identity: Identity;
  fastPath: EraFastPath | undefined;
  onProtocolError(error: Error): void;
}

export function createModernEra(options: ModernOptions): ModernEra {
  return new Modern(options);
}

/** Each request of this era is complete in itself, so one SDK server serves all clients. */
class Modern implements ModernEra {
  readonly #catalog: Catalog;
  readonly #pipeline: TaskPipeline;
  readonly #fastPath: EraFastPath | undefined;
  readonly #serverInfo: object;
  readonly #paramMismatch: ParamHeaderCheck;
  readonly #rejectForRate: RateCheck;
  readonly #channel = new SdkChannel(statusOf);
  readonly #serving: ReturnType<typeof serveStdio>;
  readonly #subscriptions = new Set<Subscription>();

  constructor({ catalog, pipeline, factory, identity, fastPath, onProtocolError }: ModernOptions) {
    const { instructions: _instructions, ...serverInfo } = identity;
    this.#catalog = catalog;
    this.#pipeline = pipeline;
    this.#fastPath = fastPath;
    this.#serverInfo = serverInfo;
    this.#paramMismatch = createParamHeaderCheck(catalog);
    this.#rejectForRate = createRateCheck(pipeline, catalog, 'modern');
    routeToSubscriptions(this.#channel);
    // serveStdio is the SDK's entry for one long-lived server of this era; the channel takes the place of its pipe.
    this.#serving = serveStdio(() => factory(callerThrough(this.#channel, 'modern'), 'listen'), {
      transport: this.#channel,
      legacy: 'reject',
      onerror: onProtocolError,
      // Each is a connection of its own, and those are limited; the SDK's limit would be one for all clients together.
      maxSubscriptions: Number.MAX_SAFE_INTEGER,
    });
  }

  async request(message: JsonRpcRequest, exchange: Exchange): Promise<void> {
    const { id, method, params } = message;
    const envelope = params._meta as Record<string, unknown>;
    const version = String(envelope[PROTOCOL_VERSION_META_KEY]);
    if (version !== MODERN_VERSION) return rejectVersion(exchange, version);
    const mismatch = this.#headerMismatch(exchange, version, method, params);
    if (mismatch !== undefined) return exchange.finish(errorJson(id, HEADER_MISMATCH, mismatch), 400);
    if (this.#rejectForRate(message, exchange)) return;
    const capabilities = envelope[CLIENT_CAPABILITIES_META_KEY] as ClientCapabilities;
    if (this.#fastPath?.accepts(message) === true) return this.#fastPath.answer(message, exchange, capabilities);
    const { tasks } = this.#pipeline;
    if (tasks !== undefined && isTaskMethod(method)) {
      const caller = new HttpCaller(exchange, 'modern', capabilities, params);
      return this.#sendTaskReply(await answerTaskRequest(this.#pipeline, tasks, { method, params, caller }), exchange);
    }
    if (!(await rejectForScope(this.#pipeline, this.#catalog, message, exchange))) this.#forward(message, exchange, capabilities);
  }

  endStreams(): void {
    for (const subscription of this.#subscriptions) subscription.end();
  }

  close(): Promise<void> {
    return this.#serving.close();
  }

  #headerMismatch({ requestHeaders }: Exchange, version: string, method: string, params: JsonRpcRequest['params']): string | undefined {
    const problem = headerMismatch(requestHeaders, version, method, params);
    if (problem !== undefined || method !== 'tools/call') return problem;
    return this.#paramMismatch(requestHeaders, String(params.name), params.arguments);
  }

  /** Hands the request to the SDK. A client of this era cancels by closing its stream. */
  #forward({ method, params }: JsonRpcRequest, exchange: Exchange, capabilities: ClientCapabilities): void {
    if (method === 'subscriptions/listen') return this.#subscribe(params, exchange, capabilities);
    const channelId = this.#channel.request({ method, params }, exchange);
    exchange.signal.addEventListener('abort', () => this.#channel.cancel(channelId), { once: true });
  }

  #sendTaskReply(reply: TaskReply, exchange: Exchange): void {
    if ('error' in reply) {
      const { code, message, data } = reply.error;
      return exchange.finish(errorJson(exchange.id, code, message, data), statusOf(code));
    }
    const result = { ...reply.result, resultType: 'complete', _meta: { [SERVER_INFO_META_KEY]: this.#serverInfo } };
    exchange.finish(JSON.stringify({ jsonrpc: '2.0', id: exchange.id, result }));
  }

  #subscribe(params: JsonRpcRequest['params'], exchange: Exchange, capabilities: ClientCapabilities): void {
    const { subscriptions } = this.#pipeline;
    const listener =
      subscriptions === undefined
        ? undefined
        : new ResourceListener(subscriptions, new HttpCaller(exchange, 'modern', capabilities, params), exchange.id, (notification) =>
            exchange.receive(notification),
          );
    const subscription = new Subscription(this.#channel, exchange, { [SERVER_INFO_META_KEY]: this.#serverInfo }, listener);
    this.#subscriptions.add(subscription);
    exchange.onClose(() => {
      this.#subscriptions.delete(subscription);
      listener?.close();
    });
    asProtocolError(subscription.open(params)).catch(({ code, message, data }) =>
      exchange.finish(errorJson(exchange.id, code, message, data), statusOf(code)),
    );
  }
}

/** Answers a message of an unsupported version with the supported ones. */
export function rejectVersion(exchange: Exchange, version: string): void {
  const data = { supported: [MODERN_VERSION], requested: version };
  exchange.finish(errorJson(exchange.id, UNSUPPORTED_VERSION, `Unsupported protocol version: ${version}`, data), 400);
}
