import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { repository } from './support/copy.ts';

const folders: string[] = [];
let checkout: string;

/**
 * A checkout with the real bootstrap, one command, and a toolchain that has been fetched: this Node under the name of the one that
 * would be fetched, and instead of pnpm a program that writes down how it was called.
 */
beforeEach(() => {
  checkout = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'fairway-bootstrap-'));
  folders.push(checkout);
  const prefix = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  const toolchain = `.cache/toolchain/node_modules`;
  write('scripts/bootstrap.mjs', fs.readFileSync(path.join(repository, 'scripts/bootstrap.mjs'), 'utf8'));
  write('scripts/workspaces.mjs', fs.readFileSync(path.join(repository, 'scripts/workspaces.mjs'), 'utf8'));
  write('pnpm-workspace.yaml', 'packages:\n  - packages/*\n  - tests\n');
  write('scripts/echo.ts', COMMAND);
  write('package.json', JSON.stringify({ packageManager: 'pnpm@9.9.9', engines: { node: '>=26' }, type: 'module' }));
  write(`${toolchain}/pnpm/package.json`, JSON.stringify({ name: 'pnpm', version: '9.9.9' }));
  write(`${toolchain}/pnpm/bin/pnpm.mjs`, PNPM);
  write(`${toolchain}/${prefix}-${process.platform}-${process.arch}/package.json`, JSON.stringify({ version: '26.0.0' }));
  const binary = path.join(checkout, toolchain, `${prefix}-${process.platform}-${process.arch}`, 'bin', 'node');
  fs.mkdirSync(path.dirname(binary), { recursive: true });
  fs.symlinkSync(process.execPath, binary);
});

afterAll(() => {
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
});

const COMMAND = `
const said: object = { args: process.argv.slice(2), node: process.versions.node, path: process.env.PATH };
console.log(JSON.stringify(said));
process.exitCode = Number(process.argv[2] ?? 0);
`;

const PNPM = `
import fs from 'node:fs';
fs.appendFileSync('pnpm-calls', process.argv.slice(2).join(' ') + '\\n');
fs.mkdirSync('node_modules', { recursive: true });
`;

/** Makes a Node process report an old version of itself. Its child processes report the real one. */
const PRETEND_OLD = "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.0' } });";

function write(name: string, text: string): void {
  const file = path.join(checkout, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
}

function bootstrap(args: readonly string[], { isOld = false } = {}) {
  const preload = isOld ? ['--import', `data:text/javascript,${encodeURIComponent(PRETEND_OLD)}`] : [];
  const script = path.join(checkout, 'scripts', 'bootstrap.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [...preload, script, ...args], { cwd: os.tmpdir(), encoding: 'utf8' });
  return { status, stderr, said: stdout === '' ? undefined : JSON.parse(stdout) };
}

function installs(): string[] {
  const calls = path.join(checkout, 'pnpm-calls');
  return fs.existsSync(calls) ? fs.readFileSync(calls, 'utf8').trim().split('\n') : [];
}

describe('the bootstrap', () => {
  it('runs a command with its arguments, and exits with its code', () => {
    const { status, said } = bootstrap(['echo', '7', '--flag', 'two words']);
    expect(status).toBe(7);
    expect(said.args).toEqual(['7', '--flag', 'two words']);
  });

  it('runs the command under the private Node when the installed one is too old', () => {
    const { status, said } = bootstrap(['echo', '3'], { isOld: true });
    expect([status, said.args, said.node]).toEqual([3, ['3'], process.versions.node]);
  });

  it("puts its Node, pnpm and the project's own programs first in PATH", () => {
    const { said } = bootstrap(['echo']);
    const places: string[] = said.path.split(path.delimiter);
    expect(places.slice(0, 3)).toEqual([
      path.dirname(process.execPath),
      path.join(checkout, '.cache/toolchain/bin'),
      path.join(checkout, 'node_modules/.bin'),
    ]);
    expect(spawnSync(path.join(checkout, '.cache/toolchain/bin/pnpm'), ['hello'], { cwd: checkout }).status).toBe(0);
    expect(installs()).toContain('hello');
  });

  it('installs from the lock file once, and again when the manifest of a workspace has changed', () => {
    bootstrap(['echo']);
    bootstrap(['echo']);
    expect(installs()).toHaveLength(1);
    expect(installs()[0]).toContain('install --frozen-lockfile');
    write('packages/new/package.json', '{}');
    bootstrap(['echo']);
    expect(installs()).toHaveLength(2);
  });

  it.each([[['nonsense']], [[]], [['../echo']], [['bootstrap']]])('rejects the command %j and lists the commands', (args) => {
    const { status, stderr } = bootstrap(args);
    expect([status, stderr]).toEqual([1, expect.stringMatching(/Unknown command ".*"\. Commands: echo\./)]);
    expect(installs()).toEqual([]);
  });
});
