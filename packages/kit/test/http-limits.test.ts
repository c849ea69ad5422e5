import http, { type IncomingMessage } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { queryObjects } from 'node:v8';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Body, readBody } from '../src/http/body.ts';
import { MODERN, openSession, send, sendModern } from './support/http.ts';
import { serveFixture } from './support/serve.ts';

const call = (name: string, args: object = {}) => ({ name, arguments: args });

describe('Host and Origin checks', () => {
  it('accept loopback names and those that the operator allows', async () => {
    const token = 'a-token-that-is-long-enough';
    const { url } = await serveFixture(['--allowed-hosts', 'mcp.example', '--bearer-token', token]);
    for (const host of ['localhost:1', '127.0.0.1', '[::1]:9', 'mcp.example:443']) {
      const headers = { Host: host, Authorization: `Bearer ${token}` };
      expect((await sendModern(url, 'tools/list', {}, { headers })).status).toBe(200);
    }
  });

  it('let pages of an allowed origin read the answer, including the preflight', async () => {
    const { url } = await serveFixture(['--allowed-origins', 'app.example']);
    const origin = 'https://app.example';
    const preflight = await send(url, { method: 'OPTIONS', headers: { Origin: origin, 'Access-Control-Request-Method': 'POST' } });
    expect(preflight.status).toBe(204);
    expect(preflight.headers['access-control-allow-origin']).toBe(origin);
    expect(preflight.headers['access-control-allow-headers']).toContain('Mcp-Session-Id');
    expect((await sendModern(url, 'tools/list', {}, { headers: { Origin: origin } })).headers['access-control-allow-origin']).toBe(origin);
  });

  it('answer a wrong path or method with the right one', async () => {
    const { url } = await serveFixture();
    const lost = await send(url.replace('/mcp', '/'), { method: 'GET' });
    expect([lost.status, lost.json.error_description]).toEqual([404, 'The server is at /mcp.']);
    expect((await send(url, { method: 'PUT', body: '{}' })).headers.allow).toBe('POST, GET, DELETE');
  });
});

describe('a request body', () => {
  it('must be JSON with a JSON content type', async () => {
    const { url } = await serveFixture();
    expect((await send(url, { headers: { 'Content-Type': 'text/plain' }, body: '{}' })).status).toBe(415);
  });

  it.each([
    ['""'],
    ['5'],
    ['{}'],
    ['{"jsonrpc":"2.0"}'],
    ['{"jsonrpc":"1.0","id":1,"method":"tools/list"}'],
    ['{"jsonrpc":"2.0","id":{},"method":"x"}'],
  ])('is answered with "invalid request" when it is %s', async (body) => {
    const { url } = await serveFixture();
    const response = await send(url, { body });
    expect([response.status, response.json.error.code]).toEqual([400, -32600]);
  });

  it('is rejected beyond the size limit, with and without a content length', async () => {
    const { url } = await serveFixture(['--max-body-bytes', '2000']);
    const large = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: { x: 'y'.repeat(5000) } });
    expect((await send(url, { body: large })).status).toBe(413);
    const chunked = await send(url, { headers: { 'Transfer-Encoding': 'chunked' }, body: large });
    expect(chunked.status).toBe(413);
    expect(chunked.json.error.message).toContain('2000 bytes');
  });

  it('may contain any number of brackets inside strings, which do not count as nesting', async () => {
    const { url } = await serveFixture();
    const text = '[{"'.repeat(500);
    const fine = await sendModern(url, 'tools/call', call('echo', { text }));
    expect(fine.json.result.structuredContent).toEqual({ text });
  });

  it('that arrives byte by byte is kept in one buffer', async () => {
    const bodies: Promise<Body>[] = [];
    const { promise: received, resolve } = Promise.withResolvers<IncomingMessage>();
    const server = http.createServer((request, response) => {
      resolve(request);
      bodies.push(readBody(request, { maxBodyBytes: 1_000_000, maxJsonDepth: 10 }));
      void bodies[0]?.finally(() => response.end());
    });
    onTestFinished(() => void server.close());
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const socket = net.connect((server.address() as AddressInfo).port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    const head = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
    socket.write(`${head}1\r\n"\r\n`);
    const request = await received;
    const before = Number(queryObjects(Uint8Array, { format: 'count' }));
    socket.write('1\r\nx\r\n'.repeat(30_000));
    await expect.poll(() => request.socket.bytesRead).toBe(socket.bytesWritten);
    expect(Number(queryObjects(Uint8Array, { format: 'count' })) - before).toBeLessThan(1_000);
    socket.write('1\r\n"\r\n0\r\n\r\n');
    expect(await bodies[0]).toEqual({ json: 'x'.repeat(30_000) });
  });

  it('does no harm when the client disconnects in the middle of it', async () => {
    const { url } = await serveFixture();
    const { port } = new URL(url);
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    const socket = net.connect(Number(port), '127.0.0.1', () => {
      socket.write('POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"half', () =>
        socket.destroy(),
      );
    });
    socket.on('close', () => resolve());
    await closed;
    expect((await sendModern(url, 'tools/list')).status).toBe(200);
  });
});

describe('names', () => {
  it('that are unknown are counted beyond the first few', async () => {
    const { url } = await serveFixture();
    const unknown = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`name_${index}`, 1]));
    const { result } = (await sendModern(url, 'tools/call', call('echo', { text: 'x', ...unknown }))).json;
    expect(result.content[0].text).toContain('unknown argument "name_7"');
    expect(result.content[0].text).toContain('and 49992 more.');
    expect(result.content[0].text.length).toBeLessThan(1_000);
  });

  it.each([
    ['tools/call', { name: 'e'.repeat(1_000_000) }],
    ['prompts/get', { name: 'e'.repeat(1_000_000) }],
    ['completion/complete', { ref: { type: 'ref/prompt', name: 'x'.repeat(500_000) }, argument: { name: 'x'.repeat(400_000), value: '' } }],
  ])('of a megabyte are answered by %s, and not repeated', async (method, params) => {
    const { url } = await serveFixture();
    const session = await openSession(url);
    const { text } = await session.request(method, params);
    expect(text.length).toBeLessThan(1_000);
  });
});

describe('names of built-in object properties', () => {
  it.each(['constructor', '__proto__'])('%s is neither a prompt nor a resource nor an argument', async (name) => {
    const { url } = await serveFixture();
    expect((await sendModern(url, 'prompts/get', { name })).json.error.code).toBe(-32602);
    expect((await sendModern(url, 'resources/read', { uri: name })).json.error.code).toBe(-32602);
    const ref = { type: 'ref/prompt', name: 'summarize_notes' };
    expect((await sendModern(url, 'completion/complete', { ref, argument: { name, value: '' } })).json.result.completion.values).toEqual(
      [],
    );
    const stray = await sendModern(url, 'tools/call', { name: 'echo', arguments: JSON.parse(`{"text":"x","${name}":1}`) });
    expect(stray.json.result.isError).toBe(true);
  });
});

describe('a request of the 2026-07-28 protocol', () => {
  it.each([
    ['MCP-Protocol-Version', undefined, -32020],
    ['Mcp-Method', undefined, -32020],
    ['Mcp-Method', 'tools/list', -32020],
    ['Mcp-Name', undefined, -32020],
    ['Mcp-Name', 'wait', -32020],
    ['Mcp-Name', '=?base64?!!!?=', -32020],
    ['MCP-Protocol-Version', '2025-11-25', -32020],
  ])('is rejected when its header %s is %s', async (header, value, code) => {
    const { url } = await serveFixture();
    const params = {
      ...call('echo', { text: 'x' }),
      _meta: { 'io.modelcontextprotocol/protocolVersion': MODERN, 'io.modelcontextprotocol/clientCapabilities': {} },
    };
    const headers: Record<string, string> = { 'MCP-Protocol-Version': MODERN, 'Mcp-Method': 'tools/call', 'Mcp-Name': 'echo' };
    if (value === undefined) delete headers[header];
    else headers[header] = value;
    const response = await send(url, { headers, body: JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'tools/call', params }) });
    expect([response.status, response.json.error.code, response.json.id]).toEqual([400, code, 7]);
  });

  it('may carry a tool name in Base64', async () => {
    const { url } = await serveFixture();
    const encoded = `=?base64?${Buffer.from('echo').toString('base64')}?=`;
    const response = await sendModern(url, 'tools/call', call('echo', { text: 'x' }), { headers: { 'Mcp-Name': encoded } });
    expect(response.json.result.structuredContent).toEqual({ text: 'x' });
  });

  it('is answered with the supported versions when it has another one', async () => {
    const { url } = await serveFixture();
    const _meta = { 'io.modelcontextprotocol/protocolVersion': '2099-01-01', 'io.modelcontextprotocol/clientCapabilities': {} };
    const response = await send(url, {
      headers: { 'MCP-Protocol-Version': '2099-01-01', 'Mcp-Method': 'tools/list' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta } }),
    });
    expect([response.status, response.json.error]).toMatchObject([
      400,
      { code: -32022, data: { supported: [MODERN], requested: '2099-01-01' } },
    ]);
  });

  it('is answered with the missing field when its metadata is incomplete', async () => {
    const { url } = await serveFixture();
    const response = await send(url, {
      headers: { 'MCP-Protocol-Version': MODERN, 'Mcp-Method': 'tools/list' },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/list',
        params: { _meta: { 'io.modelcontextprotocol/protocolVersion': MODERN } },
      }),
    });
    expect([response.status, response.json.error.code]).toEqual([400, -32602]);
    expect(response.json.error.message).toContain('clientCapabilities');
  });

  it('is answered with "method not found" when its method is unknown', async () => {
    const { url } = await serveFixture();
    const response = await sendModern(url, 'tools/burn');
    expect([response.status, response.json.error.code]).toEqual([404, -32601]);
  });

  it("gets the server's description by server/discover", async () => {
    const { url } = await serveFixture();
    const { result } = (await sendModern(url, 'server/discover')).json;
    expect(result).toMatchObject({
      supportedVersions: [MODERN],
      resultType: 'complete',
      instructions: 'Notes come and go.',
      capabilities: { tools: {} },
    });
  });

  it('that subscribes ends at once when the server has nothing to subscribe to', async () => {
    const { url } = await serveFixture();
    const response = await sendModern(url, 'subscriptions/listen', { notifications: { toolsListChanged: true } }, { id: 'sub-1' });
    expect(response.headers['content-type']).toBe('text/event-stream');
    expect(response.text).toContain('notifications/subscriptions/acknowledged');
    expect(response.text).toContain('"io.modelcontextprotocol/subscriptionId":"sub-1"');
    expect(response.text).toContain('"resultType":"complete"');
  });
});
