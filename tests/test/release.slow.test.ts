import fs from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Copy } from './support/copy.ts';
import { openCopy } from './support/shared-copy.ts';

let copy: Copy;

/** Two servers: both carry the kit, one carries what talks to AWS too. Their first release is behind them. */
beforeAll(() => {
  copy = openCopy();
  copy.addDependency('servers/clouds', '@fairway-mcp/aws', 'workspace:*');
  expect(copy.script('version', [])).toMatchObject({ code: 0 });
});

afterAll(() => copy?.remove());

/** The version of every workspace, by its short name. */
function versions(): Record<string, string> {
  const { output } = copy.run('pnpm', ['list', '--recursive', '--depth=-1', '--json']);
  const workspaces: { name: string; version?: string }[] = JSON.parse(output);
  return Object.fromEntries(workspaces.map(({ name, version = '' }) => [name.replace('@fairway-mcp/', ''), version]));
}

/** The workspaces whose version these changes bump, each with the new version. */
function bumpedBy(changes: Record<string, string>): Record<string, string> {
  const before = versions();
  const front = Object.keys(changes).map((name) => `"@fairway-mcp/${name}": patch`);
  copy.write('.changeset/change.md', `---\n${front.join('\n')}\n---\n\n${Object.values(changes).join(' ')}\n`);
  expect(copy.script('version', [])).toMatchObject({ code: 0 });
  return Object.fromEntries(Object.entries(versions()).filter(([name, version]) => before[name] !== version));
}

describe('npm run version', () => {
  it('gives a first release its version and changelog', () => {
    expect(versions()).toMatchObject({ tides: '0.1.0', clouds: '0.1.0', kit: '0.0.0', aws: '0.0.0' });
    expect(copy.read('servers/tides/CHANGELOG.md')).toBe('# @fairway-mcp/tides\n\n## 0.1.0\n\n### Minor Changes\n\n- First release.\n');
    expect(copy.run('ls', ['.changeset']).output.split('\n')).toEqual(['changelog.mjs', 'config.json', '']);
  });

  it('bumps the servers that bundle a changed package, and nothing else', () => {
    expect(bumpedBy({ aws: 'Asks AWS more politely.' })).toEqual({ aws: '0.0.1', 'aws-billing': '0.0.1', clouds: '0.1.1' });
    expect(copy.read('servers/clouds/CHANGELOG.md')).toContain(
      '## 0.1.1\n\n### Patch Changes\n\n- Asks AWS more politely.\n- Carries aws 0.0.1.\n\n## 0.1.0',
    );
  });

  it('bumps every server when a package that the kit uses has changed', () => {
    expect(bumpedBy({ validation: 'Knows more regions.' })).toEqual({
      validation: '0.0.1',
      kit: '0.0.1',
      aws: '0.0.2',
      'aws-billing': '0.0.2',
      tides: '0.1.1',
      clouds: '0.1.2',
    });
    expect(copy.read('servers/tides/CHANGELOG.md')).toContain('## 0.1.1\n\n### Patch Changes\n\n- Carries kit 0.0.1.\n');
  });

  it('bumps a changed server alone', () => {
    expect(bumpedBy({ tides: 'Tells the ebb.' })).toEqual({ tides: '0.1.2' });
  });

  it('updates every file that shows a version', () => {
    const listed: { version: string; packages: { version: string }[] } = JSON.parse(copy.read('servers/tides/server.json'));
    expect([listed.version, listed.packages[0]?.version]).toEqual(['0.1.2', '0.1.2']);
    const registry: { servers: { server: { name: string; version: string } }[] } = JSON.parse(copy.read('registry.json'));
    expect(registry.servers.map(({ server }) => `${server.name} ${server.version}`)).toEqual([
      'io.github.fairway-mcp/clouds 0.1.2',
      'io.github.fairway-mcp/tides 0.1.2',
    ]);
    expect(copy.run(process.execPath, ['servers/tides/src/main.ts', '--version']).output).toContain('0.1.2');
    expect(copy.script('generate', ['--check']).code).toBe(0);
  });
});

describe('npm run release', () => {
  const FOLDER = '.cache/release';
  const TIDES = `${FOLDER}/tides-v0.1.2`;

  function git(...args: readonly string[]): string {
    const { code, output } = copy.run('git', ['-c', 'user.name=test', '-c', 'user.email=test@localhost', ...args]);
    expect(code, output).toBe(0);
    return output.trim();
  }

  /** By hand, unless the environment says that it is GitHub's. */
  function release(args: readonly string[] = [], environment: NodeJS.ProcessEnv = {}) {
    return copy.script('release', args, { GITHUB_ACTIONS: '', ...environment });
  }

  /** The clouds were released as they are; the tides were not. */
  beforeAll(() => {
    git('init', '--quiet');
    git('commit', '--quiet', '--allow-empty', '--message', 'Release');
    for (const tag of ['clouds-v0.1.2', 'tides-v0.1.0']) git('tag', tag);
  });

  it('packs what has no tag yet, and prints how it would be published', () => {
    const { code, output } = release();
    expect([code, output]).toEqual([0, expect.stringContaining('clouds 0.1.2 is released.')]);
    expect(output).toContain('npm publish ./tides-v0.1.2/fairway-mcp-tides-0.1.2.tgz --access public\n');
    expect(output).toContain('Nothing was published.');
    const files = ['SHA256SUMS', 'release.json', 'tides-v0.1.2'];
    const packed = ['fairway-mcp-tides-0.1.2.tgz', 'notes.md', 'server.json', 'tides-0.1.2.mcpb'];
    expect([filesIn(FOLDER), filesIn(TIDES)]).toEqual([files, packed]);
    expect(copy.read(`${TIDES}/notes.md`)).toContain('- Tells the ebb.');
    expect(copy.run('sha256sum', ['--check', '--strict', 'SHA256SUMS'], FOLDER).code).toBe(0);
  });

  it('lists the bundle with its hash', () => {
    const { packages }: { packages: Record<string, unknown>[] } = JSON.parse(copy.read(`${TIDES}/server.json`));
    const [sum] = copy.run('sha256sum', ['tides-0.1.2.mcpb'], TIDES).output.split(' ');
    expect(packages).toEqual([
      expect.objectContaining({ registryType: 'npm', identifier: '@fairway-mcp/tides', version: '0.1.2' }),
      {
        registryType: 'mcpb',
        identifier: 'https://github.com/fairway-mcp/fairway/releases/download/tides-v0.1.2/tides-0.1.2.mcpb',
        transport: { type: 'stdio' },
        fileSha256: sum,
      },
    ]);
  });

  it('packs the same bytes again, and publishes with provenance on GitHub', () => {
    const before = copy.read(`${FOLDER}/SHA256SUMS`);
    expect(release([], { GITHUB_ACTIONS: 'true' })).toMatchObject({
      code: 0,
      output: expect.stringContaining('--access public --provenance\n'),
    });
    expect(copy.read(`${FOLDER}/SHA256SUMS`)).toBe(before);
  });

  it('publishes to npm, then the bundle, then to the registry; run again, it continues where it failed', () => {
    const log = copy.file('.cache/published');
    fakeProgram('npm', `[ "$1" = view ] && { grep -qs "^npm publish" ${log} && echo 0.1.2; exit; }`, log);
    fakeProgram('gh', `[ "$2" = view ] && { grep -qs "^gh release create" ${log}; exit; }`, log);
    fakeProgram('mcp-publisher', `[ -e ${log}.up ] || { touch ${log}.up; echo "registry is down" >&2; exit 1; }`, log);
    const interrupted = release(['--publish']);
    expect([interrupted.code, interrupted.output]).toEqual([1, expect.stringContaining('registry is down')]);
    const continued = release(['--publish']);
    expect([continued.code, continued.output]).toEqual([0, expect.stringContaining('npm publish was done before')]);
    expect(copy.read('.cache/published').trim().split('\n')).toEqual([
      'npm publish ./tides-v0.1.2/fairway-mcp-tides-0.1.2.tgz --access public',
      `gh release create tides-v0.1.2 tides-v0.1.2/tides-0.1.2.mcpb tides-v0.1.2/server.json --target ${git('rev-parse', 'HEAD')} --title @fairway-mcp/tides 0.1.2 --notes-file tides-v0.1.2/notes.md`,
      'mcp-publisher publish --file=tides-v0.1.2/server.json',
    ]);
    fakeProgram('mcp-publisher', 'echo "invalid version: cannot publish duplicate version" >&2; exit 1', log);
    expect(release(['--publish'])).toMatchObject({
      code: 0,
      output: expect.stringContaining('mcp-publisher publish was done before'),
    });
  });

  it('refuses to publish a file that was changed after packing', () => {
    copy.edit(`${TIDES}/server.json`, (text) => text.replace('0.1.2', '0.1.3'));
    const { code, output } = release(['--publish']);
    expect([code, output]).toEqual([1, expect.stringContaining('tides-v0.1.2/server.json is not what was packed')]);
  });

  it('packs nothing when everything is released, and then there is nothing to publish', () => {
    git('tag', 'tides-v0.1.2');
    expect(release()).toMatchObject({ code: 0, output: expect.stringContaining('There is nothing to release.') });
    expect(filesIn(FOLDER)).toEqual(['SHA256SUMS', 'release.json']);
    expect(release(['--publish'])).toMatchObject({ code: 0, output: '' });
  });

  function filesIn(folder: string): string[] {
    return fs.readdirSync(copy.file(folder)).sort();
  }

  /** A program that publishes nothing, and writes down how it was called. */
  function fakeProgram(name: string, before: string, log: string): void {
    const file = copy.file(`node_modules/.bin/${name}`);
    fs.writeFileSync(file, `#!/bin/sh\n${before}\necho "${name} $*" >> ${log}\n`, { mode: 0o755 });
  }
});
