import { beforeEach, describe, expect, it } from 'vitest';
import { openSession, type RawResponse, send, sendModern } from './support/http.ts';
import { serveFixture } from './support/serve.ts';

const ERROR = 'io.github.fairway-mcp/error';

let url: string;
beforeEach(async () => {
  ({ url } = await serveFixture());
});

describe('an HTTP request', () => {
  it.each([
    'evil.example',
    'evil.example:80',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'a@localhost',
    'evil.example:80@localhost',
    'localhost#.evil.example',
    'localhost/.evil.example',
    'localhost?.evil.example',
    'localhost\\.evil.example',
    '%6cocalhost',
    'localhost, evil.example',
  ])('is rejected when its Host is %s', async (host) => {
    const response = await send(url, { headers: { Host: host }, body: '{}' });
    expect([response.status, response.json.error.message]).toEqual([403, expect.stringContaining('--allowed-hosts')]);
  });

  it.each([
    'https://evil.example',
    'null',
    'http://localhost.evil.example',
    'chrome-extension://abc',
    '',
    'http://a@localhost',
    'http://localhost#.evil.example',
    'http://localhost/page',
    'http://localhost, https://evil.example',
  ])('is rejected when it comes from a page with the Origin "%s"', async (origin) => {
    const response = await send(url, { headers: { Origin: origin }, body: '{}' });
    expect(response.status).toBe(403);
    expect(response.headers['access-control-allow-origin']).toBeUndefined();
  });

  it.each([
    ['Host', 'LOCALHOST:8080'],
    ['Host', '[::1]:1'],
    ['Host', 'localhost:'],
    ['Origin', 'http://localhost:5173'],
    ['Origin', 'https://[::1]'],
  ])('passes with the %s %s', async (header, value) => {
    expect((await send(url, { headers: { [header]: value }, body: '{}' })).status).not.toBe(403);
  });

  it.each(['{"jsonrpc":', '{"jsonrpc":"2.0","id":1,}', 'not JSON', '', '\u0000', '<html></html>'])(
    'gets a parse error, which shows neither a path nor a stack, when its body is %j',
    async (body) => {
      const response = await send(url, { body });
      expect([response.status, response.headers['content-type']]).toEqual([400, 'application/json']);
      expect(response.json).toMatchObject({ jsonrpc: '2.0', id: null, error: { code: -32700 } });
      expect(response.text).not.toMatch(/[/\\]|\bat |position|Error/);
    },
  );

  it('is rejected when its body is nested 40,000 levels deep', async () => {
    const body = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}}`;
    const response = await send(url, { body });
    expect([response.status, response.json.error.code]).toEqual([400, -32600]);
  });

  it('is rejected when it is a batch in which two requests have the same id, because one of the answers would be lost', async () => {
    const { headers } = await openSession(url);
    const ping = (id: unknown) => ({ jsonrpc: '2.0', id, method: 'ping' });
    const same = await send(url, { headers, body: JSON.stringify([ping(1), ping('1'), ping(1)]) });
    expect([same.status, same.json.error.code]).toEqual([400, -32600]);
    const different = await send(url, { headers, body: JSON.stringify([ping(1), ping('1'), ping(2)]) });
    expect(different.json.map(({ id }: { id: unknown }) => id)).toEqual([1, '1', 2]);
  });
});

type CallTool = (name: string, args?: object) => Promise<RawResponse>;

const ERAS: [string, () => Promise<CallTool>][] = [
  [
    'modern',
    async () =>
      (name, args = {}) =>
        sendModern(url, 'tools/call', { name, arguments: args }),
  ],
  [
    'legacy',
    async () => {
      const session = await openSession(url);
      return (name, args = {}) => session.request('tools/call', { name, arguments: args });
    },
  ],
];

describe.each(ERAS)('a call with the %s protocol', (_era, connect) => {
  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'ech'])(
    'gets a protocol error when it names %s, which is no tool',
    async (name) => {
      const { json } = await (await connect())(name);
      expect(json.error).toMatchObject({ code: -32602, message: expect.stringContaining('There is no tool of that name.') });
    },
  );

  it.each([
    ['cuont', 'unknown argument "cuont". Did you mean "count"?'],
    ['__proto__', '__proto__'],
  ])('is rejected when it has the unknown argument %s', async (argument, message) => {
    const { json } = await (await connect())('list_numbers', JSON.parse(`{"${argument}":1}`));
    expect(json.result.isError).toBe(true);
    expect(json.result._meta[ERROR]).toMatchObject({ kind: 'invalid_input', message: expect.stringContaining(message) });
  });
});

/** What a reader of JSON-RPC errors must not have to read: zod's issues as JSON. */
const DUMP = /[[{}]|ZodError/;

describe('parameters that are not valid', () => {
  const MALFORMED: [string, object, string][] = [
    ['prompts/get', { name: 'summarize_notes', arguments: { style: 5 } }, 'arguments.style: expected string'],
    ['prompts/get', {}, 'name: '],
    ['completion/complete', { ref: { type: 'ref/tool', name: 'x' }, argument: { name: 'a', value: '' } }, 'ref'],
    ['completion/complete', { ref: 5, argument: { name: 'a', value: '' } }, 'ref'],
    ['resources/read', { uri: 5 }, 'uri: '],
    ['tools/call', { name: 5 }, 'name: '],
    ['tools/call', { name: 'echo', arguments: 'text' }, 'arguments: '],
  ];

  it.each(MALFORMED)('of %s (%j) get -32602 and a sentence, with both protocols', async (method, params, why) => {
    const session = await openSession(url);
    for (const { json } of [await session.request(method, params), await sendModern(url, method, { ...params })]) {
      expect(json.error).toMatchObject({ code: -32602, message: expect.stringContaining(why) });
      expect(json.error.message).not.toMatch(DUMP);
    }
  });

  it.each([
    [{ protocolVersion: 5, capabilities: {}, clientInfo: { name: 'x', version: '1' } }, 'protocolVersion: expected string'],
    [{}, 'protocolVersion: required (string)'],
  ])('of initialize (%j) get -32602 and a sentence', async (params, why) => {
    const { json } = await send(url, { body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params }) });
    expect(json.error).toMatchObject({ code: -32602, message: expect.stringContaining(why) });
    expect(json.error.message).not.toMatch(DUMP);
  });
});
