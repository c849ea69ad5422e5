import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CoverageEntry, toCoverage } from './coverage.ts';

const REASONS = ['access_denied', 'throttled', 'unavailable'] as const;

const entry: fc.Arbitrary<CoverageEntry> = fc
  .record({
    account: fc.constantFrom('111122223333', '222233334444'),
    region: fc.constantFrom('eu-central-1', 'us-east-1', 'global'),
    type: fc.constantFrom('ec2:vpc', 'rds:db', '*'),
    status: fc.constantFrom('complete', 'partial', 'missing'),
    reason: fc.constantFrom(...REASONS),
    resources: fc.nat(1000),
  })
  .map(({ type, status, reason, ...rest }) => ({
    ...rest,
    types: [type],
    status,
    ...(status !== 'complete' && { reason, detail: reason }),
  }));

describe('toCoverage', () => {
  it('keeps every type, resource and gap', () => {
    fc.assert(
      fc.property(fc.array(entry), (parts) => {
        const { entries, isComplete } = toCoverage(parts);
        const statements = (list: readonly CoverageEntry[]) =>
          new Set(list.flatMap((one) => one.types.map((type) => JSON.stringify([one.account, one.region, one.status, one.reason, type]))));
        expect(statements(entries)).toEqual(statements(parts));
        const total = (list: readonly CoverageEntry[]) => list.reduce((sum, { resources }) => sum + resources, 0);
        expect(total(entries)).toBe(total(parts));
        expect(isComplete).toBe(parts.every(({ status }) => status === 'complete'));
      }),
    );
  });

  it('does not depend on the order of the entries', () => {
    fc.assert(
      fc.property(fc.array(entry), (parts) => {
        const normal = (list: readonly CoverageEntry[]) =>
          toCoverage(list)
            .entries.map((one) => JSON.stringify({ ...one, types: one.types.toSorted() }))
            .toSorted();
        expect(normal(parts.toReversed())).toEqual(normal(parts));
      }),
    );
  });

  it('merges complete entries of one region, and puts gaps first', () => {
    const place = { account: '111122223333', region: 'eu-central-1' };
    const { entries } = toCoverage([
      { ...place, types: ['ec2:vpc'], status: 'complete', resources: 2 },
      { ...place, types: ['ec2:subnet'], status: 'complete', resources: 3 },
      { ...place, types: ['*'], status: 'complete', resources: 4 },
      { ...place, types: ['rds:db'], status: 'missing', reason: 'access_denied', detail: 'Needs rds:DescribeDBInstances.', resources: 0 },
    ]);
    expect(entries.map(({ types, resources }) => [types, resources])).toEqual([
      [['rds:db'], 0],
      [['ec2:vpc', 'ec2:subnet'], 5],
      [['*'], 4],
    ]);
  });
});
