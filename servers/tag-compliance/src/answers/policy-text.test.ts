import { describe, expect, it } from 'vitest';
import { readPolicy } from '../policy/read-policy.ts';
import { policyLines } from './policy-text.ts';

function linesOf(text: string): string[] {
  const reading = readPolicy(text, 'policy.yaml');
  if ('problems' in reading) throw new Error(reading.message);
  return policyLines(reading.policy);
}

describe('the text of a policy', () => {
  it('tells the severity of a wrong value from that of a missing tag, and why keys are prohibited', () => {
    expect(
      linesOf(`
required_tags:
  - { name: Environment, allowed_values: [production, staging], value_severity: warning }
  - { name: Owner, applies_to: [ec2:instance, s3:bucket] }
optional_tags: [{ name: Team, allowed_values: ['team-*'], severity: warning }]
prohibited_keys: [{ key: 'temp*', description: Use an expiry date., severity: warning }, { key: secret }]
tag_naming_rules: { allow_special_characters: false, case_sensitivity: { keys: true, values: false }, max_value_length: 64 }`),
    ).toEqual([
      'Required:',
      '  Environment = production | staging (missing or misspelt: error, wrong value: warning; all types)',
      '  Owner (error; ec2:instance, s3:bucket)',
      'Optional:',
      '  Team = team-* (warning; all types)',
      'Prohibited:',
      '  temp* (warning): Use an expiry date.',
      '  secret (error)',
      'Keys: at most 128 characters, only letters, digits and _ - . : /, letter case counts. Values: at most 64 characters, letter case is ignored. Otherwise: warning.',
      'Exempt:',
      '  Made by AWS by default',
    ]);
  });
});
