import fs from 'node:fs';
import path from 'node:path';
import { type Launch, runCommand, sendModern, startHttp, temporaryFolder } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';
import { readAuditTrail } from './support/audit-trail.ts';
import { canMount, type Disk, deafDisk, mounted, smallDisk, UNDER_DEAF_DISK } from './support/disk.ts';
import { call, client, ERAS, ERROR, withFlags, workshop } from './support/programs.ts';

const mountable = canMount();
const DISKS: [string, () => Disk][] = [
  ['a disk that takes no writes any more (simulated)', deafDisk],
  ...(mountable ? [['a full disk', smallDisk] as [string, () => Disk]] : []),
];

/** Where a server cannot keep anything from the start. */
const BARREN: [string, () => Partial<Launch>][] = [
  ['a disk that takes no writes (simulated)', () => ({ under: UNDER_DEAF_DISK })],
  ...(mountable ? [['a read-only disk', () => ({ stateDir: mounted('ro') })] as [string, () => Partial<Launch>]] : []),
];

async function healthOf(url: string): Promise<{ status: string; dependencies: Record<string, { status: string }> }> {
  return (await (await fetch(url.replace('/mcp', '/health'))).json()) as Awaited<ReturnType<typeof healthOf>>;
}

describe.each(DISKS)('%s', (_what, openDisk) => {
  it.each(ERAS)('withholds answers and writes, and says why; when there is room again, all is well, %s', async (era) => {
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
        remedy: expect.stringContaining('the state folder is full, read-only or gone'),
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
  });
});

describe('a start', () => {
  const refused = [
    2,
    '',
    expect.stringMatching(/^workshop: Cannot open the database .*fairway\.db: .+\. Choose a folder .* --state-dir\.\n$/),
  ];

  it.each(BARREN)('on %s says what cannot be opened', async (_what, refuge) => {
    const { code, stdout, stderr } = await runCommand({ ...workshop, ...refuge() });
    expect([code, stdout, stderr]).toEqual(refused);
    const doctor = await runCommand({ ...workshop, ...refuge(), args: ['doctor'] });
    expect([doctor.code, doctor.stdout]).toEqual([1, expect.stringMatching(/✗ start: Cannot open the database .*--state-dir/)]);
  });

  it('on a state that was left whole, but can no longer be written, is refused as well', async () => {
    const stateDir = temporaryFolder();
    expect((await runCommand({ ...workshop, stateDir, args: ['doctor'] })).code).toBe(0);
    const doctor = await runCommand({ ...workshop, stateDir, under: UNDER_DEAF_DISK, args: ['doctor'] });
    expect([doctor.code, doctor.stdout]).toEqual([1, expect.stringMatching(/✗ (start|state): /)]);
  });
});
