import { describe, expect, it } from 'vitest';
import { compilePolicy } from '../policy/compile-policy.ts';
import { readPolicy } from '../policy/read-policy.ts';
import { resourceOf } from './arbitraries.fixture.ts';
import { evaluate } from './evaluate.ts';
import { recommend } from './recommendations.ts';

const reading = readPolicy(
  `
required_tags:
  - { name: CostCenter, validation_regex: 'CC-\\d{4}', applies_to: [ec2:volume] }
  - { name: Environment, allowed_values: [production, staging, test, qa, dev, lab], applies_to: [s3:bucket] }
prohibited_keys: [temp]
`,
  'policy.yaml',
);
if ('problems' in reading) throw new Error(reading.message);
const policy = compilePolicy(reading.policy);

function volume(id: string, parent: string, tags = {}) {
  return resourceOf({ arn: `arn:aws:ec2:eu-west-1:111122223333:volume/${id}`, type: 'ec2:volume', parents: [parent], tags });
}

function bucket(name: string, tags: Record<string, string>, region = 'eu-west-1') {
  return resourceOf({ arn: `arn:aws:s3:::${name}`, type: 's3:bucket', region, tags });
}

const resources = [
  resourceOf({ arn: 'arn:aws:ec2:eu-west-1:111122223333:instance/i-1', tags: { CostCenter: 'CC-1000' } }),
  resourceOf({ arn: 'arn:aws:ec2:eu-west-1:111122223333:instance/i-2', tags: { CostCenter: 'wrong' } }),
  volume('vol-1', 'i-1'),
  volume('vol-2', 'i-1'),
  volume('vol-3', 'i-2'),
  volume('vol-4', 'i-1', { CostCenter: 'CC-1000' }),
  bucket('a', { Environment: 'Production' }),
  bucket('b', { Environment: 'Production' }),
  bucket('c', { environment: 'staging' }),
  bucket('d', { Environment: 'live', temp: 'x' }, 'us-east-1'),
];

function steps(costs?: ReadonlyMap<string, string>, limit?: number) {
  const { violations } = evaluate(resources, policy);
  return recommend({ resources, violations, policy, ...(costs && { costs }), ...(limit !== undefined && { limit }) });
}

describe('recommendations', () => {
  it('name the action and the number of resources, the most resources first', () => {
    expect(steps().map(({ action }) => action)).toEqual([
      'CostCenter is missing on 3 of 4 ec2:volume in eu-west-1: copy it from the attached instance, which has it for 2; tag the other 1 by hand.',
      'Environment is "Production" on 2 of 3 s3:bucket in eu-west-1: change it to "production".',
      'Environment has a value that the policy does not allow on 1 of 1 s3:bucket in us-east-1: use production, staging, test, qa, dev or another of the 6 allowed values.',
      '1 of 3 s3:bucket in eu-west-1 have the key "environment" where Environment is meant: rename it, the values can stay.',
      '1 of 1 s3:bucket in us-east-1 have a key that is prohibited (temp): remove it.',
    ]);
  });

  it('come in order of cost when costs are known', () => {
    const costs = new Map([
      ['arn:aws:s3:::c', '5'],
      ['arn:aws:s3:::a', '1.10'],
      ['arn:aws:s3:::b', '1.20'],
    ]);
    expect(steps(costs, 3).map(({ kind, monthly_cost, examples }) => [kind, monthly_cost, examples])).toEqual([
      ['near_miss_key', '5', ['arn:aws:s3:::c']],
      ['near_miss_value', '2.3', ['arn:aws:s3:::a', 'arn:aws:s3:::b']],
      ['missing_required_tag', undefined, [1, 2, 3].map((id) => `arn:aws:ec2:eu-west-1:111122223333:volume/vol-${id}`)],
    ]);
  });
});
