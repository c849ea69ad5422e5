import type { Principal } from '@fairway-mcp/auth';
import type { ServerContext } from '@modelcontextprotocol/server';
import type { Caller, ClientCapabilities, Era } from '../call/caller.ts';
import { isObject } from '../protocol/json.ts';
import { type CallerOf, capabilitiesOf } from '../protocol/sdk-server.ts';
import type { SdkChannel } from './channel.ts';
import type { Exchange, Recipient } from './exchange.ts';

type Params = Readonly<Record<string, unknown>>;

/** The caller of a request that this transport answers itself. */
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

  notify(method: string, params: Record<string, unknown>): void {
    this.#exchange.receive({ jsonrpc: '2.0', method, params });
  }
}

/** The caller of a request that came to the SDK through a channel: found again by the channel's id. */
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
      notify: (method, params) => exchange.receive({ jsonrpc: '2.0', method, params }),
      inputResponses: mcpReq.inputResponses,
      requestState: mcpReq.requestState(),
    };
  };
}

function isExchange(recipient: Recipient): recipient is Exchange {
  return 'principal' in recipient;
}
