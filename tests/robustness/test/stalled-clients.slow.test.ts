import { fileLifetime, MODERN_VERSION, type ServerProcess, startHttp } from '@fairway-mcp/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { call, client, ERAS, tagCompliance, withFlags } from './support/programs.ts';
import { connectRaw, type RawConnection, requestHead } from './support/raw-connection.ts';

/** So short that a test need not wait. */
const shortTimeouts = { ...withFlags(tagCompliance, '--request-seconds', '0.9', '--idle-seconds', '0.3'), isMeasured: true };

const lifetime = fileLifetime();
let url: string;
beforeAll(async () => {
  ({ url } = await startHttp({ ...shortTimeouts, lifetime }));
});

/** Sends a byte every 20 ms for as long as the connection is open. */
function sendByteByByte(connection: RawConnection): void {
  const timer = setInterval(() => connection.send('x'), 20);
  void connection.closed.then(() => clearInterval(timer));
}

/** A request whose answer is large and cheap. */
function listToolsRequest(): string {
  const _meta = { 'io.modelcontextprotocol/protocolVersion': MODERN_VERSION, 'io.modelcontextprotocol/clientCapabilities': {} };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta } });
  return requestHead(body.length, { 'MCP-Protocol-Version': MODERN_VERSION, 'Mcp-Method': 'tools/list' }) + body;
}

function countAnswers(connection: RawConnection): number {
  return connection.received().split('HTTP/1.1 200 OK').length - 1;
}

async function countSockets(server: ServerProcess): Promise<number> {
  return (await server.measure()).resources.TCPSocketWrap ?? 0;
}

describe('a client that keeps the server waiting', () => {
  it.each([
    ['sends nothing', ''],
    ['sends half a request line', 'POST /mc'],
    ['never ends its headers', 'POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: '],
    ['announces a body that it does not send', requestHead(1000)],
    ['sends half a body', `${requestHead(1000)}{"jsonrpc":"2.0",`],
  ])('is disconnected when it %s', async (_what, start) => {
    const connection = await connectRaw(url);
    connection.send(start);
    await connection.closed;
    expect(connection.received()).toMatch(/^$|^HTTP\/1\.1 408 /);
  });

  it.each([
    ['headers', 'POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: '],
    ['body', requestHead(1_000_000)],
  ])('is disconnected when it sends its %s byte by byte without end', async (_what, start) => {
    const connection = await connectRaw(url);
    connection.send(start);
    sendByteByByte(connection);
    await connection.closed;
    expect(connection.received()).toMatch(/^$|^HTTP\/1\.1 408 /);
  });

  it('is disconnected when it has its answer and sends no further request', async () => {
    const connection = await connectRaw(url);
    connection.send('GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    await connection.closed;
    expect(connection.received()).toMatch(/^HTTP\/1\.1 200 OK/);
  });

  it('is disconnected when it sends requests and stops reading the answers', async () => {
    const server = await startHttp(withFlags(shortTimeouts, '--deadline-seconds', '1'));
    const connection = await connectRaw(server.url, { readsOnce: true });
    // Many more answers than the buffers of both sockets hold: the server has to wait for the client.
    const requests = 1000;
    connection.send(listToolsRequest().repeat(requests));
    await expect.poll(() => countAnswers(connection)).toBeGreaterThan(0);
    await expect.poll(() => countSockets(server)).toBe(0);
    connection.resume();
    await connection.closed;
    expect(countAnswers(connection)).toBeLessThan(requests);
  });

  it('takes nothing away from other clients, even when 300 do so at once, and leaves no socket open', async () => {
    const server = await startHttp({ ...withFlags(tagCompliance, '--request-seconds', '3'), isMeasured: true });
    const stalled = await Promise.all(Array.from({ length: 300 }, () => connectRaw(server.url)));
    for (const [index, connection] of stalled.entries()) connection.send(index % 2 === 0 ? 'POST /mcp HTTP/1.1\r\n' : requestHead(50));
    for (const era of ERAS) {
      const ask = await client(era, server.url);
      expect((await ask('tools/call', call('get_tagging_policy'))).json.result.structuredContent).toBeTypeOf('object');
    }
    await Promise.all(stalled.map(({ closed }) => closed));
    await expect.poll(() => countSockets(server)).toBe(0);
  });

  it('is disconnected when there are as many connections as --max-connections allows', async () => {
    const { url: limited } = await startHttp(withFlags(tagCompliance, '--max-connections', '3'));
    const allowed = await Promise.all([connectRaw(limited), connectRaw(limited), connectRaw(limited)]);
    const excess = await connectRaw(limited);
    await excess.closed;
    for (const connection of allowed) connection.send('GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    for (const connection of allowed) await expect.poll(() => connection.received()).toMatch(/^HTTP\/1\.1 200 OK/);
  });
});
