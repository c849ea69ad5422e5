import { describe, expect, it } from 'vitest';
import { resourceOf } from './compliance/arbitraries.fixture.ts';
import { evaluate } from './compliance/evaluate.ts';
import { buildReport, type Report } from './compliance/report/report.ts';
import { compilePolicy } from './policy/compile-policy.ts';
import { readPolicy } from './policy/read-policy.ts';
import { createRecentReports } from './recent-reports.ts';

const reading = readPolicy('required_tags: [{ name: Owner }]', 'policy.yaml');
if ('problems' in reading) throw new Error(reading.message);
const policy = compilePolicy(reading.policy);

/** A report with this many violations. */
function reportOf(violations: number): Report {
  const resources = Array.from({ length: violations }, () => resourceOf());
  return buildReport({
    evaluation: evaluate(resources, policy),
    coverage: { entries: [], isComplete: true },
    asOf: '2026-03-01T00:00:00Z',
    now: new Date('2026-03-01T00:00:00Z'),
    policyVersion: policy.version,
    isSample: false,
    scope: 'everything',
  });
}

describe('recent reports', () => {
  it('returns the last report of a principal, and none of another principal', () => {
    const reports = createRecentReports();
    const [first, second, others] = [reportOf(1), reportOf(2), reportOf(3)];
    reports.put('api_key:a', first);
    reports.put('api_key:b', others);
    reports.put('api_key:a', second);
    expect(reports.last('api_key:a')).toBe(second);
    expect(reports.last('api_key:b')).toBe(others);
    expect(reports.last('api_key:c')).toBeUndefined();
  });

  it('forgets a report when its time to live has passed', () => {
    let now = 1_000;
    const reports = createRecentReports(() => {}, { violations: 100, ttlMs: 60_000, now: () => now });
    reports.put('a', reportOf(1));
    now += 59_000;
    expect(reports.last('a')).toBeDefined();
    now += 2_000;
    expect(reports.last('a')).toBeUndefined();
  });

  it('drops the report that was not read for the longest time when there are too many violations', () => {
    const reports = createRecentReports(() => {}, { violations: 25, ttlMs: 60_000 });
    for (const principal of ['a', 'b']) reports.put(principal, reportOf(10));
    reports.last('a');
    reports.put('c', reportOf(10));
    expect(['a', 'b', 'c'].map((principal) => reports.last(principal) !== undefined)).toEqual([true, false, true]);
  });
});
