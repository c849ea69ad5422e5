import { describe, expect, it } from 'vitest';
import { readPolicy } from './read-policy.ts';
import { requiredTagsOf } from './required-tags.ts';

describe('required tags', () => {
  it('are named once, with their values where billing data can be asked for them', () => {
    const text = `
required_tags:
  - { name: Environment, allowed_values: [prod, test], applies_to: [ec2:instance] }
  - { name: Environment, allowed_values: [prod, dev] }
  - { name: CostCenter, validation_regex: 'CC-\\d{4}' }
  - { name: Team, allowed_values: ['team-*', shared] }
optional_tags: [{ name: Project }]`;
    const reading = readPolicy(text, 'policy.yaml');
    expect('policy' in reading && requiredTagsOf(reading.policy)).toEqual([
      { key: 'Environment', values: ['prod', 'test', 'dev'] },
      { key: 'CostCenter', values: [] },
      { key: 'Team', values: [] },
    ]);
  });
});
