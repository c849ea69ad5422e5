import { runCommand, temporaryFolder } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type Command, defineServer, defineTool } from '../src/index.ts';

const main = new URL('./fixture/main-ledger.ts', import.meta.url);

describe('a command that a server declares', () => {
  it('gets its words, its flags and the settings, and its exit code is that of the process', async () => {
    const ok = await runCommand({ main, args: ['check', 'a.csv', '--format', 'json', 'b.csv', '--currency', 'CHF'] });
    expect(ok).toMatchObject({ code: 0, stderr: 'checked\n' });
    expect(JSON.parse(ok.stdout)).toEqual({ words: ['a.csv', 'b.csv'], flags: { format: 'json' }, currency: 'CHF' });
    expect(await runCommand({ main, args: ['check', 'a.csv', '--strict'] })).toMatchObject({ code: 1 });
  });

  it('can use the services, whose actions are recorded in the audit trail', async () => {
    const stateDir = temporaryFolder();
    expect(await runCommand({ main, stateDir, args: ['books', 'close', '2026-11'] })).toMatchObject({ code: 0, stdout: '0 entries\n' });
    expect((await runCommand({ main, stateDir, args: ['audit', 'verify'] })).stdout).toMatch(/1 row/);
  });

  it.each([
    [['check'], '"check" needs more: check FILE...'],
    [['check', 'a', 'b', 'c', 'd'], '"check" does not take "d".'],
    [['check', 'a', '--format', 'xml'], '"xml" is no format: text or json.'],
    [['chekc', 'a'], 'Did you mean "check"?'],
    [['books', 'clsoe', '2026-11'], 'Did you mean "books close"?'],
    [['books', 'close', '2026-11', '--strict'], '--strict belongs to "check".'],
    [['--strict'], '--strict belongs to "check".'],
    [['check', 'a', '--stict'], 'Did you mean "--strict"?'],
  ])('is not run when it is called wrongly: %j', async (args, message) => {
    expect(await runCommand({ main, args })).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
  });

  it('is in the help, with its flags', async () => {
    const { stdout } = await runCommand({ main, args: ['--help'] });
    expect(stdout).toContain(
      '  check FILE...\n      Checks files of payments.\n    --strict\n      Fail on warnings.\n    --format text|json\n',
    );
    expect(stdout).toContain('  books close MONTH\n');
  });
});

describe('the definition of a command', () => {
  const tool = defineTool({
    name: 'x',
    title: 'X',
    description: 'X',
    access: 'read',
    input: z.object({}),
    output: z.object({}),
    run: () => ({}),
    text: () => '',
  });
  const define = (...commands: Partial<Command>[]) =>
    defineServer({
      name: 's',
      title: 'S',
      description: 'S',
      version: '1',
      config: z.object({}),
      services: () => ({}),
      tools: [tool],
      commands: commands.map((command) => ({ name: 'x', description: 'X', run: () => 0, ...command })),
    });

  it.each([
    [[{ name: 'Lint' }], 'one or two lower-case words'],
    [[{ name: 'a b c' }], 'one or two lower-case words'],
    [[{ name: 'keys rotate' }], 'the command "keys" already'],
    [[{ name: 'lint' }, { name: 'lint' }], 'defined twice'],
  ])('is rejected when its name is malformed, reserved or taken: %j', (commands, message) => {
    expect(() => define(...commands)).toThrow(message);
  });
});
