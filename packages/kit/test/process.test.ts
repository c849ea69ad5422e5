import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { runCommand, ServerProcess, StdioPeer, startHttp, temporaryFolder } from '@fairway-mcp/testing';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { sendModern } from './support/http.ts';

const main = new URL('./fixture/main.ts', import.meta.url);
const wait = (ms: number, more: object = {}) => ({ name: 'wait', arguments: { ms, ...more } });

async function openPeer(args: readonly string[] = []): Promise<StdioPeer> {
  const peer = new StdioPeer({ main, args });
  await peer.initialize();
  return peer;
}

describe('shutdown', () => {
  it('ends at once on a second signal', { timeout: 60_000 }, async () => {
    const peer = await openPeer();
    void peer.request('tools/call', wait(60_000));
    peer.server.child.kill('SIGTERM');
    await peer.server.logged('Stopping');
    peer.server.child.kill('SIGTERM');
    expect(await peer.server.exited).toEqual({ code: 130, signal: null });
  });
});

describe('stdio', () => {
  it('asks the user, sends progress and cancels', async () => {
    const peer = new StdioPeer({ main });
    await peer.initialize({ elicitation: {} });
    const writing = peer.request('tools/call', { name: 'add_note', arguments: { note: 'milk' } });
    const question = await peer.until((message) => message.method === 'elicitation/create');
    expect(question.params).toMatchObject({ message: 'Keep the note "milk"?' });
    peer.write(JSON.stringify({ jsonrpc: '2.0', id: question.id, result: { action: 'accept', content: { confirm: true } } }));
    expect((await writing).result.structuredContent).toEqual({ notes: 1 });

    const waiting = peer.request('tools/call', { ...wait(60_000, { steps: 100 }), _meta: { progressToken: 'p' } }, 'cancel-me');
    await peer.until((message) => message.method === 'notifications/progress' && message.params?.progressToken === 'p');
    peer.notify('notifications/cancelled', { requestId: 'cancel-me' });
    peer.end();
    expect(await peer.server.exited).toEqual({ code: 0, signal: null });
    expect(peer.messages.some((message) => message.id === 'cancel-me')).toBe(false);
    await expect(Promise.race([waiting, Promise.resolve('no answer')])).resolves.toBe('no answer');
  });
});

describe('a stdio client that does not read', () => {
  const main = fileURLToPath(new URL('./fixture/main.ts', import.meta.url));
  const call = `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'echo', arguments: { text: 'x'.repeat(9_000) } } })}\n`;

  it('is not read from any more, and the process ends with the reason on stderr', async () => {
    const args = ['--state-dir', temporaryFolder(), '--rate-limit', '0', '--request-seconds', '0.5', '--deadline-seconds', '0.5'];
    const child = spawn(process.execPath, [main, ...args], { stdio: 'pipe' });
    onTestFinished(() => void child.kill('SIGKILL'));
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.stdin.on('error', () => undefined);
    child.stdout.pause();
    let taken = 0;
    for (let count = 0; count < 2_000; count += 1)
      child.stdin.write(call, (error) => {
        if (!error) taken += 1;
      });
    const [code] = await once(child, 'exit');
    expect(code).toBe(1);
    expect(stderr).toContain('the client does not read');
    expect(taken).toBeLessThan(1_000);
  });
});

describe('keys', () => {
  it('are created, used over HTTP, listed without their secrets, and revoked', { timeout: 120_000 }, async () => {
    const stateDir = temporaryFolder();
    const made = await runCommand({
      main,
      stateDir,
      args: ['keys', 'create', '--name', 'ci', '--scopes', 'notes:read', '--expires', '90d'],
    });
    expect([made.code, made.stdout]).toEqual([0, expect.stringMatching(/^fwk_[a-z0-9]{12}_[\w-]{43}\n$/)]);
    const key = made.stdout.trim();
    const server = await startHttp({ main, stateDir, args: ['--http', '0.0.0.0:0'] });
    const url = server.url.replace('0.0.0.0', '127.0.0.1');
    const headers = { Authorization: `Bearer ${key}` };
    expect((await sendModern(url, 'tools/list')).status).toBe(401);
    expect((await sendModern(url, 'tools/list', {}, { headers })).status).toBe(200);
    const listed = await runCommand({ main, stateDir, args: ['keys', 'list'] });
    expect(listed.stdout).toMatch(/^[a-z0-9]{12} {2}ci {2}notes:read {2}made .* active until /);
    expect(listed.stdout).not.toContain(key.split('_').slice(2).join('_'));
    const [id = ''] = listed.stdout.split(' ');
    expect((await runCommand({ main, stateDir, args: ['keys', 'revoke', id] })).code).toBe(0);
    await expect.poll(async () => (await sendModern(url, 'tools/list', {}, { headers })).status, { timeout: 8000 }).toBe(401);
    expect((await runCommand({ main, stateDir, args: ['keys', 'list'] })).stdout).toContain('revoked');
    expect(server.stderr).not.toContain(key);
  });

  it.each([
    [['create'], '--name'],
    [['create', '--name', 'x'], '--scopes notes:read'],
    [['create', '--name', 'x', '--scopes', 'everything'], 'There is no scope "everything".'],
    [['create', '--name', 'x', '--scopes', 'notes:raed'], 'There is no scope "notes:raed". Did you mean "notes:read"?'],
    [['create', '--name', 'x', '--scopes', 'notes:read,notes:sned'], 'There is no scope "notes:sned".'],
    [['create', '--name', 'x', '--scopes', '*', '--expires', 'soon'], '--expires takes a span'],
    [['revoke'], 'needs the ID'],
    [['revoke', 'missing'], 'There is no key missing'],
  ])('%j is refused: %s', async (args, message) => {
    const refused = await runCommand({ main, args: ['keys', ...args] });
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});

describe('keys of a database that several servers share', () => {
  it('may have scopes of another server, and a warning names the nearest one of this server', async () => {
    const { code, stdout, stderr } = await runCommand({ main, args: ['keys', 'create', '--name', 'x', '--scopes', 'ntoes:read'] });
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^fwk_/)]);
    expect(stderr).toContain('Warning: ntoes:read is not a scope of this server (notes)');
    expect(stderr).toContain('Did you mean "notes:read"?');
  });
});

describe('audit show', () => {
  it('prints the rows as they are stored, oldest first, also those of keys, without a secret', { timeout: 120_000 }, async () => {
    const stateDir = temporaryFolder();
    const command = (...args: string[]) => runCommand({ main, stateDir, args });
    const expires = new Date(Date.now() + 90 * 86_400_000).toISOString();
    const made = await command('keys', 'create', '--name', 'ci', '--scopes', 'notes:read', '--expires', expires);
    const [, id = '', secret = ''] = /^fwk_([a-z0-9]{12})_(.*)\n$/.exec(made.stdout) ?? [];
    const peer = new StdioPeer({ main, stateDir });
    await peer.initialize();
    for (const count of [1, 2, 3]) await peer.request('tools/call', { name: 'list_numbers', arguments: { count } });
    peer.end();
    await peer.server.exited;
    const between = new Date().toISOString();
    expect((await command('keys', 'revoke', id)).stdout).toContain(`Revoked key ${id}.`);
    const again = await command('keys', 'revoke', id);
    expect([again.code, again.stdout]).toEqual([0, expect.stringMatching(`^Key ${id} was revoked already, at 2`)]);

    const show = async (...args: string[]) => {
      const { code, stdout } = await command('audit', 'show', ...args);
      expect(code).toBe(0);
      return stdout
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line));
    };
    const rows = await show();
    expect(rows.map(({ sequence, tool, principal }) => [sequence, tool, principal])).toEqual([
      [1, 'keys.create', 'local'],
      [2, 'list_numbers', 'local'],
      [3, 'list_numbers', 'local'],
      [4, 'list_numbers', 'local'],
      [5, 'keys.revoke', 'local'],
    ]);
    expect(Object.keys(rows[0])).toEqual([
      ...['sequence', 'time', 'server', 'principal', 'tool', 'arguments', 'outcome', 'duration_ms', 'trace_id', 'previous', 'hash'],
    ]);
    expect(rows[0].arguments).toEqual({ key: id, name: 'ci', scopes: ['notes:read'], expires_at: expires });
    expect(rows[4].arguments).toEqual({ key: id, name: 'ci' });
    expect(rows[1].previous).toBe(rows[0].hash);
    expect(secret.length).toBeGreaterThan(40);
    expect(JSON.stringify(rows)).not.toContain(secret);
    const counts = (found: { arguments: { count?: number } }[]) => found.map((row) => row.arguments.count);
    expect(counts(await show('--tool', 'list_numbers', '--limit', '2'))).toEqual([2, 3]);
    expect(await show('--principal', 'api_key:ci')).toEqual([]);
    expect((await show('--since', between)).map(({ tool }) => tool)).toEqual(['keys.revoke']);
    expect((await command('audit', 'verify')).stdout).toContain('intact: 5 rows');
  });

  it('ends quietly when its reader has seen enough', { timeout: 60_000 }, async () => {
    const stateDir = temporaryFolder();
    await runCommand({ main, stateDir, args: ['keys', 'create', '--name', 'ci', '--scopes', 'notes:read'] });
    const child = spawn(process.execPath, [fileURLToPath(main), 'audit', 'show', '--state-dir', stateDir], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    const [code] = await once(child, 'close');
    expect([code, stderr]).toEqual([0, '']);
  });

  it.each([
    [['--since', 'yesterday'], '--since takes an ISO date'],
    [['--limit', '0'], '--limit takes a whole number'],
    [['--limit', 'x'], '--limit takes a whole number'],
  ])('%j is refused', async (args, message) => {
    const refused = await runCommand({ main, args: ['audit', 'show', ...args] });
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});

describe('the credentials in an address', () => {
  const address = 'http://me:hunter2-secret@127.0.0.1:1/?token=hunter3-secret';

  it.each([['--print-config'], ['doctor'], ['--log-level', 'debug', '--http', 'nonsense'], ['--state-dir', `/dev/null/${address}`]])(
    'are not shown by %s',
    { timeout: 60_000 },
    async (...args) => {
      const { code, stdout, stderr } = await runCommand({ main, args, environment: { OTEL_EXPORTER_OTLP_ENDPOINT: address } });
      expect(code).not.toBeNull();
      expect((stdout + stderr).length).toBeGreaterThan(0);
      expect(stdout + stderr).not.toMatch(/hunter\d/);
    },
  );
});

describe('audit verify', () => {
  const trail = fs.mkdtempSync(path.join(os.tmpdir(), 'fairway-trail-'));
  const verify = (stateDir: string, ...args: string[]) => runCommand({ main, stateDir, args: ['audit', 'verify', ...args] });
  const hashOf = ({ stdout }: { stdout: string }) => /Hash of the last row: ([0-9a-f]{64})/.exec(stdout)?.[1] ?? '';

  afterAll(() => fs.rmSync(trail, { recursive: true, force: true }));

  it('accepts an unmodified trail', { timeout: 60_000 }, async () => {
    const peer = new StdioPeer({ main, stateDir: trail });
    await peer.initialize();
    for (let call = 0; call < 6; call += 1) await peer.request('tools/call', { name: 'echo', arguments: { text: `${call}` } });
    peer.end();
    await peer.server.exited;
    const verified = await verify(trail);
    expect(verified).toMatchObject({ code: 0, stdout: expect.stringContaining('The audit trail is intact: 6 rows.\n') });
    expect(await verify(trail, '--expect', hashOf(verified))).toMatchObject({ code: 0 });
  });

  it('does not accept another trail in the place of one whose hash was noted', { timeout: 60_000 }, async () => {
    const noted = hashOf(await verify(trail));
    const other = await openPeer();
    await other.request('tools/call', { name: 'echo', arguments: { text: 'x' } });
    other.end();
    await other.server.exited;
    const replaced = await verify(other.server.stateDir, '--expect', noted);
    expect(replaced).toMatchObject({ code: 1, stdout: expect.stringContaining('no row has the expected hash') });
    expect(await verify(trail, '--expect', 'abc')).toMatchObject({ code: 2, stderr: expect.stringContaining('64 hexadecimal digits') });
  });

  it.each([
    ['a changed row', `UPDATE audit_rows SET body = replace(body, '"ok"', '"no"') WHERE sequence = 3`, /row 3 was changed/],
    ['a removed row', 'DELETE FROM audit_rows WHERE sequence = 3', /row 3 is missing/],
    ['the last row removed', 'DELETE FROM audit_rows WHERE sequence = 6', /rows are missing at the end/],
    ['the first row removed', 'DELETE FROM audit_rows WHERE sequence = 1', /row 1 is missing/],
    ['a row before the first', 'INSERT INTO audit_rows SELECT -5, previous, hash, body FROM audit_rows WHERE sequence = 1', /below 1/],
    [
      'reordered rows',
      'UPDATE audit_rows SET sequence = -2 WHERE sequence = 2; UPDATE audit_rows SET sequence = 2 WHERE sequence = 4; UPDATE audit_rows SET sequence = 4 WHERE sequence = -2',
      /row 2 does not follow/,
    ],
  ])('detects %s', async (_what, sql, problem) => {
    const stateDir = temporaryFolder();
    fs.cpSync(trail, stateDir, { recursive: true });
    const database = new DatabaseSync(path.join(stateDir, 'fairway.db'));
    database.exec(sql);
    database.close();
    expect(await verify(stateDir)).toMatchObject({ code: 1, stdout: expect.stringMatching(problem) });
  });
});

describe('doctor', () => {
  it('reports that all checks passed', async () => {
    const { code, stdout } = await runCommand({ main, args: ['doctor'] });
    expect([code, stdout]).toEqual([0, expect.stringMatching(/✓ settings: [\s\S]*✓ state: [\s\S]*All 4 checks passed\./)]);
  });

  it('reports a problem with the state folder, and what to do', async () => {
    const folder = temporaryFolder();
    fs.writeFileSync(path.join(folder, 'file'), '');
    const { code, stdout } = await runCommand({ main, stateDir: path.join(folder, 'file', 'state'), args: ['doctor'] });
    expect([code, stdout]).toEqual([1, expect.stringMatching(/✗ start: Cannot open the database .*--state-dir/)]);
  });
});

describe('a start that fails', () => {
  it.each([
    [['--http', '99999'], '--http takes [host:]port'],
    [['--http', 'nonsense'], '--http takes [host:]port'],
    [['--tools', 'ecoh'], 'There is no tool "ecoh". Did you mean "echo"?'],
    [['--allow-unconfirmed', 'add_ntoe'], 'There is no tool "add_ntoe". Did you mean "add_note"?'],
    [['--read-only', '--tools', 'add_note'], 'leave no tool'],
  ])('%j: %s', async (args, message) => {
    const { code, stderr, stdout } = await runCommand({ main, args });
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(message)]);
  });

  it.each([
    [[], { FAIRWAY_BEARER_TOKEN: '' }, 'FAIRWAY_BEARER_TOKEN is set, but empty.'],
    [['--http', '127.0.0.1:0'], { FAIRWAY_PASSWORD: '' }, 'FAIRWAY_PASSWORD is set, but empty.'],
    [['--http', '127.0.0.1:0', '--allowed-hosts', 'mcp.example'], {}, 'lets callers reach this server as "mcp.example"'],
  ] as [string[], Record<string, string>, string][])('%j with %j: %s', async (args, environment, message) => {
    const { code, stderr, stdout } = await runCommand({ main, args, environment });
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(message)]);
  });

  it('is none when a host passes on an empty field of its form', async () => {
    const peer = new StdioPeer({ main, environment: { FAIRWAY_PASSWORD: '', FAIRWAY_GREETING: '' } });
    expect((await peer.initialize()).result.serverInfo.name).toBe('notes');
  });

  it('reports that the port is in use', async () => {
    const server = await startHttp({ main });
    const port = new URL(server.url).port;
    const second = await runCommand({ main, args: ['--http', port] });
    expect([second.code, second.stderr]).toEqual([2, expect.stringContaining(`port ${port} is taken`)]);
  });

  it('never shows the password of a database that cannot be reached', async () => {
    const environment = { FAIRWAY_DATABASE_URL: 'postgres://me:hunter2-secret@127.0.0.1:1/x' };
    const { code, stderr } = await runCommand({ main, environment });
    expect([code, stderr]).toEqual([2, expect.stringMatching(/Cannot use the Postgres of FAIRWAY_DATABASE_URL: .*ECONNREFUSED/)]);
    expect(stderr).not.toContain('hunter2');
  });

  it('shows no secret, whichever setting is wrong', async () => {
    const secret = 'canary-secret-value';
    const server = new ServerProcess({ main, environment: { FAIRWAY_PASSWORD: secret, FAIRWAY_STATE_KEY: secret } });
    expect((await server.exited).code).toBe(2);
    expect(server.stderr).toContain('FAIRWAY_STATE_KEY');
    expect(server.stderr).not.toContain(secret);
  });
});
