import fs from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';
import { readOutcomes, type ScenarioOutcome, summarizeRun } from './outcome.ts';
import { expectedFailures, findTargets, requiredScenarios, VERSIONS } from './targets.ts';

const TIME = '2026-11-20T10-00-00-000Z';

/** The outcomes of scenarios whose checks ended like this. */
function outcomesOf(scenarios: Record<string, string[]>): ScenarioOutcome[] {
  const folder = temporaryFolder();
  for (const [name, statuses] of Object.entries(scenarios)) {
    const place = path.join(folder, `server-${name}-${TIME}`);
    fs.mkdirSync(place);
    const checks = statuses.map((status, index) => ({ id: `check-${index}`, status, errorMessage: 'because' }));
    fs.writeFileSync(path.join(place, 'checks.json'), JSON.stringify(checks));
  }
  return readOutcomes(folder);
}

describe('a run of the conformance suite', () => {
  it('counts scenarios, and keeps those with nothing to check apart', () => {
    const outcomes = outcomesOf({ ping: ['SUCCESS', 'INFO'], 'tools-call': ['SUCCESS', 'WARNING'], tasks: ['SKIPPED'] });
    expect(summarizeRun(outcomes, ['ping'], {})).toEqual({ passed: 2, failures: [], expected: 0, idle: 1 });
    expect(outcomes.find(({ scenario }) => scenario === 'tools-call')?.remarks).toEqual(['warning check-1: because']);
  });

  it('fails with the reason when a scenario fails', () => {
    const { passed, failures } = summarizeRun(outcomesOf({ ping: ['SUCCESS', 'FAILURE'] }), [], {});
    expect([passed, failures]).toEqual([0, ['ping\n  failure check-1: because']]);
  });

  it('fails when a required scenario did not run, or checked nothing', () => {
    const { failures } = summarizeRun(outcomesOf({ ping: ['INFO'] }), ['ping', 'tools-list'], {});
    expect(failures).toEqual(['tools-list is required and did not run.', 'ping is required and checked nothing.']);
    expect(summarizeRun(readOutcomes(path.join(temporaryFolder(), 'nothing')), ['ping'], {}).failures).toHaveLength(1);
  });

  it('accepts a failure that is expected, for as long as the scenario fails', () => {
    const known = { ping: 'It is known.' };
    expect(summarizeRun(outcomesOf({ ping: ['FAILURE'] }), ['ping'], known)).toMatchObject({ passed: 0, expected: 1, failures: [] });
    expect(summarizeRun(outcomesOf({ ping: ['SUCCESS'] }), ['ping'], known).failures[0]).toContain('take it off the list');
    expect(summarizeRun([], [], known).failures[0]).toContain('take it off the list');
  });
});

describe('the targets of the conformance suite', () => {
  it('are the fixture and every server; each expected failure has a reason', async () => {
    const targets = await findTargets();
    expect(targets.map(({ name }) => name)).toEqual(expect.arrayContaining(['fixture', 'tag-compliance']));
    for (const version of VERSIONS) {
      expect(requiredScenarios(version).length).toBeGreaterThan(29);
      for (const target of targets)
        for (const reason of Object.values(expectedFailures(target, version))) expect(reason.length).toBeGreaterThan(20);
    }
  });
});
