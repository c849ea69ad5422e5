import type { Principal } from '@fairway-mcp/auth';
import type { RequestFacts } from '@fairway-mcp/telemetry';
import { type ServerContext, SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/server';
import type { Caller, ClientCapabilities } from '../protocol/caller.ts';
import { isObject } from '../protocol/json-rpc.ts';
import { type Era, MODERN_VERSION } from '../protocol/versions.ts';
import { type CallerOf, capabilitiesOf } from '../sdk/sdk-server.ts';
import type { SdkChannel } from './channel.ts';
import type { Exchange, Recipient } from './exchange.ts';

type Params = Readonly<Record<string, unknown>>;

/** The caller of a request that does not go through the SDK. */
export class HttpCaller implements Caller {
  readonly transport = 'http';
  readonly era: Era;
  readonly capabilities: ClientCapabilities;
  readonly meta: Params | undefined;
  readonly inputResponses: Params | undefined;
  readonly requestState: string | undefined;
  readonly #exchange: Exchange;

  constructor(exchange: Exchange, era: Era, capabilities: ClientCapabilities, params: Params) {
    this.#exchange = exchange;
    this.era = era;
    this.capabilities = capabilities;
    this.meta = isObject(params._meta) ? params._meta : undefined;
    this.inputResponses = isObject(params.inputResponses) ? params.inputResponses : undefined;
    this.requestState = typeof params.requestState === 'string' ? params.requestState : undefined;
  }

  get principal(): Principal {
    return this.#exchange.principal;
  }

  get signal(): AbortSignal {
    return this.#exchange.signal;
  }

  facts(): RequestFacts {
    return factsOf(this.#exchange, this.era);
  }

  notify(method: string, params: Record<string, unknown>): void {
    this.#exchange.receive({ jsonrpc: '2.0', method, params });
  }
}

/** Finds the caller of a request that came to the SDK through a channel, by the channel's id. */
export function callerThrough(channel: SdkChannel, era: Era): CallerOf {
  return (context: ServerContext, server) => {
    const { mcpReq } = context;
    const exchange = channel.recipientOf(mcpReq.id);
    if (exchange === undefined || !isExchange(exchange)) throw new Error('The request has no exchange.');
    return {
      principal: exchange.principal,
      era,
      transport: 'http',
      capabilities: exchange.canStream || era === 'modern' ? capabilitiesOf(context, server) : {},
      meta: mcpReq._meta,
      signal: mcpReq.signal,
      facts: () => factsOf(exchange, era),
      notify: (method, params) => exchange.receive({ jsonrpc: '2.0', method, params }),
      inputResponses: mcpReq.inputResponses,
      requestState: mcpReq.requestState(),
    };
  };
}

/** Headers can hold anything: only values of a known form are taken. */
function factsOf({ id, requestHeaders: headers }: Exchange, era: Era): RequestFacts {
  const { 'mcp-protocol-version': version, 'mcp-session-id': session, traceparent } = headers;
  return {
    transport: 'tcp',
    requestId: id ?? undefined,
    protocolVersion: era === 'modern' ? MODERN_VERSION : knownVersion(version),
    sessionId: typeof session === 'string' && SESSION_ID.test(session) ? session : undefined,
    httpTraceparent: typeof traceparent === 'string' ? traceparent : undefined,
  };
}

function knownVersion(version: string | string[] | undefined): string | undefined {
  return typeof version === 'string' && SUPPORTED_PROTOCOL_VERSIONS.includes(version) ? version : undefined;
}

const SESSION_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function isExchange(recipient: Recipient): recipient is Exchange {
  return 'principal' in recipient;
}
