import { classifyInboundRequest } from '@modelcontextprotocol/server';
import { asRequest, echoId, errorJson, type JsonRpcRequest } from '../protocol/json-rpc.ts';
import { MODERN_VERSION } from '../protocol/versions.ts';
import { routeBatch } from './batch.ts';
import type { Eras } from './eras.ts';
import type { Exchange } from './exchange.ts';
import { rejectVersion } from './modern.ts';

/** Passes one parsed body to the protocol era that it belongs to. */
export async function routeMessage(body: unknown, exchange: Exchange, eras: Eras): Promise<void> {
  if (Array.isArray(body)) return routeBatch(body, exchange, eras.legacy, (message, part) => routeMessage(message, part, eras));
  const request = asRequest(body);
  if (request !== undefined) {
    exchange.id = request.id;
    const era = eras.fastPath?.eraOf(request, exchange);
    if (era !== undefined) return eras[era].request(request, exchange);
  }
  return classify(body, request, exchange, eras);
}

/** The SDK's classifier finds the era, or what is wrong. */
async function classify(body: unknown, request: JsonRpcRequest | undefined, exchange: Exchange, eras: Eras): Promise<void> {
  const { requestHeaders: headers } = exchange;
  const route = classifyInboundRequest({
    httpMethod: 'POST',
    body,
    ...header('protocolVersionHeader', headers['mcp-protocol-version']),
    ...header('mcpMethodHeader', headers['mcp-method']),
    ...header('mcpNameHeader', headers['mcp-name']),
  });
  if (route.kind === 'reject') return exchange.finish(errorJson(echoId(body), route.code, route.message, route.data), route.httpStatus);
  if (request !== undefined) return eras[route.kind].request(request, exchange);
  if (route.kind === 'legacy') return eras.legacy.deliver(body as Record<string, unknown>, exchange);
  const { revision } = route.classification;
  if (revision === MODERN_VERSION) exchange.replyEmpty(202);
  else rejectVersion(exchange, String(revision));
}

function header(key: string, value: string | string[] | undefined): object {
  return value === undefined ? {} : { [key]: String(value) };
}
