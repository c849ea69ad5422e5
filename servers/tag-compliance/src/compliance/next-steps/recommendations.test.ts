import { describe, expect, it } from 'vitest';
import { compilePolicy } from '../../policy/compile-policy.ts';
import { readPolicy } from '../../policy/read-policy.ts';
import { resourceOf } from '../arbitraries.fixture.ts';
import { evaluate } from '../evaluate.ts';
import { recommend } from './recommendations.ts';

const reading = readPolicy(
  `
required_tags:
  - { name: CostCenter, validation_regex: 'CC-\\d{4}', applies_to: [ec2:volume] }
  - { name: Environment, allowed_values: [production, staging, test, qa, dev, lab], applies_to: [s3:bucket] }
  - { name: Owner, applies_to: [s3:bucket] }
prohibited_keys: [{ key: temp, severity: warning }]
exemptions: [{ reason: Owned by another team, arns: ['arn:aws:s3:::exempt'] }]
`,
  'policy.yaml',
);
if ('problems' in reading) throw new Error(reading.message);
const policy = compilePolicy(reading.policy);

function instance(id: string, tags: Record<string, string>) {
  return resourceOf({ arn: `arn:aws:ec2:eu-west-1:111122223333:instance/${id}`, tags });
}

function volume(id: string, parent: string, tags = {}) {
  return resourceOf({ arn: `arn:aws:ec2:eu-west-1:111122223333:volume/${id}`, type: 'ec2:volume', parents: [parent], tags });
}

function bucket(name: string, tags: Record<string, string>, region = 'eu-west-1') {
  return resourceOf({ arn: `arn:aws:s3:::${name}`, type: 's3:bucket', region, tags });
}

const resources = [
  instance('i-1', { CostCenter: 'CC-1000' }),
  instance('i-2', { CostCenter: 'wrong' }),
  ...[volume('vol-1', 'i-1'), volume('vol-2', 'i-1'), volume('vol-3', 'i-2'), volume('vol-4', 'i-1', { CostCenter: 'CC-1000' })],
  bucket('a', { Environment: 'Production', Owner: 'x' }),
  bucket('b', { Environment: 'Production', Owner: 'x' }, 'us-east-1'),
  bucket('c', { environment: 'staging', Onwer: 'x' }),
  bucket('d', { Environment: 'live', Owner: 'x', temp: 'x' }, 'us-east-1'),
  bucket('e', { Owner: 'x' }, 'us-east-1'),
  bucket('f', {}),
  bucket('exempt', {}),
];

function steps(costs?: ReadonlyMap<string, string>, limit?: number) {
  return recommend({
    resources,
    evaluation: evaluate(resources, policy),
    policy,
    ...(costs && { costs }),
    ...(limit !== undefined && { limit }),
  });
}

describe('next steps', () => {
  it('are one for each cause, whatever the region and tag, the most violations for the least work first', () => {
    expect(steps().map(({ action, effort }) => `${action} ${effort}`)).toEqual([
      'Rename misspelt keys on 1 resource; the values can stay: "Onwer" to Owner (1), "environment" to Environment (1). low',
      'Correct the spelling of values on 2 resources: Environment "Production" to "production" (2). low',
      'Copy CostCenter (2) to 2 ec2:volume from the instance that they are attached to. low',
      'Remove the prohibited key temp from 1 resource. low',
      'Set Environment (2), Owner (1) on 2 of 6 s3:bucket: in the template or pipeline that creates them, then on these. high',
      'Replace values of Environment on 1 resource ("live" (1)): use production, staging, test, qa, dev or another of the 6 allowed values. medium',
      'Set CostCenter (1) on 1 of 4 ec2:volume: in the template or pipeline that creates them, then on these. high',
    ]);
  });

  it('count every violation once', () => {
    const { violations } = evaluate(resources, policy);
    expect(steps(undefined, 100).reduce((sum, step) => sum + step.violations, 0)).toBe(violations.length);
  });

  it('come in order of what they correct in money for the work that they are, so that a cheap fix is not behind a large one', () => {
    const costs = new Map([
      ['arn:aws:s3:::c', '5'],
      ['arn:aws:s3:::a', '1.10'],
      ['arn:aws:s3:::b', '1.20'],
      ['arn:aws:s3:::e', '8'],
      ['arn:aws:s3:::f', '9'],
    ]);
    expect(steps(costs, 3).map(({ fix, monthly_cost, examples }) => [fix, monthly_cost, examples])).toEqual([
      ['rename_keys', '5', ['arn:aws:s3:::c']],
      ['set_at_creation', '17', ['arn:aws:s3:::f', 'arn:aws:s3:::e']],
      ['respell_values', '2.3', ['arn:aws:s3:::b', 'arn:aws:s3:::a']],
    ]);
  });

  it('name what is in them', () => {
    expect(steps()[0]).toMatchObject({
      severity: 'error',
      tags: ['Environment', 'Owner'],
      types: ['s3:bucket'],
      resources: 1,
      violations: 2,
    });
    expect(steps().find(({ fix }) => fix === 'remove_keys')?.severity).toBe('warning');
  });
});
