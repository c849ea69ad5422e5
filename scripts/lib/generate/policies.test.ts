import { describe, expect, it } from 'vitest';
import { policyFor, policyGroups } from './policies.ts';
import { shelves } from './shelves.fixture.ts';

describe('an IAM policy', () => {
  it('has a statement for each resource, with every action once and in order', () => {
    expect(policyFor(['s3:B', 's3:A', { action: 'sts:AssumeRole', resource: 'arn:x' }, 's3:A'])).toEqual({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: ['s3:A', 's3:B'], Resource: '*' },
        { Effect: 'Allow', Action: ['sts:AssumeRole'], Resource: 'arn:x' },
      ],
    });
  });

  it('is shared by tools that need the same permissions in another order', () => {
    expect(policyGroups(shelves.facts.tools).map(({ tools }) => tools)).toEqual([['list_shelves', 'find_shelf'], ['burn_shelf']]);
  });
});
