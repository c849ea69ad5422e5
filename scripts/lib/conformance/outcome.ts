import fs from 'node:fs';
import path from 'node:path';
import { readJson } from '../workspace.ts';

/** What the suite writes of each thing that it checked. */
interface CheckResult {
  id: string;
  status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO';
  errorMessage?: string;
}

/** How a scenario ended. `idle`: the suite found nothing to check. */
export interface ScenarioOutcome {
  scenario: string;
  outcome: 'passed' | 'failed' | 'idle';
  /** What is wrong, a line each; with outcome `passed`, what the suite only warns of. */
  remarks: readonly string[];
}

/** Reads the results that the suite has left in a folder: one folder for each scenario, named after it and the time. */
export function readOutcomes(folder: string): ScenarioOutcome[] {
  if (!fs.existsSync(folder)) return [];
  return fs.readdirSync(folder).flatMap((name) => {
    const scenario = /^server-(.+)-\d{4}-\d{2}-\d{2}T[^/]+$/.exec(name)?.[1];
    const file = path.join(folder, name, 'checks.json');
    return scenario === undefined || !fs.existsSync(file) ? [] : [outcomeOf(scenario, readJson<CheckResult[]>(file))];
  });
}

function outcomeOf(scenario: string, checks: readonly CheckResult[]): ScenarioOutcome {
  const remarks = checks
    .filter(({ status }) => status === 'FAILURE' || status === 'WARNING')
    .map(({ id, status, errorMessage = 'no reason is given' }) => `${status.toLowerCase()} ${id}: ${errorMessage}`);
  const has = (wanted: CheckResult['status']) => checks.some(({ status }) => status === wanted);
  return { scenario, outcome: has('FAILURE') ? 'failed' : has('SUCCESS') ? 'passed' : 'idle', remarks };
}

export interface RunSummary {
  passed: number;
  /** A sentence each. */
  failures: readonly string[];
  /** Scenarios that failed and were expected to. */
  expected: number;
  idle: number;
}

/**
 * Compares how scenarios ended with what had to run and what is known to fail.
 * @param knownFailures scenarios that are expected to fail, each with its reason
 */
export function summarizeRun(
  outcomes: readonly ScenarioOutcome[],
  required: readonly string[],
  knownFailures: Readonly<Record<string, string>>,
): RunSummary {
  const ran = new Map(outcomes.map((outcome) => [outcome.scenario, outcome]));
  const isKnown = ({ scenario }: ScenarioOutcome) => Object.hasOwn(knownFailures, scenario);
  const failed = outcomes.filter(({ outcome }) => outcome === 'failed');
  const idle = outcomes.filter(({ outcome }) => outcome === 'idle');
  return {
    passed: outcomes.filter((each) => each.outcome === 'passed' && !isKnown(each)).length,
    expected: failed.filter(isKnown).length,
    idle: idle.length,
    failures: [
      ...failed.filter((each) => !isKnown(each)).map(({ scenario, remarks }) => [scenario, ...remarks].join('\n  ')),
      ...required.filter((scenario) => !ran.has(scenario)).map((scenario) => `${scenario} is required and did not run.`),
      ...idle.filter(({ scenario }) => required.includes(scenario)).map(({ scenario }) => `${scenario} is required and checked nothing.`),
      ...Object.keys(knownFailures)
        .filter((scenario) => ran.get(scenario)?.outcome !== 'failed')
        .map((scenario) => `${scenario} is expected to fail and did not: take it off the list of expected failures.`),
    ],
  };
}
