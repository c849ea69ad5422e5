import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { root } from '../workspace.ts';

export const VERSIONS = ['2025-11-25', '2026-07-28'] as const;
export type Version = (typeof VERSIONS)[number];

/** A server that the suite is run against. */
export interface Target {
  name: string;
  /** From the root. */
  program: string;
  args: readonly string[];
  /** The scenarios to run; `all`: what the suite has for a version, with the tools that it asks for in place. */
  scenarios: 'all' | Readonly<Record<Version, readonly string[]>>;
}

const IN_BOTH = [
  'completion-complete',
  'tools-list',
  'server-sse-multiple-streams',
  'resources-list',
  'prompts-list',
  'dns-rebinding-protection',
];

export const TARGETS: readonly Target[] = [
  { name: 'fixture', program: 'tests/conformance/main.ts', args: [], scenarios: 'all' },
  {
    name: 'tag-compliance',
    program: 'servers/tag-compliance/dist/main.js',
    args: ['--sample'],
    // Those that need no tools of the suite's own.
    scenarios: {
      '2025-11-25': [...IN_BOTH, 'server-initialize', 'ping', 'server-session-lifecycle'],
      '2026-07-28': [
        ...IN_BOTH,
        'caching',
        'sep-2164-resource-not-found',
        'http-header-validation',
        'input-required-result-missing-input-response',
        'input-required-result-unsupported-methods',
        'input-required-result-ignore-extra-params',
        'input-required-result-validate-input',
      ],
    },
  },
];

/** The scenarios that a version requires of servers, as the suite has them frozen. */
export function requiredScenarios(version: Version): string[] {
  const file = path.join(root, 'node_modules/@modelcontextprotocol/conformance/requirements', `${version}.yaml`);
  const { server } = parse(fs.readFileSync(file, 'utf8')) as { server: string[] };
  return server;
}

type Excuses = Record<string, Record<string, Record<string, string>>>;

/**
 * The scenarios that are expected to fail, by name, with the reason of each.
 * @throws Error for one without a reason.
 */
export function expectedFailures({ name }: Target, version: Version): Record<string, string> {
  const all = parse(fs.readFileSync(path.join(root, 'tests/conformance/expected-failures.yml'), 'utf8')) as Excuses;
  const excuses = all[name]?.[version] ?? {};
  const silent = Object.keys(excuses).find((scenario) => typeof excuses[scenario] !== 'string' || excuses[scenario].trim() === '');
  if (silent !== undefined) throw new Error(`expected-failures.yml gives no reason for ${silent}.`);
  return excuses;
}
