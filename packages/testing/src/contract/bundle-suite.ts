import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { CLIENT_KINDS, type ClientKind, connect, type Endpoint } from '../process/clients.ts';
import { inspect } from '../process/inspector.ts';
import { compileCache, fileLifetime, type Launch, runCommand, startHttp, temporaryFolder } from '../process/server-process.ts';
import { openPeer } from '../process/stdio-peer.ts';

export interface BundleOptions {
  /** The built program: `new URL('../dist/main.js', import.meta.url)`. */
  program: URL;
  /** Flags with which it runs without anything else. */
  args?: readonly string[];
  /** A call that it answers. */
  example: { name: string; arguments: Record<string, unknown> };
}

/** Tests the program that is published: official clients use it over stdio and HTTP, and it needs no other files. */
export function bundleSuite({ program, args = [], example }: BundleOptions): void {
  const launch = { main: fileURLToPath(program), args };
  describe('built program with official clients', () => testClients(launch, example));
  describe('built program by itself', () => testStandalone(launch));
}

function testClients({ main, args }: Launch & { main: string; args: readonly string[] }, example: BundleOptions['example']): void {
  const lifetime = fileLifetime();
  let url = '';
  beforeAll(async () => {
    ({ url } = await startHttp({ main, args, lifetime }));
  });

  function overStdio(): Endpoint {
    const stateDir = temporaryFolder();
    return { command: process.execPath, args: [main, '--state-dir', stateDir, ...args], env: { HOME: stateDir, ...compileCache() } };
  }

  async function listAndCall(kind: ClientKind, endpoint: Endpoint): Promise<void> {
    const client = await connect(kind, endpoint);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain(example.name);
    const result = await client.call(example.name, example.arguments);
    expect(result.isError, JSON.stringify(result.content)).toBeFalsy();
    expect(result.structuredContent).toBeTypeOf('object');
  }

  it.each(CLIENT_KINDS)('lists and calls tools over stdio for the %s client', (kind) => listAndCall(kind, overStdio()));

  it.each(CLIENT_KINDS)('lists and calls tools over HTTP for the %s client', (kind) => listAndCall(kind, { url }));

  it('passes the strict mode of the MCP Inspector', async () => {
    const { code, stdout, stderr } = await inspect([process.execPath, main, ...args, '--method', 'tools/list', '--strict']);
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    expect(stdout).toContain(example.name);
  });
}

function testStandalone({ main, args }: Launch & { main: string; args: readonly string[] }): void {
  it('starts and lists its tools from a folder that has nothing else', async () => {
    const folder = temporaryFolder();
    fs.cpSync(path.dirname(main), folder, { recursive: true });
    fs.writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
    const peer = await openPeer({ main: path.join(folder, path.basename(main)), args });
    expect((await peer.request('tools/list')).result.tools.length).toBeGreaterThan(0);
  });

  it('names the version of Node that it needs when it runs on an older one', async () => {
    const older = 'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "22.3.1" } })';
    const environment = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(older)}` };
    const { code, stdout, stderr } = await runCommand({ main, args: ['--version'], environment });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^This program needs Node \d+\.\d+ or newer; this is 22\.3\.1\.\n$/);
  });

  it('shows its version and its help', async () => {
    const [version, help] = await Promise.all([['--version'], ['--help']].map((flags) => runCommand({ main, args: flags })));
    expect(version?.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(help?.stdout).toContain('Usage:');
  });
}
