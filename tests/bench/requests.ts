import { PAGE_ROWS } from './tool-data.ts';

/** `modern`: 2026-07-28, without sessions. `legacy`: 2025-11-25, or the newest older version that a server speaks. */
export type Era = 'modern' | 'legacy';

export interface McpRequest {
  method: 'tools/call' | 'tools/list';
  params: Record<string, unknown>;
  /** What a correct answer contains. */
  marker: string;
}

export const REQUESTS = {
  echo: {
    method: 'tools/call',
    params: { name: 'echo', arguments: { text: 'The quick brown fox jumps over the lazy dog' } },
    marker: 'jumps over the lazy dog',
  },
  page: { method: 'tools/call', params: { name: 'read_page', arguments: { rows: PAGE_ROWS } }, marker: `resource-0000${PAGE_ROWS - 1}` },
  list: { method: 'tools/list', params: {}, marker: 'read_page' },
} as const satisfies Record<string, McpRequest>;

const MODERN = '2026-07-28';
export const LEGACY_VERSION = '2025-11-25';

const ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': MODERN,
  'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '0.0.0' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

/** One HTTP request as bytes, to be sent many times over one connection. */
export function requestBytes(
  url: URL,
  { method, params }: McpRequest,
  era: Era,
  { id, headers }: { id: number; headers: Record<string, string> },
): Buffer {
  const body = JSON.stringify({ jsonrpc: '2.0', id, method, params: era === 'modern' ? { ...params, _meta: ENVELOPE } : params });
  const name: Record<string, string> = typeof params.name === 'string' ? { 'Mcp-Name': params.name } : {};
  const modern: Record<string, string> = { 'MCP-Protocol-Version': MODERN, 'Mcp-Method': method, ...name };
  return httpBytes(url, body, { ...(era === 'modern' && modern), ...headers });
}

/** The first request of a session of the older protocol. */
export function initializeBytes(url: URL, headers: Record<string, string>): Buffer {
  const params = { protocolVersion: LEGACY_VERSION, capabilities: {}, clientInfo: { name: 'bench', version: '0.0.0' } };
  return httpBytes(url, JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params }), headers);
}

function httpBytes(url: URL, body: string, headers: Record<string, string>): Buffer {
  const all = {
    Host: url.host,
    'Content-Type': 'application/json',
    Accept: 'application/json, text/event-stream',
    'Content-Length': String(Buffer.byteLength(body)),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`POST ${url.pathname} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
}
