import { describe, expect, it } from 'vitest';
import { permissionsSection, policyFor, policyGroups } from './permissions.ts';

const tools = ['list_shelves', 'count_shelves', 'find_shelf', 'burn_shelf'];
const buckets = ['s3:ListAllMyBuckets', { action: 's3:GetBucketTagging', resource: 'arn:aws:s3:::*' }];
const permissions = { list_shelves: buckets, find_shelf: [...buckets].reverse(), burn_shelf: ['s3:DeleteBucket'] };

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
    expect(policyGroups(tools, permissions).map((group) => group.tools)).toEqual([['list_shelves', 'find_shelf'], ['burn_shelf']]);
  });
});

describe('the permissions section of a README', () => {
  it('gives the policy of all tools, and that of tools that need less', () => {
    const section = permissionsSection(permissions)(tools);
    const blocks = [...section.matchAll(/```json\n([\s\S]*?)\n```/g)].map(([, json = '']) => JSON.parse(json));
    expect(blocks).toHaveLength(3);
    expect(blocks[0].Statement[0]).toEqual({
      Effect: 'Allow',
      Action: ['s3:DeleteBucket', 's3:ListAllMyBuckets'],
      Resource: '*',
    });
    expect(section).toContain('Only <code>list_shelves</code>, <code>find_shelf</code>');
  });

  it('rejects permissions of a tool that does not exist', () => {
    expect(() => permissionsSection({ eco: ['s3:GetObject'] })(tools)).toThrow('Permissions are declared for "eco"');
  });
});
