/**
 * `npm run conformance`: the protocol's own conformance suite, for both protocol versions, against a server that has all the tools
 * which the suite asks for (tests/conformance), and against tag-compliance as it is published. Ends with a line of totals.
 *
 * The exit code is 0 only when every scenario passed that is not in tests/conformance/expected-failures.yml, and every required
 * scenario ran.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expectedFailures, requiredScenarios, TARGETS, type Target, VERSIONS, type Version } from './lib/conformance/targets.ts';
import { type Judgement, judge, readVerdicts, type Verdict } from './lib/conformance/verdict.ts';
import { run } from './lib/shell.ts';
import { startServer } from './lib/start/server.ts';
import { command, indent, say, seconds } from './lib/terminal.ts';
import { root } from './lib/workspace.ts';

command(async () => {
  const built = await run('turbo', ['run', 'build', '--output-logs=errors-only', '--filter=@fairway-mcp/tag-compliance'], {
    output: 'show',
  });
  if (built.code !== 0) return 1;
  const judgements: Judgement[] = [];
  for (const target of TARGETS) judgements.push(...(await examine(target)));
  const passed = judgements.reduce((sum, judgement) => sum + judgement.passed, 0);
  const failed = judgements.reduce((sum, judgement) => sum + judgement.failures.length, 0);
  say(`\n${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
});

async function examine(target: Target): Promise<Judgement[]> {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'fairway-conformance-'));
  const args = [...target.args, '--http', '127.0.0.1:0', '--state-dir', path.join(scratch, 'state'), '--rate-limit', '0'];
  const server = await startServer(path.join(root, target.program), args);
  try {
    const judgements: Judgement[] = [];
    for (const version of VERSIONS) {
      const started = performance.now();
      const verdicts = await runScenarios(server.url, target, version, path.join(scratch, version));
      const required = target.scenarios === 'all' ? requiredScenarios(version) : target.scenarios[version];
      const judgement = judge(verdicts, required, expectedFailures(target, version));
      tell(`${target.name}, ${version}`, judgement, verdicts, started);
      judgements.push(judgement);
    }
    return judgements;
  } finally {
    await server.stop();
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

async function runScenarios(url: string, { scenarios }: Target, version: Version, results: string): Promise<Verdict[]> {
  const suite = (...choice: string[]) => run('conformance', ['server', '--url', url, '-o', results, ...choice], { output: 'capture' });
  if (scenarios === 'all') await suite('--requirements', version);
  else for (const scenario of scenarios[version]) await suite('--scenario', scenario, '--spec-version', version);
  return readVerdicts(results);
}

function tell(title: string, { passed, failures, excused, idle }: Judgement, verdicts: readonly Verdict[], started: number): void {
  const others = [...(excused > 0 ? [`${excused} expected to fail`] : []), ...(idle > 0 ? [`${idle} with nothing to check`] : [])];
  say(`${title}: ${[`${passed} passed`, `${failures.length} failed`, ...others].join(', ')} (${seconds(started)})`);
  for (const failure of failures) say(indent(failure));
  for (const { scenario, outcome, remarks } of verdicts)
    if (outcome === 'passed' && remarks.length > 0) say(indent([scenario, ...remarks].join('\n  ')));
}
