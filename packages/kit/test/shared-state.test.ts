import { randomUUID } from 'node:crypto';
import net from 'node:net';
import { openPostgres } from '@fairway-mcp/store';
import { runCommand, StdioPeer, startHttp } from '@fairway-mcp/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sendModern } from './support/http.ts';

const main = new URL('./fixture/main.ts', import.meta.url);
const databaseUrl = process.env.DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/test';
const redisUrl = process.env.REDIS_URL ?? 'redis://127.0.0.1:6379';
const missing = (await Promise.all([canReach(databaseUrl, 5432), canReach(redisUrl, 6379)])).some((reached) => !reached);

function canReach(address: string, port: number): Promise<boolean> {
  const url = new URL(address);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = net.connect(Number(url.port || port), url.hostname, () => resolve(true));
  socket.on('error', () => resolve(false));
  return promise.finally(() => socket.destroy());
}

/** The settings of processes that share one Postgres schema and one Redis. */
async function sharedState(): Promise<Record<string, string>> {
  const schema = `t_${randomUUID().replaceAll('-', '')}`;
  const admin = await openPostgres({ url: databaseUrl });
  await admin.run(`CREATE SCHEMA ${schema}`);
  onTestFinished(async () => {
    await admin.run(`DROP SCHEMA ${schema} CASCADE`);
    await admin.close();
  });
  const url = new URL(databaseUrl);
  url.searchParams.set('options', `-c search_path=${schema}`);
  return { FAIRWAY_DATABASE_URL: url.href, FAIRWAY_REDIS_URL: redisUrl };
}

const title = missing ? 'shared state (skipped: no Postgres or Redis at DATABASE_URL, REDIS_URL or their defaults)' : 'shared state';

describe.skipIf(missing)(title, () => {
  it("lets two processes write one audit trail, and accept each other's keys", async () => {
    const environment = await sharedState();
    const made = await runCommand({ main, environment, args: ['keys', 'create', '--name', 'ci', '--scopes', '*'] });
    const headers = { Authorization: `Bearer ${made.stdout.trim()}` };
    const nodes = await Promise.all([startHttp({ main, environment }), startHttp({ main, environment })]);
    const calls = Array.from({ length: 40 }, (_, call) => nodes[call % 2]).map((node) =>
      sendModern(node?.url ?? '', 'tools/call', { name: 'echo', arguments: { text: 'x' } }, { headers }),
    );
    for (const { json } of await Promise.all(calls)) expect(json.result.structuredContent).toEqual({ text: 'x' });
    const verified = await runCommand({ main, environment, args: ['audit', 'verify'] });
    expect(verified.stdout).toBe('The audit trail is intact: 40 rows.\n');
    const health = (await (await fetch((nodes[0]?.url ?? '').replace('/mcp', '/health'))).json()) as object;
    expect(health).toMatchObject({ status: 'ok', dependencies: { store: { kind: 'postgres' }, cache: { kind: 'redis' } } });
  });

  it('never shows the password of a database that cannot be reached', async () => {
    const environment = { FAIRWAY_DATABASE_URL: 'postgres://me:hunter2-secret@127.0.0.1:1/x' };
    const peer = new StdioPeer({ main, environment });
    expect((await peer.server.exited).code).toBe(2);
    expect(peer.server.stderr).toMatch(/Cannot use the Postgres of FAIRWAY_DATABASE_URL: .*ECONNREFUSED/);
    expect(peer.server.stderr).not.toContain('hunter2');
  });
});
