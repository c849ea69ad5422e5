import type { OutgoingHttpHeaders } from 'node:http';
import { MODERN } from '../support/http.ts';

/** One HTTP request, as both sides receive it. POST unless stated. */
export interface Question {
  method?: string;
  headers?: OutgoingHttpHeaders;
  body?: string;
}

export type Questions = Readonly<Record<string, Question>>;

export const LEGACY = '2025-11-25';
export const TASKS = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
export const ASKING = { elicitation: { form: {} } };

export const envelope = (version: unknown = MODERN, capabilities: unknown = {}, info: unknown = { name: 'test', version: '1' }) => ({
  'io.modelcontextprotocol/protocolVersion': version,
  'io.modelcontextprotocol/clientInfo': info,
  'io.modelcontextprotocol/clientCapabilities': capabilities,
});

export const call = (name: unknown, given?: unknown, more: object = {}) => ({ name, arguments: given, ...more });

/** A request of the 2026-07-28 protocol with matching headers. Given headers replace them; `undefined` leaves one out. */
export function modern(
  method: string,
  params: Record<string, unknown> = {},
  headers: OutgoingHttpHeaders = {},
  meta: object = {},
): Question {
  const name = params.name ?? params.uri ?? params.taskId;
  const given = {
    'MCP-Protocol-Version': MODERN,
    'Mcp-Method': method,
    ...(typeof name === 'string' && { 'Mcp-Name': name }),
    ...headers,
  };
  const body = { jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: { ...envelope(), ...meta } } };
  return { headers: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)), body: JSON.stringify(body) };
}

/** A request of the older protocol. */
export function legacy(method: string, params?: unknown, headers: OutgoingHttpHeaders = {}): Question {
  return { headers: { 'MCP-Protocol-Version': LEGACY, ...headers }, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }) };
}

/** A request with a body that is sent unchanged. */
export function posted(body: unknown, headers: OutgoingHttpHeaders = {}): Question {
  return { headers, body: typeof body === 'string' ? body : JSON.stringify(body) };
}

export const request = (method: string, more: object = {}) => ({ jsonrpc: '2.0', id: 1, method, ...more });

export const initialize = (protocolVersion: string, capabilities: object = {}) => ({
  protocolVersion,
  capabilities,
  clientInfo: { name: 'test', version: '1' },
});
