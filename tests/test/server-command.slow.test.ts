import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '@fairway-mcp/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Copy } from './support/copy.ts';
import { openCopy } from './support/shared-copy.ts';

let copy: Copy;

beforeAll(() => {
  copy = openCopy();
});

afterAll(() => copy?.remove());

const HANDSHAKE = [
  { id: 0, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } } },
  { method: 'notifications/initialized' },
  { id: 1, method: 'tools/call', params: { name: 'get_greeting', arguments: { name: 'Ada' } } },
]
  .map((message) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  .join('');

/** Runs a command as clients are told to: through the bootstrap, from any folder. */
function bootstrap(...args: readonly string[]) {
  const env = { ...process.env, FAIRWAY_STATE_DIR: copy.file('.cache/state') };
  return spawnSync(process.execPath, [copy.file('scripts/bootstrap.mjs'), ...args], { cwd: '/', env, input: HANDSHAKE, encoding: 'utf8' });
}

describe('npm run server', () => {
  it('builds a server and runs it over stdio with its arguments, with nothing but the protocol on stdout', () => {
    const { status, stdout, stderr } = bootstrap('server', 'tides', '--', '--salutation', 'Ahoy');
    expect(status, stderr).toBe(0);
    const messages = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(messages.map(({ id }) => id)).toEqual([0, 1]);
    expect(messages[1].result.structuredContent).toEqual({ greeting: 'Ahoy, Ada!' });
  });

  it('ends with the exit code of the server', () => {
    expect(bootstrap('server', 'tides', '--', '--no-such-flag').status).toBe(2);
  });

  it('takes relative paths from the folder in which npm was called', () => {
    const folder = temporaryFolder();
    fs.writeFileSync(path.join(folder, 'settings.json'), '{ "salutation": "Ahoy" }');
    const args = ['--prefix', copy.file('.'), 'run', '--silent', 'server', 'tides', '--', '--config', 'settings.json', '--print-config'];
    const { status, stdout, stderr } = spawnSync('npm', args, { cwd: folder, encoding: 'utf8' });
    expect([status, stdout], stderr).toEqual([0, expect.stringContaining('salutation = Ahoy  # file')]);
  });

  it('lists the servers when the name is wrong', () => {
    const { status, stderr } = bootstrap('server', 'tide');
    expect([status, stderr]).toEqual([1, expect.stringMatching(/There is no server "tide"\. Choose one of: clouds, tides\./)]);
  });
});

describe('npm start', () => {
  it('shows the questions that a server declares, and how to add it to clients with any Node', () => {
    const { code, output } = copy.script('start', ['tides', '--once']);
    expect([code, output]).toEqual([0, expect.stringContaining('“How do you greet Ada?”')]);
    expect(output).toContain('Hello, Ada!');
    expect(output).toContain(`claude mcp add tides -- node ${copy.file('scripts/bootstrap.mjs')} server tides`);
  });
});
