import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CLIENT_KINDS, connect, type Endpoint } from '../process/clients.ts';
import { inspect } from '../process/inspector.ts';
import { runCommand, startHttp, temporaryFolder } from '../process/server-process.ts';
import { StdioPeer } from '../process/stdio-peer.ts';

export interface BundleOptions {
  /** The built program: `new URL('../dist/main.js', import.meta.url)`. */
  program: URL;
  /** Flags with which it runs without anything else. */
  args?: readonly string[];
  /** A call that it answers. */
  example: { name: string; arguments: Record<string, unknown> };
}

/** What the program that is published promises: every official client and the Inspector use it, over stdio and HTTP. */
export function bundleSuite({ program, args = [], example }: BundleOptions): void {
  const launch = { main: program, args };

  function overStdio(): Endpoint {
    const stateDir = temporaryFolder();
    return { command: process.execPath, args: [fileURLToPath(program), '--state-dir', stateDir, ...args], env: { HOME: stateDir } };
  }

  describe.each(CLIENT_KINDS)('the %s client', (kind) => {
    it.each(['stdio', 'HTTP'] as const)('lists and calls tools over %s', async (transport) => {
      const client = await connect(kind, transport === 'stdio' ? overStdio() : { url: (await startHttp(launch)).url });
      const { tools } = await client.listTools();
      expect(tools.map(({ name }) => name)).toContain(example.name);
      const result = await client.call(example.name, example.arguments);
      expect(result.isError, JSON.stringify(result.content)).toBeFalsy();
      expect(result.structuredContent).toBeTypeOf('object');
    });
  });

  describe('the Inspector, in strict mode', () => {
    it('finds nothing to complain of over stdio', async () => {
      const { code, stdout, stderr } = await inspect([
        process.execPath,
        fileURLToPath(program),
        ...args,
        '--method',
        'tools/list',
        '--strict',
      ]);
      expect([code, stderr]).toEqual([0, expect.any(String)]);
      expect(stdout).toContain(example.name);
    });

    it.each(['modern', 'legacy'])('calls a tool over HTTP, %s', async (era) => {
      const { url } = await startHttp(launch);
      const call = ['--method', 'tools/call', '--tool-name', example.name, '--tool-args-json', JSON.stringify(example.arguments)];
      const { code, stdout } = await inspect([
        '--server-url',
        url,
        '--transport',
        'http',
        '--protocol-era',
        era,
        ...call,
        '--format',
        'json',
        '-q',
      ]);
      expect(code).toBe(0);
      expect(stdout).toContain('structuredContent');
    });
  });

  describe('the bundle', () => {
    it('needs nothing beside itself: moved elsewhere, it starts and lists its tools', async () => {
      const folder = temporaryFolder();
      fs.cpSync(path.dirname(fileURLToPath(program)), folder, { recursive: true });
      fs.writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
      const peer = new StdioPeer({ ...launch, main: path.join(folder, path.basename(fileURLToPath(program))) });
      await peer.initialize();
      expect((await peer.request('tools/list')).result.tools.length).toBeGreaterThan(0);
    });

    it('tells a Node that is too old for it which one it needs', async () => {
      const older = 'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "22.3.1" } })';
      const environment = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(older)}` };
      const { code, stdout, stderr } = await runCommand({ main: program, args: ['--version'], environment });
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(/^This program needs Node \d+\.\d+ or newer; this is 22\.3\.1\.\n$/);
    });

    it('shows its version and its help', async () => {
      expect((await runCommand({ main: program, args: ['--version'] })).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
      expect((await runCommand({ main: program, args: ['--help'] })).stdout).toContain('Usage:');
    });
  });
}
