import {
  classifyInboundRequest,
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResponse,
  PROTOCOL_VERSION_META_KEY,
  SUPPORTED_PROTOCOL_VERSIONS,
} from '@modelcontextprotocol/server';
import { echoId, INVALID_REQUEST, isObject } from '../protocol/json-rpc.ts';
import { MODERN_VERSION } from '../protocol/versions.ts';
import { BatchPart, type Exchange, errorJson, type JsonRpcRequest } from './exchange.ts';
import { asRequest, isPlainEnvelope, isPlainMeta } from './fast-path/well-formed.ts';
import type { LegacyEra } from './legacy.ts';
import { type ModernEra, refuseVersion } from './modern.ts';

export interface Eras {
  modern: ModernEra;
  legacy: LegacyEra;
}

const MAX_BATCH = 100;

/** Gives one parsed body to the protocol era that it belongs to. */
export async function routeMessage(body: unknown, exchange: Exchange, eras: Eras): Promise<void> {
  if (Array.isArray(body)) return routeBatch(body, exchange, eras);
  const request = asRequest(body);
  if (request !== undefined) {
    exchange.id = request.id;
    const era = plainEra(request, exchange);
    if (era !== undefined) return eras[era].request(request, exchange);
  }
  return routeUnusual(body, request, exchange, eras);
}

/** The era of a request that says it clearly. The SDK's classifier, which is thorough and slow, judges the others. */
function plainEra({ method, params }: JsonRpcRequest, exchange: Exchange): 'modern' | 'legacy' | undefined {
  const meta = params._meta;
  if (!isPlainMeta(meta)) return undefined;
  const claim = isObject(meta) ? meta[PROTOCOL_VERSION_META_KEY] : undefined;
  const header = exchange.requestHeaders['mcp-protocol-version'];
  if (claim === MODERN_VERSION && header === MODERN_VERSION && isPlainEnvelope(meta)) return 'modern';
  const isLegacy = claim === undefined && (header === undefined || SUPPORTED_PROTOCOL_VERSIONS.includes(String(header)));
  return isLegacy && (method === 'tools/call' || method === 'tools/list') ? 'legacy' : undefined;
}

async function routeUnusual(body: unknown, request: JsonRpcRequest | undefined, exchange: Exchange, eras: Eras): Promise<void> {
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
  if (route.kind === 'legacy') return eras.legacy.tell(body as Record<string, unknown>, exchange);
  const { revision } = route.classification;
  if (revision === MODERN_VERSION) exchange.replyEmpty(202);
  else refuseVersion(exchange, String(revision));
}

function header(key: string, value: string | string[] | undefined): object {
  return value === undefined ? {} : { [key]: String(value) };
}

/**
 * A batch, which only the 2025-03-26 protocol knows. Each message goes its own way; the answers come back together.
 * Two requests of one id would leave the client with one answer too few, so such a batch is refused whole.
 */
async function routeBatch(batch: readonly unknown[], exchange: Exchange, eras: Eras): Promise<void> {
  const requests = batch.map(asRequest);
  const problem = batchProblem(batch, requests);
  if (problem !== undefined) return exchange.finish(errorJson(null, INVALID_REQUEST, problem), 400);
  if (eras.legacy.refuses(exchange)) return;
  const answers = await Promise.all(batch.map((message) => routePart(message, exchange, eras)));
  const texts = answers.filter((text) => text !== undefined);
  if (texts.length === 0) exchange.replyEmpty(202);
  else exchange.finish(`[${texts.join(',')}]`);
}

function batchProblem(batch: readonly unknown[], requests: readonly (JsonRpcRequest | undefined)[]): string | undefined {
  const ids = requests.flatMap((request) => (request === undefined ? [] : [request.id]));
  if (batch.length === 0) return 'The batch is empty.';
  if (batch.length > MAX_BATCH) return `The batch has more than ${MAX_BATCH} messages.`;
  if (new Set(ids).size !== ids.length) return 'Two requests of the batch have the same id.';
  const isModern = batch.some(
    (message) =>
      isObject(message) && isObject(message.params) && isObject(message.params._meta) && PROTOCOL_VERSION_META_KEY in message.params._meta,
  );
  if (isModern) return `Protocol ${MODERN_VERSION} has no batches: send one message a request.`;
  if (requests.some((request) => request?.method === 'initialize')) return 'A batch cannot hold initialize.';
  return batch.every(isMessage) ? undefined : 'The batch holds something that is no JSON-RPC message.';
}

function isMessage(message: unknown): boolean {
  return isJSONRPCRequest(message) || isJSONRPCNotification(message) || isJSONRPCResponse(message);
}

async function routePart(message: unknown, exchange: Exchange, eras: Eras): Promise<string | undefined> {
  const part = new BatchPart(exchange);
  await routeMessage(message, part, eras);
  return part.answer;
}
