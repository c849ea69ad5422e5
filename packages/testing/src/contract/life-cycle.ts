import { expect, it } from 'vitest';
import type { SharedServer } from './shared-server.ts';

/** Tests health, and that the two shared processes end as they should. Nothing can use them afterwards. */
export function testLifeCycle(server: SharedServer): void {
  it('reports its health and that of its dependencies over HTTP', async () => {
    const response = await fetch(server.http.url.replace('/mcp', '/health'));
    expect(await response.json()).toMatchObject({
      status: 'ok',
      version: server.version,
      uptime_s: expect.any(Number),
      dependencies: { store: { status: 'ok' }, cache: { status: 'ok' } },
    });
  });

  it('exits with code 0 when the host closes stdin, having written nothing but the protocol to stdout', async () => {
    const { peer } = server;
    peer.end();
    expect(await peer.server.exited).toEqual({ code: 0, signal: null });
    for (const line of peer.server.stdout.trim().split('\n')) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
  });

  it('exits with code 0 on SIGTERM while it serves over HTTP', async () => {
    server.http.child.kill('SIGTERM');
    expect(await server.http.exited).toEqual({ code: 0, signal: null });
  });
}
