import { describe, expect, it } from 'vitest';
import { resourceOf } from './compliance/arbitraries.fixture.ts';
import { evaluate } from './compliance/evaluate.ts';
import { buildReport, type Report } from './compliance/report/report.ts';
import { compilePolicy } from './policy/compile-policy.ts';
import { readPolicy } from './policy/read-policy.ts';
import { createReportShelf } from './report-shelf.ts';

const reading = readPolicy('required_tags: [{ name: Owner }]', 'policy.yaml');
if ('problems' in reading) throw new Error(reading.message);
const policy = compilePolicy(reading.policy);

/** A report with so many violations. */
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

describe('the last report', () => {
  it("is the principal's own, and the last one", () => {
    const shelf = createReportShelf();
    const [first, second, others] = [reportOf(1), reportOf(2), reportOf(3)];
    shelf.put('api_key:a', first);
    shelf.put('api_key:b', others);
    shelf.put('api_key:a', second);
    expect(shelf.last('api_key:a')).toBe(second);
    expect(shelf.last('api_key:b')).toBe(others);
    expect(shelf.last('api_key:c')).toBeUndefined();
  });

  it('is gone after its time', () => {
    let now = 1_000;
    const shelf = createReportShelf({ violations: 100, ttlMs: 60_000, now: () => now });
    shelf.put('a', reportOf(1));
    now += 59_000;
    expect(shelf.last('a')).toBeDefined();
    now += 2_000;
    expect(shelf.last('a')).toBeUndefined();
  });

  it('leaves when others need the room, the one that nobody asked for first', () => {
    const shelf = createReportShelf({ violations: 25, ttlMs: 60_000 });
    for (const principal of ['a', 'b']) shelf.put(principal, reportOf(10));
    shelf.last('a');
    shelf.put('c', reportOf(10));
    expect(['a', 'b', 'c'].map((principal) => shelf.last(principal) !== undefined)).toEqual([true, false, true]);
  });
});
