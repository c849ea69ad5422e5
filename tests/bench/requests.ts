import { PAGE_ROWS } from './answers.ts';

export type Era = 'modern' | 'legacy';

export interface Question {
  method: 'tools/call' | 'tools/list';
  params: Record<string, unknown>;
  /** What a right answer contains. */
  marker: string;
}

export const QUESTIONS = {
  echo: {
    method: 'tools/call',
    params: { name: 'echo', arguments: { text: 'The quick brown fox jumps over the lazy dog' } },
    marker: 'jumps over the lazy dog',
  },
  page: { method: 'tools/call', params: { name: 'read_page', arguments: { rows: PAGE_ROWS } }, marker: `resource-0000${PAGE_ROWS - 1}` },
  list: { method: 'tools/list', params: {}, marker: 'read_page' },
} as const satisfies Record<string, Question>;

const MODERN = '2026-07-28';
const LEGACY = '2025-11-25';

const ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': MODERN,
  'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '0.0.0' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

/** One HTTP request as bytes, to be sent again and again over one connection. */
export function requestBytes(
  url: URL,
  question: Question,
  era: Era,
  { id, headers }: { id: number; headers: Record<string, string> },
): Buffer {
  const { method, params } = question;
  const body = JSON.stringify({ jsonrpc: '2.0', id, method, params: era === 'modern' ? { ...params, _meta: ENVELOPE } : params });
  const name: Record<string, string> = typeof params.name === 'string' ? { 'Mcp-Name': params.name } : {};
  const own: Record<string, string> =
    era === 'modern' ? { 'MCP-Protocol-Version': MODERN, 'Mcp-Method': method, ...name } : { 'MCP-Protocol-Version': LEGACY };
  return httpBytes(url, body, { ...own, ...headers });
}

/** The handshake of the older protocol. */
export function initializeBytes(url: URL, headers: Record<string, string>): Buffer {
  const params = { protocolVersion: LEGACY, capabilities: {}, clientInfo: { name: 'bench', version: '0.0.0' } };
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
