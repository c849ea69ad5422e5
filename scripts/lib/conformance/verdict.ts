import fs from 'node:fs';
import path from 'node:path';
import { readJson } from '../workspace.ts';

/** What the suite writes of each thing that it looked at. */
interface CheckResult {
  id: string;
  status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO';
  errorMessage?: string;
}

/** How a scenario ended. `idle`: the suite found nothing to look at. */
export interface Verdict {
  scenario: string;
  outcome: 'passed' | 'failed' | 'idle';
  /** What is wrong, a line each; with outcome `passed`, what the suite only warns of. */
  remarks: readonly string[];
}

/** Reads the results that the suite has left in a folder: one folder a scenario, named after it and the time. */
export function readVerdicts(folder: string): Verdict[] {
  if (!fs.existsSync(folder)) return [];
  return fs.readdirSync(folder).flatMap((name) => {
    const scenario = /^server-(.+)-\d{4}-\d{2}-\d{2}T[^/]+$/.exec(name)?.[1];
    const file = path.join(folder, name, 'checks.json');
    return scenario === undefined || !fs.existsSync(file) ? [] : [verdictOf(scenario, readJson<CheckResult[]>(file))];
  });
}

function verdictOf(scenario: string, checks: readonly CheckResult[]): Verdict {
  const remarks = checks
    .filter(({ status }) => status === 'FAILURE' || status === 'WARNING')
    .map(({ id, status, errorMessage = 'no reason is given' }) => `${status.toLowerCase()} ${id}: ${errorMessage}`);
  const has = (wanted: CheckResult['status']) => checks.some(({ status }) => status === wanted);
  return { scenario, outcome: has('FAILURE') ? 'failed' : has('SUCCESS') ? 'passed' : 'idle', remarks };
}

export interface Judgement {
  passed: number;
  /** A sentence each. */
  failures: readonly string[];
  /** Scenarios that failed and were expected to. */
  excused: number;
  idle: number;
}

/**
 * Holds what ended how against what had to be run, and what is known to fail.
 * @param excuses scenarios that are expected to fail, each with its reason.
 */
export function judge(verdicts: readonly Verdict[], required: readonly string[], excuses: Readonly<Record<string, string>>): Judgement {
  const ran = new Map(verdicts.map((verdict) => [verdict.scenario, verdict]));
  const isExcused = (scenario: string) => Object.hasOwn(excuses, scenario);
  const failed = verdicts.filter(({ outcome }) => outcome === 'failed');
  const idle = verdicts.filter(({ outcome }) => outcome === 'idle');
  return {
    passed: verdicts.filter(({ scenario, outcome }) => outcome === 'passed' && !isExcused(scenario)).length,
    excused: failed.filter(({ scenario }) => isExcused(scenario)).length,
    idle: idle.length,
    failures: [
      ...failed.filter(({ scenario }) => !isExcused(scenario)).map(({ scenario, remarks }) => [scenario, ...remarks].join('\n  ')),
      ...required.filter((scenario) => !ran.has(scenario)).map((scenario) => `${scenario} is required and did not run.`),
      ...idle.filter(({ scenario }) => required.includes(scenario)).map(({ scenario }) => `${scenario} is required and checked nothing.`),
      ...Object.keys(excuses)
        .filter((scenario) => ran.get(scenario)?.outcome !== 'failed')
        .map((scenario) => `${scenario} is expected to fail and did not: take it off the list of expected failures.`),
    ],
  };
}
