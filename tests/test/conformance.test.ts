import fs from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';
import { expectedFailures, requiredScenarios, TARGETS, VERSIONS } from '../../scripts/lib/conformance/targets.ts';
import { judge, readVerdicts, type Verdict } from '../../scripts/lib/conformance/verdict.ts';

const TIME = '2026-11-20T10-00-00-000Z';

/** The verdicts on scenarios whose checks ended like this. */
function verdictsOn(scenarios: Record<string, string[]>): Verdict[] {
  const folder = temporaryFolder();
  for (const [name, statuses] of Object.entries(scenarios)) {
    const place = path.join(folder, `server-${name}-${TIME}`);
    fs.mkdirSync(place);
    const checks = statuses.map((status, index) => ({ id: `check-${index}`, status, errorMessage: 'because' }));
    fs.writeFileSync(path.join(place, 'checks.json'), JSON.stringify(checks));
  }
  return readVerdicts(folder);
}

describe('the verdict on a run of the conformance suite', () => {
  it('counts scenarios, and tells apart those with nothing to check', () => {
    const verdicts = verdictsOn({ ping: ['SUCCESS', 'INFO'], 'tools-call': ['SUCCESS', 'WARNING'], tasks: ['SKIPPED'] });
    expect(judge(verdicts, ['ping'], {})).toEqual({ passed: 2, failures: [], excused: 0, idle: 1 });
    expect(verdicts.find(({ scenario }) => scenario === 'tools-call')?.remarks).toEqual(['warning check-1: because']);
  });

  it('is bad when a scenario fails, and says why', () => {
    const { passed, failures } = judge(verdictsOn({ ping: ['SUCCESS', 'FAILURE'] }), [], {});
    expect([passed, failures]).toEqual([0, ['ping\n  failure check-1: because']]);
  });

  it('is bad when a required scenario did not run, or looked at nothing', () => {
    const { failures } = judge(verdictsOn({ ping: ['INFO'] }), ['ping', 'tools-list'], {});
    expect(failures).toEqual(['tools-list is required and did not run.', 'ping is required and checked nothing.']);
    expect(judge(readVerdicts(path.join(temporaryFolder(), 'nothing')), ['ping'], {}).failures).toHaveLength(1);
  });

  it('excuses what is expected to fail, for as long as it does', () => {
    const known = { ping: 'It is known.' };
    expect(judge(verdictsOn({ ping: ['FAILURE'] }), ['ping'], known)).toMatchObject({ passed: 0, excused: 1, failures: [] });
    expect(judge(verdictsOn({ ping: ['SUCCESS'] }), ['ping'], known).failures[0]).toContain('take it off the list');
    expect(judge([], [], known).failures[0]).toContain('take it off the list');
  });
});

describe('what the conformance suite is run against', () => {
  it('is what each version requires, and nothing is excused without a reason', () => {
    for (const version of VERSIONS) {
      expect(requiredScenarios(version).length).toBeGreaterThan(29);
      for (const target of TARGETS)
        for (const reason of Object.values(expectedFailures(target, version))) expect(reason.length).toBeGreaterThan(20);
    }
  });
});
