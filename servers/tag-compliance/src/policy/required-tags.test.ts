import { describe, expect, it } from 'vitest';
import { readPolicy } from './read-policy.ts';
import { attributionTags } from './required-tags.ts';

function tagsOf(text: string) {
  const reading = readPolicy(text, 'policy.yaml');
  if ('problems' in reading) throw new Error(reading.message);
  return attributionTags(reading.policy);
}

describe('tags that make spend attributable', () => {
  it('are those that are required of all types, with their values when billing data can be filtered by them', () => {
    const tags = tagsOf(`
required_tags:
  - { name: Environment, allowed_values: [prod, test], applies_to: [ec2:instance] }
  - { name: Environment, allowed_values: [prod, dev] }
  - { name: CostCenter, validation_regex: 'CC-\\d{4}' }
  - { name: Team, allowed_values: ['team-*', shared] }
  - { name: DataClass, allowed_values: [public], applies_to: ['s3:bucket'] }
optional_tags: [{ name: Project }]`);
    expect(tags).toEqual({
      required: [
        { key: 'Environment', values: ['prod', 'test', 'dev'] },
        { key: 'CostCenter', values: [] },
        { key: 'Team', values: [] },
      ],
      leftOut: ['DataClass'],
    });
  });

  it('are all required tags when none is required of all types', () => {
    const tags = tagsOf(`required_tags: [{ name: DataClass, allowed_values: [public], applies_to: ['s3:bucket'] }]`);
    expect(tags).toEqual({ required: [{ key: 'DataClass', values: ['public'] }], leftOut: [] });
  });
});
