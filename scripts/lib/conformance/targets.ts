import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'yaml';
import { programOf } from '../build/servers.ts';
import { examplesOf } from '../package/examples.ts';
import { root, serverWorkspaces, type Workspace } from '../workspace.ts';

export const VERSIONS = ['2025-11-25', '2026-07-28'] as const;
export type Version = (typeof VERSIONS)[number];

/** A server that the suite is run against. */
export interface Target {
  name: string;
  program: string;
  args: readonly string[];
  /** The scenarios to run; `all`: every one that the suite has for a version, with the tools that it asks for in place. */
  scenarios: 'all' | Readonly<Record<Version, readonly string[]>>;
}

const FIXTURE: Target = { name: 'fixture', program: path.join(root, 'tests/conformance/main.ts'), args: [], scenarios: 'all' };

/** The scenarios that any server can pass, whatever its tools are. */
const ANY_SERVER: Readonly<Record<Version, readonly string[]>> = {
  '2025-11-25': [
    'tools-list',
    'server-sse-multiple-streams',
    'dns-rebinding-protection',
    'server-initialize',
    'ping',
    'server-session-lifecycle',
  ],
  '2026-07-28': [
    'tools-list',
    'server-sse-multiple-streams',
    'dns-rebinding-protection',
    'sep-2164-resource-not-found',
    'http-header-validation',
    'input-required-result-missing-input-response',
    'input-required-result-unsupported-methods',
    'input-required-result-ignore-extra-params',
    'input-required-result-validate-input',
  ],
};

/** The fixture, which has everything that the suite asks for, and every server as it is published. */
export async function findTargets(): Promise<Target[]> {
  return [FIXTURE, ...(await Promise.all(serverWorkspaces().map(serverTarget)))];
}

async function serverTarget(workspace: Workspace): Promise<Target> {
  const { args } = await examplesOf(workspace);
  const own = await ownScenarios(workspace);
  const scenarios = { ...ANY_SERVER };
  for (const version of VERSIONS) scenarios[version] = [...ANY_SERVER[version], ...(own[version] ?? [])];
  return { name: workspace.name, program: programOf(workspace), args, scenarios };
}

/** What the server's `test/conformance.ts` adds to the scenarios that any server can pass. */
async function ownScenarios({ path: folder }: Workspace): Promise<Partial<Record<Version, readonly string[]>>> {
  const file = path.join(folder, 'test', 'conformance.ts');
  return fs.existsSync(file) ? (await import(pathToFileURL(file).href)).scenarios : {};
}

/** The scenarios that a version requires of servers, as the suite has them frozen. */
export function requiredScenarios(version: Version): string[] {
  const file = path.join(root, 'node_modules/@modelcontextprotocol/conformance/requirements', `${version}.yaml`);
  const { server } = parse(fs.readFileSync(file, 'utf8')) as { server: string[] };
  return server;
}

/** By target, version and scenario: why it fails. */
type ExpectedFailures = Record<string, Record<string, Record<string, string>>>;

/**
 * The scenarios that are expected to fail, by name, with the reason of each.
 * @throws Error for one without a reason.
 */
export function expectedFailures({ name }: Target, version: Version): Record<string, string> {
  const all = parse(fs.readFileSync(path.join(root, 'tests/conformance/expected-failures.yml'), 'utf8')) as ExpectedFailures;
  const expected = all[name]?.[version] ?? {};
  const unexplained = Object.keys(expected).find((scenario) => typeof expected[scenario] !== 'string' || expected[scenario].trim() === '');
  if (unexplained !== undefined) throw new Error(`expected-failures.yml gives no reason for ${unexplained}. Write why it fails.`);
  return expected;
}
