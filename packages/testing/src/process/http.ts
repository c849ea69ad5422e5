import http from 'node:http';
import { MODERN_VERSION } from './clients.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests check the answers of a server field by field.
export type Json = any;

export interface RawResponse {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
  /** The body as JSON; `undefined` when it is not JSON. */
  json: Json;
}

export interface RawRequest {
  method?: string;
  headers?: http.OutgoingHttpHeaders;
  body?: string | Buffer;
  /** Closes the connection; the promise is rejected. */
  signal?: AbortSignal | undefined;
}

/** Sends one HTTP request with exactly the given headers, Host included, which a client library would not allow. */
export function send(url: string, { method = 'POST', headers = {}, body, signal }: RawRequest = {}): Promise<RawResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<RawResponse>();
  const request = http.request(
    url,
    {
      method,
      agent: false,
      headers: { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream', ...headers },
      ...(signal !== undefined && { signal }),
    },
    (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: parseJson(text) });
      });
    },
  );
  request.on('error', reject);
  request.end(body);
  return promise;
}

export interface ModernRequest {
  id?: number | string;
  headers?: http.OutgoingHttpHeaders;
  capabilities?: object;
  signal?: AbortSignal | undefined;
}

/** Sends a request of protocol version 2026-07-28 with the headers that belong to it. */
export function sendModern(
  url: string,
  method: string,
  params: Record<string, unknown> = {},
  { id = 1, headers = {}, capabilities = {}, signal }: ModernRequest = {},
): Promise<RawResponse> {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': MODERN_VERSION,
    'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': capabilities,
    ...(params._meta as object | undefined),
  };
  const name = params.name ?? params.uri;
  return send(url, {
    headers: {
      'MCP-Protocol-Version': MODERN_VERSION,
      'Mcp-Method': method,
      ...(typeof name === 'string' && { 'Mcp-Name': name }),
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id, method, params: { ...params, _meta } }),
    signal,
  });
}

/** Opens a session of protocol version 2025-11-25. */
export async function openSession(
  url: string,
  { headers = {}, capabilities = {} }: { headers?: http.OutgoingHttpHeaders; capabilities?: object } = {},
) {
  const params = { protocolVersion: '2025-11-25', capabilities, clientInfo: { name: 'test', version: '1' } };
  const opened = await send(url, { headers, body: JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params }) });
  const id = String(opened.headers['mcp-session-id']);
  const sessionHeaders: http.OutgoingHttpHeaders = { 'Mcp-Session-Id': id, 'MCP-Protocol-Version': '2025-11-25', ...headers };
  await send(url, { headers: sessionHeaders, body: JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }) });
  return {
    id,
    opened,
    headers: sessionHeaders,
    request: (method: string, request: object = {}, requestId: number | string = 1, signal?: AbortSignal) =>
      send(url, { headers: sessionHeaders, body: JSON.stringify({ jsonrpc: '2.0', id: requestId, method, params: request }), signal }),
  };
}

export type Session = Awaited<ReturnType<typeof openSession>>;

/** The JSON-RPC messages of an event stream. */
export function events(text: string): Json[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => JSON.parse(line.slice(6)));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
