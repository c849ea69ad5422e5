import fs from 'node:fs';
import path from 'node:path';
import { runCommand } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';
import { type Json, sendModern } from './support/http.ts';
import { serveFixture, temporaryFolder } from './support/serve.ts';

const main = new URL('./fixture/main.ts', import.meta.url);
const echo = { name: 'echo', arguments: { text: 'x' } };

describe('the state folder', () => {
  it('makes /health report "down" and calls fail when it is deleted while the server runs', async () => {
    const stateDir = path.join(temporaryFolder(), 'state');
    const { url } = await serveFixture(['--state-dir', stateDir]);
    const health = async () => {
      const response = await fetch(url.replace('/mcp', '/health'));
      const { dependencies } = (await response.json()) as Json;
      return [response.status, dependencies.store.status];
    };
    const call = async () => (await sendModern(url, 'tools/call', echo)).json.result;
    expect([await health(), (await call()).structuredContent]).toEqual([[200, 'ok'], { text: 'x' }]);
    fs.rmSync(stateDir, { recursive: true });
    await expect.poll(health, { timeout: 20_000 }).toEqual([503, 'failed']);
    const withheld = await call();
    expect([withheld.isError, withheld.content[0].text]).toEqual([true, expect.stringContaining('audit record could not be stored')]);
  });

  it.skipIf(process.platform === 'win32')(
    'is refused with the reason when another user could lead it elsewhere',
    { timeout: 60_000 },
    async () => {
      const folder = temporaryFolder();
      const [link, open] = [path.join(folder, 'link'), path.join(folder, 'open')];
      fs.symlinkSync(temporaryFolder(), link);
      fs.mkdirSync(open);
      fs.chmodSync(open, 0o777);
      for (const [stateDir, reason] of [
        [link, 'is a symbolic link'],
        [open, 'run "chmod o-w'],
      ] as const) {
        const { code, stderr, stdout } = await runCommand({ main, stateDir, args: ['keys', 'list'] });
        expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(reason)]);
      }
    },
  );

  it.skipIf(process.platform !== 'linux')(
    'is refused with the reason and the remedy where no folder can be made',
    { timeout: 60_000 },
    async () => {
      for (const args of [['keys', 'list'], ['doctor'], []]) {
        const { code, stderr, stdout } = await runCommand({ main, stateDir: '/proc/nowhere/state', args });
        expect(`${stdout}${stderr}`).toContain('/proc does not let the folder /proc/nowhere be made');
        expect(`${stdout}${stderr}`).toContain('Choose a folder that can be written with --state-dir.');
        expect(code).toBe(args[0] === 'doctor' ? 1 : 2);
      }
    },
  );
});
