import { openSession, send, startHttp } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';
import { call, client, ERAS, ERROR, tagCompliance } from './support/programs.ts';

const MEGABYTE = 2 ** 20;
/** How much the memory of a process may grow while 300 MB are thrown at it. What is read and dropped is collected now and then only. */
const FLAT = 120 * MEGABYTE;

describe('what comes to the door of the released server', () => {
  it.each(['evil.example', 'evil.example:80', 'localhost.evil.example', '127.0.0.1.evil.example'])(
    'is refused under the Host %s',
    async (host) => {
      const { url } = await startHttp(tagCompliance);
      const response = await send(url, { headers: { Host: host }, body: '{}' });
      expect([response.status, response.json.error.message]).toEqual([403, expect.stringContaining('--allowed-hosts')]);
    },
  );

  it.each(['https://evil.example', 'null', 'http://localhost.evil.example', 'chrome-extension://abc'])(
    'is refused from a page of the Origin %s',
    async (origin) => {
      const { url } = await startHttp(tagCompliance);
      const response = await send(url, { headers: { Origin: origin }, body: '{}' });
      expect(response.status).toBe(403);
      expect(response.headers['access-control-allow-origin']).toBeUndefined();
    },
  );

  it.each(['{"jsonrpc":', '{"jsonrpc":"2.0","id":1,}', 'not JSON', '', '\u0000', '<html></html>'])(
    'is told, without a path or a stack, that %j is no JSON',
    async (body) => {
      const { url } = await startHttp(tagCompliance);
      const response = await send(url, { body });
      expect([response.status, response.headers['content-type']]).toEqual([400, 'application/json']);
      expect(response.json).toMatchObject({ jsonrpc: '2.0', id: null, error: { code: -32700 } });
      expect(response.text).not.toMatch(/[/\\]|\bat |position|Error/);
    },
  );

  it('is refused when it nests 40,000 deep', async () => {
    const { url } = await startHttp(tagCompliance);
    const deep = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}}`;
    const response = await send(url, { body: deep });
    expect([response.status, response.json.error.code]).toEqual([400, -32600]);
  });

  it.each([
    ['thirty bodies of 10 MB, announced', 10, 30, false],
    ['thirty bodies of 10 MB, in chunks of unknown number', 10, 30, true],
    ['three bodies of 100 MB, announced', 100, 3, false],
    ['three bodies of 100 MB, in chunks of unknown number', 100, 3, true],
  ])('is refused when it is too large, and takes up no memory: %s', async (_what, megabytes, times, isChunked) => {
    const server = await startHttp({ ...tagCompliance, isMeasured: true });
    const body = Buffer.alloc(megabytes * MEGABYTE, ' ');
    const headers = isChunked ? { 'Transfer-Encoding': 'chunked' } : { 'Content-Length': body.length };
    const before = await server.measure();
    const responses = await Promise.all(Array.from({ length: times }, () => send(server.url, { headers, body })));
    for (const { status, json } of responses) {
      expect([status, json.error.message]).toEqual([413, 'The request is larger than 1048576 bytes.']);
    }
    const { peakRss } = await server.measure();
    expect(peakRss - before.peakRss).toBeLessThan(FLAT);
  });

  it('is refused as a batch in which two requests have one id: one of the answers would be lost', async () => {
    const { url } = await startHttp(tagCompliance);
    const { headers } = await openSession(url);
    const ping = (id: unknown) => ({ jsonrpc: '2.0', id, method: 'ping' });
    const twice = await send(url, { headers, body: JSON.stringify([ping(1), ping('1'), ping(1)]) });
    expect([twice.status, twice.json.error.code]).toEqual([400, -32600]);
    const apart = await send(url, { headers, body: JSON.stringify([ping(1), ping('1'), ping(2)]) });
    expect(apart.json.map(({ id }: { id: unknown }) => id)).toEqual([1, '1', 2]);
  });
});

describe.each(ERAS)('names that are none, %s', (era) => {
  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'check_tag_complianc'])('%s is no tool', async (name) => {
    const { url } = await startHttp(tagCompliance);
    const ask = await client(era, url);
    const { json } = await ask('tools/call', call(name));
    expect(json.error).toMatchObject({ code: -32602, message: expect.stringContaining('There is no tool of that name.') });
  });

  it('an unknown argument is refused, and the nearest one named', async () => {
    const { url } = await startHttp(tagCompliance);
    const ask = await client(era, url);
    for (const [argument, message] of [
      ['resource_typs', 'unknown argument "resource_typs". Did you mean "resource_types"?'],
      ['__proto__', '__proto__'],
    ] as const) {
      const { json } = await ask('tools/call', call('check_tag_compliance', JSON.parse(`{"${argument}":["s3:bucket"]}`)));
      expect(json.result.isError).toBe(true);
      expect(json.result._meta[ERROR]).toMatchObject({ kind: 'invalid_input', message: expect.stringContaining(message) });
    }
  });
});
