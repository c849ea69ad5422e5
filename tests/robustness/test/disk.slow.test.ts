import fs from 'node:fs';
import path from 'node:path';
import { type Launch, runCommand, sendModern, startHttp, temporaryFolder } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';
import { readAuditTrail } from './support/audit-trail.ts';
import { canMount, type Disk, limitedDisk, mounted, smallDisk, WITHOUT_WRITES } from './support/disk.ts';
import { call, client, ERAS, ERROR, withFlags, workshop } from './support/programs.ts';

const mountable = canMount();
const DISKS: [string, () => Disk][] = [
  ['a disk that rejects all writes (simulated)', limitedDisk],
  ...(mountable ? [['a full disk', smallDisk] as [string, () => Disk]] : []),
];

/** State folders that cannot be written from the start. */
const UNWRITABLE: [string, () => Partial<Launch>][] = [
  ['a disk that rejects all writes (simulated)', () => ({ under: WITHOUT_WRITES })],
  ...(mountable ? [['a read-only disk', () => ({ stateDir: mounted('ro') })] as [string, () => Partial<Launch>]] : []),
];

async function healthOf(url: string): Promise<{ status: string; dependencies: Record<string, { status: string }> }> {
  return (await (await fetch(url.replace('/mcp', '/health'))).json()) as Awaited<ReturnType<typeof healthOf>>;
}

describe.each(DISKS)('a server on %s', (_what, openDisk) => {
  it.each(ERAS)(
    'withholds answers and makes no write, says why, and recovers when there is space again, with the %s protocol',
    async (era) => {
      const disk = openDisk();
      const ledger = path.join(temporaryFolder(), 'ledger');
      fs.writeFileSync(ledger, '');
      const launch = { ...withFlags(workshop, '--ledger', ledger, '--allow-unconfirmed', 'append_line'), stateDir: disk.folder };
      const server = await startHttp(launch);
      const ask = await client(era, server.url);
      const tool = async (name: string, args = {}) => (await ask('tools/call', call(name, args))).json.result;
      expect((await tool('append_line', { line: 'before' })).structuredContent).toEqual({ line: 'before' });
      expect((await healthOf(server.url)).status).toBe('ok');

      disk.fill(server);
      for (let round = 0; round < 20; round += 1) {
        expect((await tool('list_lines'))._meta[ERROR]).toMatchObject({
          kind: 'internal',
          message: 'The call was made, but its audit record could not be stored, so the answer is withheld.',
          remedy: expect.stringContaining('the state (its folder, or its database) cannot be written'),
        });
      }
      expect((await tool('append_line', { line: 'meanwhile' }))._meta[ERROR]).toMatchObject({
        kind: 'internal',
        message: expect.stringContaining('append_line was not carried out, because it could not be written down beforehand.'),
      });
      expect((await tool('fail'))._meta[ERROR]).toMatchObject({ kind: 'upstream_unavailable', message: expect.stringContaining('either') });
      const capabilities = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
      const long = await sendModern(server.url, 'tools/call', call('wait', { ms: 800 }), { capabilities });
      expect(long.json.result._meta[ERROR]).toMatchObject({ kind: 'internal', message: expect.stringContaining('audit record') });
      await expect.poll(() => healthOf(server.url)).toMatchObject({ status: 'down', dependencies: { store: { status: 'failed' } } });
      expect(fs.readFileSync(ledger, 'utf8')).toBe('before\n');

      disk.free(server);
      expect((await tool('append_line', { line: 'after' })).structuredContent).toEqual({ line: 'after' });
      expect((await tool('list_lines')).structuredContent.total).toBe(10);
      await expect.poll(async () => (await healthOf(server.url)).status).toBe('ok');
      expect(fs.readFileSync(ledger, 'utf8')).toBe('before\nafter\n');
      server.child.kill('SIGTERM');
      expect(await server.exited).toEqual({ code: 0, signal: null });
      const rows = (await readAuditTrail(disk.folder)).map(({ tool: name, outcome }) => `${name} ${outcome}`);
      expect(rows).toEqual(['append_line ok', 'append_line ok', 'list_lines ok']);
    },
  );
});

describe('a server with a state folder that cannot be written', () => {
  const rejection = [
    2,
    '',
    expect.stringMatching(/^workshop: Cannot open the database .*fairway\.db: .+\. Choose a folder .* --state-dir\.\n$/),
  ];

  it.each(UNWRITABLE)('does not start on %s and names the database file', async (_what, launchOn) => {
    const { code, stdout, stderr } = await runCommand({ ...workshop, ...launchOn() });
    expect([code, stdout, stderr]).toEqual(rejection);
    const doctor = await runCommand({ ...workshop, ...launchOn(), args: ['doctor'] });
    expect([doctor.code, doctor.stdout]).toEqual([1, expect.stringMatching(/✗ start: Cannot open the database .*--state-dir/)]);
  });

  it('does not start on state that another process has left intact, either', async () => {
    const stateDir = temporaryFolder();
    expect((await runCommand({ ...workshop, stateDir, args: ['doctor'] })).code).toBe(0);
    const doctor = await runCommand({ ...workshop, stateDir, under: WITHOUT_WRITES, args: ['doctor'] });
    expect([doctor.code, doctor.stdout]).toEqual([1, expect.stringMatching(/✗ (start|state): /)]);
  });
});
