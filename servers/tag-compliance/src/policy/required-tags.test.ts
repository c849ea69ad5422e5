import { describe, expect, it } from 'vitest';
import type { RequiredTag } from '../inventory/source.ts';
import { readPolicy } from './read-policy.ts';
import { attributionTags } from './required-tags.ts';

function tagsOf(text: string) {
  const reading = readPolicy(text, 'policy.yaml');
  if ('problems' in reading) throw new Error(reading.message);
  return attributionTags(reading.policy);
}

/** Which of some values count. */
function counting(tag: RequiredTag | undefined, ...values: string[]): string[] {
  return values.filter((value) => tag?.accepts(value));
}

describe('tags that make spend attributable', () => {
  it('are those that are required of all types, with their values when billing data can be filtered by them', () => {
    const { required, leftOut } = tagsOf(`
required_tags:
  - { name: Environment, allowed_values: [prod, test], applies_to: [ec2:instance] }
  - { name: Environment, allowed_values: [prod, dev] }
  - { name: CostCenter, validation_regex: 'CC-\\d{4}' }
  - { name: Team, allowed_values: ['team-*', shared] }
  - { name: Owner }
  - { name: DataClass, allowed_values: [public], applies_to: ['s3:bucket'] }
optional_tags: [{ name: Project }]`);
    expect(required.map(({ key, values, types }) => [key, values, types])).toEqual([
      ['Environment', ['prod', 'test', 'dev'], []],
      ['CostCenter', undefined, []],
      ['Team', undefined, []],
      ['Owner', 'any', []],
    ]);
    expect(leftOut).toEqual(['DataClass']);
    const [environment, center, team] = required;
    expect(counting(environment, 'prod', 'test', 'dev', 'Prod')).toEqual(['prod', 'test', 'dev']);
    expect(counting(center, 'CC-1234', 'cc-1234', 'CC-12345', '')).toEqual(['CC-1234']);
    expect(counting(team, 'team-a', 'shared', 'teams')).toEqual(['team-a', 'shared']);
  });

  it('have values that only the policy can tell where it ignores letter case', () => {
    const { required, isKeyCaseIgnored } = tagsOf(
      'required_tags: [{ name: Environment, allowed_values: [prod] }]\ntag_naming_rules: { case_sensitivity: false }',
    );
    expect(required[0]?.values).toBeUndefined();
    expect(counting(required[0], 'PROD', 'prod', 'production')).toEqual(['PROD', 'prod']);
    expect(isKeyCaseIgnored).toBe(true);
  });

  it('are all required tags, with their types, when none is required of all types', () => {
    const { required, leftOut } = tagsOf(`
required_tags:
  - { name: DataClass, allowed_values: [public], applies_to: ['s3:bucket'] }
  - { name: DataClass, allowed_values: [secret], applies_to: ['rds:*'] }`);
    expect(required.map(({ key, values, types }) => [key, values, types])).toEqual([
      ['DataClass', ['public', 'secret'], ['s3:bucket', 'rds:*']],
    ]);
    expect(leftOut).toEqual([]);
  });
});
