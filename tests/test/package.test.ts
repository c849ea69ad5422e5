import fs from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Copy, repository } from './support/copy.ts';

const ROOM = 'servers/tides';

let copy: Copy;

beforeAll(() => {
  copy = new Copy();
  expect(copy.script('new', ['server', 'tides']).output).toContain(`Wrote ${ROOM}`);
  expect(copy.run('tsup', ['--config', '../../tsup.shared.ts'], ROOM).code).toBe(0);
});

afterAll(() => copy?.remove());

/** What `npm run check package` says, after something was done to the built server. */
function check(): { code: number | null; output: string } {
  return copy.script('check', ['package']);
}

/** Does something to a file of the server for as long as it is looked at. */
function withFile(file: string, change: (text: string) => string, then: () => void): void {
  const before = copy.read(file);
  copy.edit(file, change);
  try {
    then();
  } finally {
    copy.write(file, before);
  }
}

describe('a packed server', () => {
  it('installs as one package, starts and lists its tools', () => {
    expect(check()).toMatchObject({ code: 0, output: expect.stringContaining('✓ package tides') });
  });

  it('has a manifest that installs nothing else, while the one in the repository stays as it is', () => {
    const before = copy.read(`${ROOM}/package.json`);
    const { code } = copy.run('npm', ['pack', '--loglevel=error'], ROOM);
    expect([code, copy.read(`${ROOM}/package.json`)]).toEqual([0, before]);
    const packed = JSON.parse(copy.run('tar', ['xOf', 'fairway-mcp-tides-0.0.0.tgz', 'package/package.json'], ROOM).output);
    expect(packed).toMatchObject({ name: '@fairway-mcp/tides', mcpName: 'io.github.fairway-mcp/tides', bin: expect.any(Object) });
    for (const field of ['dependencies', 'devDependencies', 'scripts']) expect(packed).not.toHaveProperty(field);
  });

  it('gets its manifest back when packing was interrupted', () => {
    const before = copy.read(`${ROOM}/package.json`);
    for (const step of ['strip', 'strip', 'restore', 'restore']) {
      expect(copy.run(process.execPath, ['../../scripts/manifest.mjs', step], ROOM).code).toBe(0);
    }
    expect(copy.read(`${ROOM}/package.json`)).toBe(before);
  });

  it('is not packed before it is built', () => {
    fs.renameSync(copy.file(`${ROOM}/dist`), copy.file(`${ROOM}/away`));
    const { code, output } = copy.run('npm', ['pack', '--loglevel=error'], ROOM);
    fs.renameSync(copy.file(`${ROOM}/away`), copy.file(`${ROOM}/dist`));
    expect([code === 0, output]).toEqual([false, expect.stringContaining('npm run build')]);
  });

  it.each([
    ['does not start', "throw new Error('not today');\n", 'did not list its tools'],
    ['ends in disorder', "process.on('exit', () => process.exit(3));\n", 'ended with code 3'],
  ])('does not pass when it %s', (_case, statement, problem) => {
    withFile(
      `${ROOM}/src/main.ts`,
      (text) => text.replace('await run', `${statement}await run`),
      () => expect(check()).toMatchObject({ code: 1, output: expect.stringContaining(problem) }),
    );
  });

  it('does not pass when it is too large, or names a path of the machine that it was packed on', () => {
    withFile(
      `${ROOM}/README.md`,
      (text) => `${text}${copy.root}/servers\n${'x'.repeat(3_000_000)}`,
      () => {
        const { output } = check();
        expect(output).toContain('more than 3000000');
        expect(output).toContain('names a path of this machine in README.md');
      },
    );
  });

  it('carries the licences of everything in it', () => {
    const notices = copy.read(`${ROOM}/dist/THIRD-PARTY-LICENSES.txt`);
    for (const name of ['zod', 'pino', '@modelcontextprotocol/server']) expect(notices).toMatch(new RegExp(`^${name} \\d`, 'm'));
    expect(notices).toContain('Permission is hereby granted');
    expect(copy.read(`${ROOM}/LICENSE`)).toBe(fs.readFileSync(`${repository}/LICENSE`, 'utf8'));
  });

  it('is not built from what may not be given away', () => {
    const stranger = `${ROOM}/node_modules/stranger`;
    copy.write(`${stranger}/package.json`, '{ "name": "stranger", "version": "1.0.0", "license": "GPL-3.0", "main": "index.js" }');
    copy.write(`${stranger}/index.js`, 'export const stranger = () => process.title;\n');
    withFile(
      `${ROOM}/src/main.ts`,
      (text) => `import { stranger } from 'stranger';\n${text}process.title = stranger();\n`,
      () => {
        const { code, output } = copy.run('tsup', ['--config', '../../tsup.shared.ts'], ROOM);
        expect([code === 0, output]).toEqual([false, expect.stringContaining('stranger has the licence "GPL-3.0"')]);
      },
    );
  });
});
