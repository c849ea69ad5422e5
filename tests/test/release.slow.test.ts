import fs from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Copy } from './support/copy.ts';

let copy: Copy;

/** Two servers: both carry the kit, one carries what talks to AWS too. Their first release is behind them. */
beforeAll(() => {
  copy = new Copy();
  for (const name of ['tides', 'clouds']) expect(copy.script('new', ['server', name]).output).toContain(`Wrote servers/${name}`);
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

/** Which workspaces get another version from these changes, each with the new one. */
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

  it('gives a change in a package to the servers that carry it, and to nothing else', () => {
    expect(bumpedBy({ aws: 'Asks AWS more politely.' })).toEqual({ aws: '0.0.1', testing: '0.0.1', clouds: '0.1.1' });
    expect(copy.read('servers/clouds/CHANGELOG.md')).toContain(
      '## 0.1.1\n\n### Patch Changes\n\n- Asks AWS more politely.\n- Carries aws 0.0.1.\n\n## 0.1.0',
    );
  });

  it('gives a change in what the kit is built from to every server', () => {
    expect(bumpedBy({ validation: 'Knows more regions.' })).toEqual({ validation: '0.0.1', kit: '0.0.1', tides: '0.1.1', clouds: '0.1.2' });
    expect(copy.read('servers/tides/CHANGELOG.md')).toContain('## 0.1.1\n\n### Patch Changes\n\n- Carries kit 0.0.1.\n');
  });

  it('gives a change in a server to that server alone', () => {
    expect(bumpedBy({ tides: 'Tells the ebb.' })).toEqual({ tides: '0.1.2' });
  });

  it('brings everything along that shows a version', () => {
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

  it('packs what has no tag yet, and says how it would be published', () => {
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

  it('lists the bundle with the hash that clients will find', () => {
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

  it('packs the same files again, and proves where they come from when it runs at GitHub', () => {
    const before = copy.read(`${FOLDER}/SHA256SUMS`);
    expect(release([], { GITHUB_ACTIONS: 'true' })).toMatchObject({
      code: 0,
      output: expect.stringContaining('--access public --provenance\n'),
    });
    expect(copy.read(`${FOLDER}/SHA256SUMS`)).toBe(before);
  });

  it('publishes to npm, then the bundle, then to the registry; begun again, it goes on where it broke off', () => {
    const log = copy.file('.cache/published');
    standIn('npm', `[ "$1" = view ] && { grep -qs "^npm publish" ${log} && echo 0.1.2; exit; }`, log);
    standIn('gh', `[ "$2" = view ] && { grep -qs "^gh release create" ${log}; exit; }`, log);
    standIn('mcp-publisher', `[ -e ${log}.up ] || { touch ${log}.up; echo "registry is down" >&2; exit 1; }`, log);
    const brokenOff = release(['--publish']);
    expect([brokenOff.code, brokenOff.output]).toEqual([1, expect.stringContaining('registry is down')]);
    const goneOn = release(['--publish']);
    expect([goneOn.code, goneOn.output]).toEqual([0, expect.stringContaining('npm publish was done before')]);
    expect(copy.read('.cache/published').trim().split('\n')).toEqual([
      'npm publish ./tides-v0.1.2/fairway-mcp-tides-0.1.2.tgz --access public',
      `gh release create tides-v0.1.2 tides-v0.1.2/tides-0.1.2.mcpb tides-v0.1.2/server.json --target ${git('rev-parse', 'HEAD')} --title @fairway-mcp/tides 0.1.2 --notes-file tides-v0.1.2/notes.md`,
      'mcp-publisher publish --file=tides-v0.1.2/server.json',
    ]);
    standIn('mcp-publisher', 'echo "invalid version: cannot publish duplicate version" >&2; exit 1', log);
    expect(release(['--publish'])).toMatchObject({
      code: 0,
      output: expect.stringContaining('mcp-publisher publish was done before'),
    });
  });

  it('publishes nothing that is not what was packed', () => {
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
  function standIn(name: string, before: string, log: string): void {
    const file = copy.file(`node_modules/.bin/${name}`);
    fs.writeFileSync(file, `#!/bin/sh\n${before}\necho "${name} $*" >> ${log}\n`, { mode: 0o755 });
  }
});
