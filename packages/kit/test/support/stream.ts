import http from 'node:http';
import { onTestFinished } from 'vitest';
import { events, type Json, MODERN } from './http.ts';

/** An open event stream: its messages so far, and whether it has ended. With a body it is the stream of that request. */
export function openStream(url: string, headers: http.OutgoingHttpHeaders, body?: object) {
  const { promise: opened, resolve } = Promise.withResolvers<http.IncomingMessage>();
  const state = {
    text: '',
    status: 0,
    ended: false,
    opened,
    /** The messages so far. */
    messages: (): Json[] => events(state.text),
    /** Disconnects. */
    close: () => void request.destroy(),
  };
  const method = body === undefined ? 'GET' : 'POST';
  const all = { Accept: 'application/json, text/event-stream', 'Content-Type': 'application/json', ...headers };
  const request = http.request(url, { method, agent: false, headers: all }, (response) => {
    state.status = response.statusCode ?? 0;
    response.on('data', (chunk: Buffer) => {
      state.text += chunk.toString();
    });
    response.on('end', () => {
      state.ended = true;
    });
    response.on('error', () => undefined);
    resolve(response);
  });
  request.on('error', () => undefined);
  request.end(body === undefined ? undefined : JSON.stringify(body));
  onTestFinished(() => void request.destroy());
  return state;
}

/** Opens a `subscriptions/listen` stream of the 2026 protocol. */
export function listen(url: string, notifications: object, { id = 'listen', headers = {} }: { id?: string; headers?: object } = {}) {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': MODERN,
    'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const method = 'subscriptions/listen';
  const body = { jsonrpc: '2.0', id, method, params: { notifications, _meta } };
  return openStream(url, { 'MCP-Protocol-Version': MODERN, 'Mcp-Method': method, ...headers }, body);
}
