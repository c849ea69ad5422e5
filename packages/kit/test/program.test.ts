/** What the kit does for the program of every server, tested once with the fixture, which is started as hosts start it. */
import { fileURLToPath } from 'node:url';
import {
  CLIENT_KINDS,
  compileCache,
  connect,
  fileLifetime,
  inspect,
  type Launch,
  openPeer,
  runCommand,
  type StdioPeer,
  startHttp,
  temporaryFolder,
} from '@fairway-mcp/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { fixture } from './fixture/server.ts';

const main = new URL('./fixture/main.ts', import.meta.url);
const ERROR = 'io.github.fairway-mcp/error';
const TOOLS = fixture.definition.tools.map(({ definition }) => definition.name);
const echo = { name: 'echo', arguments: { text: 'hello' } };

const lifetime = fileLifetime();
let peer: StdioPeer;
let url: string;
beforeAll(async () => {
  const launch = { main, lifetime, args: ['--rate-limit', '0'] };
  [peer, { url }] = await Promise.all([openPeer(launch), startHttp(launch)]);
});

async function listTools(launch: Launch): Promise<string[]> {
  const { result } = await (await openPeer(launch)).request('tools/list');
  return result.tools.map(({ name }: { name: string }) => name);
}

describe('a client over stdio', () => {
  it('is limited in its rate, and is told when to retry', async () => {
    const limited = await openPeer({ main, args: ['--rate-limit', '1'] });
    await limited.request('tools/call', echo);
    const { result } = await limited.request('tools/call', echo);
    expect(result._meta[ERROR]).toMatchObject({ kind: 'rate_limited', retry_after_s: expect.any(Number) });
  });

  it.each(['constructor', '__proto__', 'no_such_tool'])('gets a protocol error when it calls %s, which is not a tool', async (name) => {
    expect((await peer.request('tools/call', { name, arguments: {} })).error).toMatchObject({ code: -32602 });
  });

  it.each(CLIENT_KINDS)('can be the official %s client', async (kind) => {
    const stateDir = temporaryFolder();
    const program = ['--disable-warning=ExperimentalWarning', fileURLToPath(main), '--state-dir', stateDir];
    const client = await connect(kind, { command: process.execPath, args: program, env: { HOME: stateDir, ...compileCache() } });
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(TOOLS);
  });
});

describe('the MCP Inspector', () => {
  it.each(['modern', 'legacy'])('calls a tool over HTTP with the %s protocol', async (era) => {
    const server = ['--server-url', url, '--transport', 'http', '--protocol-era', era];
    const call = ['--method', 'tools/call', '--tool-name', echo.name, '--tool-args-json', JSON.stringify(echo.arguments)];
    const { code, stdout } = await inspect([...server, ...call, '--format', 'json', '-q']);
    expect(code).toBe(0);
    expect(stdout).toContain('structuredContent');
  });
});

describe('the operator', () => {
  it('chooses tools with --tools and --exclude', async () => {
    const [chosen, rest] = await Promise.all([
      listTools({ main, args: ['--tools', 'echo'] }),
      listTools({ main, args: ['--exclude', 'echo'] }),
    ]);
    expect(chosen).toEqual(['echo']);
    expect(rest).toEqual(TOOLS.filter((name) => name !== 'echo'));
  });

  it.each([
    ['tool', { args: ['--tools', 'echox'] }, 'Did you mean "echo"?'],
    ['flag', { args: ['--read-onyl'] }, 'Did you mean "--read-only"?'],
    ['environment variable', { environment: { FAIRWAY_READ_ONYL: '1' } }, 'Did you mean "FAIRWAY_READ_ONLY"?'],
  ])('is shown the nearest name after a misspelled %s, and nothing starts', async (_what, launch, message) => {
    const { code, stdout, stderr } = await runCommand({ main, ...launch });
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(message)]);
  });

  it('gets no secret from --print-config', async () => {
    const secret = 'a-secret-of-sixteen-letters';
    const shown = await runCommand({ main, args: ['--print-config'], environment: { FAIRWAY_BEARER_TOKEN: secret } });
    expect([shown.code, shown.stdout]).toEqual([0, expect.stringContaining('FAIRWAY_BEARER_TOKEN')]);
    expect(shown.stdout + shown.stderr).not.toContain(secret);
  });

  it('cannot open a server to other machines without authentication', async () => {
    const { code, stderr } = await runCommand({ main, args: ['--http', '0.0.0.0:0'] });
    expect([code, stderr]).toEqual([2, expect.stringContaining('keys create')]);
  });

  it('finds one audit row for each call, in an unbroken chain', async () => {
    const stateDir = temporaryFolder();
    const recorded = await openPeer({ main, stateDir });
    await recorded.request('tools/call', echo);
    await recorded.request('tools/call', { name: 'fail', arguments: { how: 'tool_error' } });
    recorded.end();
    await recorded.server.exited;
    const { code, stdout } = await runCommand({ main, args: ['audit', 'verify'], stateDir });
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^The audit trail is intact: 2 rows\.\nHash of the last row: [0-9a-f]{64}\n$/),
    ]);
  });
});

describe('the process', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('exits with code 0 on %s, over stdio and HTTP', async (signal) => {
    const [stdio, http] = await Promise.all([openPeer({ main }), startHttp({ main })]);
    for (const server of [stdio.server, http]) {
      server.child.kill(signal);
      expect(await server.exited).toEqual({ code: 0, signal: null });
    }
  });
});
