import { describe, expect, it } from 'vitest';
import { resourceOf } from '../compliance/arbitraries.fixture.ts';
import { evaluate } from '../compliance/evaluate.ts';
import { reportAsJson } from '../compliance/report/json.ts';
import { buildReport } from '../compliance/report/report.ts';
import { compilePolicy } from '../policy/compile-policy.ts';
import { readPolicy } from '../policy/read-policy.ts';
import { abridgeReport, abridgeSummary, MAX_ROWS } from './abridge.ts';

const reading = readPolicy('required_tags: [{ name: Owner }, { name: Team }]', 'policy.yaml');
if ('problems' in reading) throw new Error(reading.message);
const policy = compilePolicy(reading.policy);

/** Something wrong in each of so many accounts; the last account has the most. */
function organization(accounts: number) {
  const ids = Array.from({ length: accounts }, (_, index) => String(111_111_111_111 + index));
  return evaluate(
    ids.flatMap((account, index) => Array.from({ length: index + 1 }, () => resourceOf({ account }))),
    policy,
  );
}

describe('abridged summary', () => {
  it('keeps the worst accounts, and its counts cover all of them', () => {
    const { summary } = organization(40);
    const short = abridgeSummary(summary);
    expect(short.by_account).toEqual(summary.by_account.slice(0, MAX_ROWS));
    expect(short.by_account[0]?.account).toBe('111111111150');
    expect({ ...short, by_account: [] }).toEqual({ ...summary, by_account: [] });
  });
});

describe('abridged report', () => {
  const report = buildReport({
    evaluation: organization(60),
    coverage: { entries: [], isComplete: true },
    asOf: '2026-03-01T00:00:00Z',
    now: new Date('2026-03-01T00:00:00Z'),
    policyVersion: policy.version,
    isSample: false,
    scope: 'everything',
  });

  it('fits into an answer that contains it twice, and counts the violations that it leaves out', () => {
    const { shown, written } = abridgeReport(report, reportAsJson);
    expect(written).toBe(reportAsJson(shown));
    expect(written.length).toBeLessThanOrEqual(14_000);
    expect(shown.violations.length).toBeGreaterThan(0);
    expect(shown.violations).toEqual(report.violations.slice(0, shown.violations.length));
    expect(shown.left_out).toBe(report.violations.length - shown.violations.length);
  });

  it('lists no violations when the report would be too long otherwise', () => {
    const { shown } = abridgeReport(report, (some) => 'x'.repeat(14_001 + some.violations.length));
    expect(shown.violations).toEqual([]);
  });
});
