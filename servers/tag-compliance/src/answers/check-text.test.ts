import { describe, expect, it } from 'vitest';
import { resourceOf } from '../compliance/arbitraries.fixture.ts';
import { evaluate, type SeverityFilter } from '../compliance/evaluate.ts';
import { compilePolicy } from '../policy/compile-policy.ts';
import { readPolicy } from '../policy/read-policy.ts';
import { type CheckAnswer, checkText } from './check-text.ts';
import { violationDetail } from './violation-text.ts';

const reading = readPolicy(
  `
required_tags:
  - { name: Environment, allowed_values: [production, staging], value_severity: warning }
  - { name: CostCenter, validation_regex: 'CC-\\d{4}', applies_to: [s3:bucket] }
prohibited_keys: [temp]
`,
  'policy.yaml',
);
if ('problems' in reading) throw new Error(reading.message);
const policy = compilePolicy(reading.policy);

const anyValue = readPolicy('{ "tags": { "owner": { "tag_key": "Owner", "report_required_tag_for": ["ec2:instance"] } } }', 'policy.json');
if ('problems' in anyValue) throw new Error(anyValue.message);

const resources = [
  resourceOf({ arn: 'arn:right', tags: { Environment: 'staging' } }),
  resourceOf({ arn: 'arn:live', tags: { Environment: 'live' } }),
  resourceOf({ arn: 'arn:near', type: 's3:bucket', tags: { Environment: 'Staging', CostCenter: 'CC-1000', temp: 'x' } }),
  resourceOf({ arn: 'arn:bare', type: 's3:bucket' }),
  resourceOf({ arn: 'arn:db', type: 'rds:db', tags: { Environment: 'staging' } }),
];

function textOf(parts: Partial<CheckAnswer> = {}, severity: SeverityFilter = 'all', costs?: ReadonlyMap<string, string>): string {
  const { summary, violations } = evaluate(resources, policy, { severity, ...(costs && { costs }) });
  const about = { sample: false, as_of: '2026-01-01T00:00:00Z', complete: true, coverage: 'All was seen.', gaps: [] };
  return checkText({ summary, severity, violations, partly_seen: [], about, ...parts });
}

describe('the text of a check', () => {
  it('says what would be right for each violation', () => {
    const text = textOf();
    expect(text).toContain('arn:live has "live"; use one of production, staging');
    expect(text).toContain('arn:near has "Staging", likely "staging"');
    expect(text).toContain('arn:near has "temp"; remove it');
    expect(text).toContain('arn:bare lacks it; use one of production, staging');
    expect(text).toContain('arn:bare lacks it; use a value that matches CC-\\d{4}');
  });

  it('asks for any value where an AWS tag policy names none', () => {
    const { violations } = evaluate([resourceOf({ arn: 'arn:bare' })], compilePolicy(anyValue.policy));
    expect(violationDetail(violations[0] ?? expect.fail('There is no violation.'))).toBe('lacks it; use any value');
  });

  it('does not call a filtered score compliance, and says what is not counted', () => {
    expect(textOf()).toMatch(/^Compliance 40.0 %: 2 of 5 resources in scope comply \(5 seen\)\./);
    const text = textOf({}, 'warnings_only');
    expect(text).toMatch(/^Only warnings count here: 3 of 5 resources in scope have none \(60.0 %; 5 seen\)\./);
    expect(text).toContain('errors are not counted (severity: warnings_only)');
    expect(text).not.toContain('Compliance');
  });

  it('counts the violations by kind and by tag', () => {
    const text = textOf();
    expect(text).toMatch(/^Violations by kind: missing_required_tag 2, .*near_miss_value 1.*\.$/m);
    expect(text).toMatch(/^Violations by tag: Environment 3, .*temp 1.*\.$/m);
  });

  it('marks types of which not all was seen, also those without a violation, and names those that were not seen', () => {
    const text = textOf({ partly_seen: ['lambda:function', 'rds:db'] });
    expect(text).toMatch(/rds:db +100\.0 % +0 of 1 wrong +not all seen/);
    expect(text).toMatch(/s3:bucket +0\.0 % +2 of 2 wrong\n/);
    expect(text).toContain('No resource in scope was seen; these could not be read completely: lambda:function.');
    expect(textOf()).toContain('Nothing wrong in 1 other types.');
    expect(textOf({ partly_seen: ['*'] }).match(/not all seen/g)).toHaveLength(3);
  });

  it('states the score by cost with its amounts, and what the query cost', () => {
    const costs = { currency: 'USD', period: 'x', price: '0.01', caveats: ['Some cost is unknown.'] };
    const text = textOf(
      { costs },
      'all',
      new Map([
        ['arn:right', '30'],
        ['arn:live', '10'],
      ]),
    );
    expect(text).toContain('Weighted by cost: 75.0 %; resources that cost $10.00 of $40.00 a month are wrong.');
    expect(text).toContain('Some cost is unknown.\nThe query to Cost Explorer cost $0.01.');
  });

  it('compares with the scan before it, with counts', () => {
    const previous = { taken_at: '2026-01-01T00:00:00Z', score: 0.5, non_compliant: 2, in_scope: 4 };
    expect(textOf({ previous })).toContain('On 2026-01-01 it was 50.0 %, with 2 of 4 wrong.');
  });
});
