/**
 * `npm run conformance`: the protocol's own conformance suite, for both protocol versions, against a server that has all the tools
 * which the suite asks for (tests/conformance), and against every server as it is published. Ends with a line of totals.
 *
 * The exit code is 0 only when every scenario passed that is not in tests/conformance/expected-failures.yml, and every required
 * scenario ran.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildServers } from './lib/build/servers.ts';
import { type RunSummary, readOutcomes, type ScenarioOutcome, summarizeRun } from './lib/conformance/outcome.ts';
import { expectedFailures, findTargets, requiredScenarios, type Target, VERSIONS, type Version } from './lib/conformance/targets.ts';
import { run } from './lib/shell.ts';
import { startServer } from './lib/start/server.ts';
import { command, indent, say, seconds } from './lib/terminal.ts';
import { serverWorkspaces } from './lib/workspace.ts';

command(async () => {
  if ((await buildServers(serverWorkspaces())) !== 0) return 1;
  const summaries: RunSummary[] = [];
  for (const target of await findTargets()) summaries.push(...(await runSuite(target)));
  const passed = summaries.reduce((sum, summary) => sum + summary.passed, 0);
  const failed = summaries.reduce((sum, summary) => sum + summary.failures.length, 0);
  say(`\n${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
});

async function runSuite(target: Target): Promise<RunSummary[]> {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'fairway-conformance-'));
  const args = [...target.args, '--http', '127.0.0.1:0', '--state-dir', path.join(scratch, 'state'), '--rate-limit', '0'];
  const server = await startServer(target.program, args);
  try {
    const summaries: RunSummary[] = [];
    for (const version of VERSIONS) {
      const started = performance.now();
      const outcomes = await runScenarios(server.url, target, version, path.join(scratch, version));
      const required = target.scenarios === 'all' ? requiredScenarios(version) : target.scenarios[version];
      const summary = summarizeRun(outcomes, required, expectedFailures(target, version));
      printSummary(`${target.name}, ${version}`, summary, outcomes, started);
      summaries.push(summary);
    }
    return summaries;
  } finally {
    await server.stop();
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

async function runScenarios(url: string, { scenarios }: Target, version: Version, results: string): Promise<ScenarioOutcome[]> {
  const suite = (...choice: string[]) => run('conformance', ['server', '--url', url, '-o', results, ...choice], { output: 'capture' });
  if (scenarios === 'all') await suite('--requirements', version);
  else for (const scenario of scenarios[version]) await suite('--scenario', scenario, '--spec-version', version);
  return readOutcomes(results);
}

function printSummary(
  title: string,
  { passed, failures, expected, idle }: RunSummary,
  outcomes: readonly ScenarioOutcome[],
  started: number,
): void {
  const others = [...(expected > 0 ? [`${expected} expected to fail`] : []), ...(idle > 0 ? [`${idle} with nothing to check`] : [])];
  say(`${title}: ${[`${passed} passed`, `${failures.length} failed`, ...others].join(', ')} (${seconds(started)})`);
  for (const failure of failures) say(indent(failure));
  for (const { scenario, outcome, remarks } of outcomes)
    if (outcome === 'passed' && remarks.length > 0) say(indent([scenario, ...remarks].join('\n  ')));
}
