import { startHttp } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';
import { call, client, ERAS, tagCompliance, withFlags } from './support/programs.ts';
import { connectRaw, requestHead } from './support/raw-connection.ts';

/** So short that a test need not wait, and much longer than an honest client needs. */
const impatient = { ...withFlags(tagCompliance, '--request-seconds', '0.9', '--idle-seconds', '0.3'), isMeasured: true };

/** Sends a text byte by byte for as long as the connection is there. */
function drip(connection: { send(text: string): void; closed: Promise<void> }, text: string): void {
  let at = 0;
  const timer = setInterval(() => {
    connection.send(text[at % text.length] ?? '');
    at += 1;
  }, 20);
  void connection.closed.then(() => clearInterval(timer));
}

describe('a client that keeps the server waiting is left', () => {
  it.each([
    ['says nothing', ''],
    ['sends half a request line', 'POST /mc'],
    ['sends no end of its headers', 'POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: '],
    ['announces a body that does not come', requestHead(1000)],
    ['sends half a body', `${requestHead(1000)}{"jsonrpc":"2.0",`],
  ])('when it %s', async (_what, start) => {
    const { url } = await startHttp(impatient);
    const connection = await connectRaw(url);
    connection.send(start);
    await connection.closed;
    expect(connection.received()).toMatch(/^$|^HTTP\/1\.1 408 /);
  });

  it.each([
    ['its headers', 'POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: '],
    ['its body', requestHead(1_000_000)],
  ])('when %s come byte by byte, for ever', async (_what, start) => {
    const { url } = await startHttp(impatient);
    const connection = await connectRaw(url);
    connection.send(start);
    drip(connection, 'x');
    await connection.closed;
    expect(connection.received()).toMatch(/^$|^HTTP\/1\.1 408 /);
  });

  it('when it has its answer and asks nothing more', async () => {
    const { url } = await startHttp(impatient);
    const connection = await connectRaw(url);
    connection.send('GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    await connection.closed;
    expect(connection.received()).toMatch(/^HTTP\/1\.1 200 OK/);
  });

  it('when it asks and asks, and reads no answer', async () => {
    const server = await startHttp(withFlags(impatient, '--deadline-seconds', '1'));
    const connection = await connectRaw(server.url, true);
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: 0,
      method: 'initialize',
      params: { protocolVersion: '2025-11-25', capabilities: {} },
    });
    for (let request = 0; request < 20_000; request += 1) connection.send(requestHead(body.length) + body);
    await expect.poll(async () => (await server.measure()).resources.TCPSocketWrap ?? 0).toBe(1);
    await expect.poll(async () => (await server.measure()).resources.TCPSocketWrap ?? 0).toBe(0);
  });

  it('and a crowd of them takes nothing away from the others, nor leaves anything behind', async () => {
    const server = await startHttp(impatient);
    const crowd = await Promise.all(Array.from({ length: 300 }, () => connectRaw(server.url)));
    for (const [number, connection] of crowd.entries()) connection.send(number % 2 === 0 ? 'POST /mcp HTTP/1.1\r\n' : requestHead(50));
    for (const era of ERAS) {
      const ask = await client(era, server.url);
      expect((await ask('tools/call', call('get_tagging_policy'))).json.result.structuredContent).toBeTypeOf('object');
    }
    await Promise.all(crowd.map(({ closed }) => closed));
    await expect.poll(async () => (await server.measure()).resources.TCPSocketWrap ?? 0).toBe(0);
  });

  it('so is one connection more than there may be', async () => {
    const { url } = await startHttp(withFlags(tagCompliance, '--max-connections', '3'));
    const within = await Promise.all([connectRaw(url), connectRaw(url), connectRaw(url)]);
    const beyond = await connectRaw(url);
    await beyond.closed;
    for (const connection of within) connection.send('GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    for (const connection of within) await expect.poll(() => connection.received()).toMatch(/^HTTP\/1\.1 200 OK/);
  });
});
