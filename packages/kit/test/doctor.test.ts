import http from 'node:http';
import type net from 'node:net';
import { runCommand, startHttp, temporaryFolder } from '@fairway-mcp/testing';
import { describe, expect, it, onTestFinished } from 'vitest';

const main = new URL('./fixture/main.ts', import.meta.url);

async function doctor(args: readonly string[], environment: Record<string, string> = {}, stateDir = temporaryFolder()) {
  const { code, stdout, stderr } = await runCommand({ main, stateDir, args: ['doctor', ...args], environment });
  return { code, stdout, stderr };
}

const failed = (line: RegExp) => ({ code: 1, stdout: expect.stringMatching(line), stderr: '' });

/** @returns the port of a server that answers everything with the status */
async function listenWith(status: number): Promise<{ port: number; paths: string[] }> {
  const paths: string[] = [];
  const server = http.createServer((request, response) => {
    paths.push(request.url ?? '');
    response.writeHead(status).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { port: (server.address() as net.AddressInfo).port, paths };
}

describe('doctor', { timeout: 120_000 }, () => {
  it('fails where the start would be refused, because everybody could call', async () => {
    expect(await doctor(['--http', '0.0.0.0:0'])).toEqual(failed(/✗ http: 0\.0\.0\.0:0 can be reached .*keys create/));
    expect(await doctor(['--http', '0'])).toMatchObject({ code: 0, stdout: expect.stringContaining('✓ http: 0 can be listened on.') });
    expect(await doctor(['--http', 'x'])).toEqual(failed(/✗ http: --http takes \[host:\]port/));
  });

  it('fails when another program has the port, but not when it is this server', async () => {
    const { port } = await listenWith(404);
    expect(await doctor(['--http', `${port}`])).toEqual(failed(/✗ http: Another program listens on \d+: port \d+ is taken/));
    const stateDir = temporaryFolder();
    const server = await startHttp({ main, stateDir, args: ['--http', '127.0.0.1:0'] });
    const { host } = new URL(server.url);
    expect((await doctor(['--http', host], {}, stateDir)).stdout).toContain(`✓ http: This server is serving at ${host} already.`);
  });

  it('fails when no key can be used any more', async () => {
    const stateDir = temporaryFolder();
    const made = await runCommand({ main, stateDir, args: ['keys', 'create', '--name', 'a', '--scopes', 'notes:read'] });
    const args = ['--http', '0.0.0.0:0'];
    expect((await doctor(args, {}, stateDir)).stdout).toContain('Callers need one of 1 API key.');
    await runCommand({ main, stateDir, args: ['keys', 'revoke', made.stdout.split('_')[1] ?? ''] });
    expect(await doctor(args, {}, stateDir)).toEqual(failed(/✗ http: Every API key is revoked or has expired.*nobody can call/));
    await runCommand({ main, stateDir, args: ['keys', 'create', '--name', 'b', '--scopes', 'other:read'] });
    expect(await doctor(args, {}, stateDir)).toEqual(failed(/✗ http: No API key has a scope of this server/));
  });

  it('asks the collector, and says why it cannot be used', async () => {
    const { port, paths } = await listenWith(200);
    const using = (address: string) => doctor([], { OTEL_EXPORTER_OTLP_ENDPOINT: address });
    expect((await using(`http://127.0.0.1:${port}`)).stdout).toContain('✓ telemetry: ');
    expect(paths).toContain('/v1/traces');
    const refusing = await listenWith(401);
    expect(await using(`http://127.0.0.1:${refusing.port}`)).toEqual(failed(/✗ telemetry: .*answered with status 401/));
    expect(await using('http://127.0.0.1:1')).toEqual(failed(/✗ telemetry: .*ECONNREFUSED/));
  });

  it('says with its report alone that the cache does not answer', async () => {
    expect(await doctor([], { FAIRWAY_REDIS_URL: 'redis://127.0.0.1:1' })).toEqual(failed(/✗ cache: The redis cache does not answer: /));
  });
});
