import { describe, expect, it } from 'vitest';
import { coverageStatement } from './coverage-statement.ts';

const account = '111122223333';

describe('coverage statement', () => {
  it('is one sentence when everything was read', () => {
    const entries = [{ account, region: 'eu-west-1', types: ['ec2:vpc'], status: 'complete' as const, resources: 5 }];
    expect(coverageStatement({ entries, isComplete: true })).toBe('Everything that was requested and can be seen was seen.');
  });

  it('says what the Tagging API never lists, when it was used', () => {
    const entry = { account, region: 'eu-west-1', types: ['*'], resources: 5 };
    const limit = /AWS lists only resources that have or had tags: never-tagged ones are not seen\.$/;
    expect(coverageStatement({ entries: [{ ...entry, status: 'complete' }], isComplete: true })).toMatch(limit);
    expect(coverageStatement({ entries: [{ ...entry, status: 'partial' }], isComplete: false })).toMatch(limit);
    expect(coverageStatement({ entries: [{ ...entry, status: 'missing' }], isComplete: false })).not.toMatch(limit);
  });

  it('names each gap with its reason', () => {
    const entries = [
      { account, region: 'eu-west-1', types: ['ec2:vpc'], status: 'complete' as const, resources: 5 },
      { account, region: 'us-east-1', types: ['ec2:volume'], status: 'partial' as const, reason: 'throttled' as const, resources: 5 },
      {
        account,
        region: '*',
        types: ['*'],
        status: 'missing' as const,
        reason: 'no_access_to_account' as const,
        detail: 'assume role x.',
        resources: 0,
      },
      { account, region: 'global', types: ['a:1', 'a:2', 'a:3', 'a:4', 'a:5', 'a:6'], status: 'missing' as const, resources: 0 },
    ];
    expect(coverageStatement({ entries, isComplete: false })).toBe(
      [
        'Not everything that was requested was seen, so the true figures may differ.',
        'ec2:volume in us-east-1 of account 111122223333: seen in part (throttled).',
        'All types in all regions of account 111122223333: not seen (no access to the account: assume role x).',
        'a:1, a:2, a:3, a:4, a:5 and 1 more in global of account 111122223333: not seen.',
      ].join(' '),
    );
  });

  it('limits the number of listed gaps', () => {
    const gap = { account, types: ['*'], status: 'missing' as const, resources: 0 };
    const entries = Array.from({ length: 12 }, (_, index) => ({ ...gap, region: `r-${index}` }));
    expect(coverageStatement({ entries, isComplete: false })).toMatch(/r-9 of account 111122223333: not seen\. And 2 more\.$/);
  });
});
