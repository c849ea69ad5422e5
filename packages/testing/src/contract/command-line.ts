import { expect, it } from 'vitest';
import { type Launch, runCommand } from '../process/server-process.ts';
import { openPeer } from '../process/stdio-peer.ts';
import type { SharedServer } from './shared-server.ts';

/** Tests the flags that show or depend on what the server defines. */
export function testCommandLine(server: SharedServer, launch: Launch): void {
  const { args = [] } = launch;

  it('offers exactly the read-only tools with --read-only', async () => {
    const peer = await openPeer({ ...launch, args: [...args, '--read-only'] });
    const offered = (await peer.request('tools/list')).result.tools as { name: string }[];
    const readOnly = server.tools.filter(({ annotations }) => annotations.readOnlyHint === true);
    expect(offered.map(({ name }) => name)).toEqual(readOnly.map(({ name }) => name));
  });

  it('shows its settings with --print-config, its tools with --help and its version with --version', async () => {
    const [config, help, version] = await Promise.all(
      [[...args, '--print-config'], ['--help'], ['--version']].map((flags) => runCommand({ ...launch, args: flags })),
    );
    expect([config?.code, config?.stdout]).toEqual([0, expect.stringContaining('FAIRWAY_READ_ONLY')]);
    for (const { name } of server.tools) expect(help?.stdout).toContain(name);
    expect(version?.stdout.trim()).toBe(server.version);
  });
}
