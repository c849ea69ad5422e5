import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { usageIn } from './terminal.ts';
import { root } from './workspace.ts';

function start(...args: readonly string[]) {
  return spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', path.join(root, 'scripts', 'start.ts'), ...args], {
    encoding: 'utf8',
  });
}

describe('the commands of the project', () => {
  it('print how they are used with --help', { timeout: 60_000 }, () => {
    const { status, stdout, stderr } = start('--help');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^`npm start \[SERVER\]`: .*\n(.*\n)+ {2}npm start -- --once/);
  });

  it('name a flag that they do not know, without advice that does not fit', { timeout: 60_000 }, () => {
    const { status, stderr } = start('--onec');
    expect([status, stderr]).toEqual([1, "fairway: Unknown option '--onec'. Run with --help to see how it is used.\n"]);
  });

  it('each say at their head how they are used', () => {
    const scripts = fs.readdirSync(path.join(root, 'scripts')).filter((name) => name.endsWith('.ts'));
    const silent = scripts.filter((name) => !usageIn(fs.readFileSync(path.join(root, 'scripts', name), 'utf8')).startsWith('`npm '));
    expect(silent).toEqual([]);
  });

  it('of a new server can be typed on every Node that npm runs on', () => {
    const source = fs.readFileSync(path.join(root, 'scripts', 'new.ts'), 'utf8');
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the source of a template is searched
    expect(source).toContain('npm run server ${name} -- --help');
  });
});
