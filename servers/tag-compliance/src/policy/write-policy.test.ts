import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Exemption, namingRulesSchema, type Policy, policySchema, type TagRule } from './policy.ts';
import { readPolicy } from './read-policy.ts';
import { policyVersion, writePolicy } from './write-policy.ts';

const text = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    '0100',
    '1e3',
    'null',
    '~',
    'true',
    '1.10',
    '2026-01-01',
    ': a',
    '# b',
    '- c',
    '"q"',
    "'",
    '\n',
    ' pad ',
    '|',
    '&a',
    '!t',
  ),
);
const severity = fc.constantFrom('error' as const, 'warning' as const);
const rule: fc.Arbitrary<TagRule> = fc.record({
  name: fc
    .string({ minLength: 1, maxLength: 30 })
    .map((name) => name.replaceAll('*', '').trim())
    .filter((name) => name !== '' && !/^aws:/i.test(name)),
  description: text,
  allowed_values: fc.option(
    fc.uniqueArray(
      text.map((value) => value.replaceAll('*', '')),
      { minLength: 1, maxLength: 4 },
    ),
    { nil: undefined },
  ),
  validation_regex: fc.option(fc.constantFrom('[\\s\\S]*', '^(?:.|\\s)*$', '[^]*'), { nil: undefined }),
  applies_to: fc.uniqueArray(fc.constantFrom('ec2:instance', 'ec2:*', 's3:bucket', 'autoscaling:autoScalingGroup'), { maxLength: 3 }),
  severity,
  value_severity: severity,
});
const exemption: fc.Arbitrary<Exemption> = fc.record({
  reason: text.filter((reason) => reason.trim() !== ''),
  applies_to: fc.uniqueArray(fc.constantFrom('ec2:instance', 's3:*'), { maxLength: 2 }),
  arns: fc.array(fc.constantFrom('arn:aws:s3:::scratch-*', '*:vpc/*'), { maxLength: 2 }),
  names: fc.array(fc.constantFrom('tmp-*', '0100', '*'), { maxLength: 2 }),
  tags: fc.dictionary(fc.constantFrom('Lifetime', 'true', '0100'), text, { minKeys: 1, maxKeys: 2, noNullPrototype: true }),
  grace_days: fc.option(fc.constantFrom(0.5, 1, 30), { nil: undefined }),
});
const policy: fc.Arbitrary<Policy> = fc
  .record({
    version: text,
    last_updated: fc.option(text, { nil: undefined }),
    rules: fc.uniqueArray(rule, { selector: ({ name }) => name.toLowerCase(), maxLength: 6 }),
    split: fc.nat(6),
    naming: fc.record({ keys: fc.boolean(), values: fc.boolean(), severity, max: fc.integer({ min: 100, max: 256 }) }),
    prohibited: fc.array(fc.record({ key: fc.constantFrom('§secret', '§tmp*', '*§'), description: text, severity }), { maxLength: 3 }),
    exempt_aws_defaults: fc.boolean(),
    exemptions: fc.array(exemption, { maxLength: 3 }),
  })
  .map(({ version, last_updated, rules, split, naming, prohibited, exempt_aws_defaults, exemptions }) => ({
    exempt_aws_defaults,
    exemptions,
    version,
    last_updated,
    required_tags: rules.slice(0, split),
    optional_tags: rules.slice(split),
    tag_naming_rules: {
      ...namingRulesSchema.parse({}),
      case_sensitivity: { keys: naming.keys, values: naming.values },
      max_value_length: naming.max,
      severity: naming.severity,
    },
    prohibited_keys: prohibited,
  }))
  .filter(({ required_tags, optional_tags }) => ![...required_tags, ...optional_tags].some(({ name }) => name.includes('§')));

describe('written policy', () => {
  it.each(['json', 'yaml'] as const)('is the same after it is read from %s', (format) => {
    fc.assert(
      fc.property(policy, (original) => {
        expect(readPolicy(writePolicy(original, format), 'policy')).toEqual({ policy: original, form: 'reference' });
      }),
      { numRuns: 300 },
    );
  });

  it('is the same when it was read from a tag policy', () => {
    const tagPolicy = '{"tags": {"team": {"tag_key": "Team", "tag_value": ["a*"], "report_required_tag_for": ["ec2:ALL_SUPPORTED"]}}}';
    const reading = readPolicy(tagPolicy, 'a');
    if ('problems' in reading) throw new Error(reading.message);
    expect(readPolicy(writePolicy(reading.policy, 'yaml'), 'b')).toEqual({ policy: reading.policy, form: 'reference' });
    expect(policySchema.parse(reading.policy)).toEqual(reading.policy);
  });
});

describe('the version of a policy', () => {
  const base = policySchema.parse({
    version: '1.4',
    ...{ required_tags: [], optional_tags: [], prohibited_keys: [] },
    tag_naming_rules: {},
  });

  it('changes with the rules, not with descriptions', () => {
    const worded = { ...base, last_updated: '2026-01-01', optional_tags: [{ ...ownerRule, description: 'a' }] };
    expect(policyVersion(worded)).toBe(policyVersion({ ...base, optional_tags: [{ ...ownerRule, description: 'b' }] }));
    expect(policyVersion(worded)).not.toBe(policyVersion(base));
    expect(policyVersion(base)).toMatch(/^1\.4 \([0-9a-f]{8}\)$/);
  });

  it('changes with the exemptions, not with their reasons', () => {
    const exemption = { reason: 'a', applies_to: [], arns: [], names: ['tmp-*'], tags: {} };
    const exempting = policyVersion({ ...base, exemptions: [exemption] });
    expect(policyVersion({ ...base, exemptions: [{ ...exemption, reason: 'b' }] })).toBe(exempting);
    expect(policyVersion({ ...base, exemptions: [{ ...exemption, grace_days: 1 }] })).not.toBe(exempting);
    expect(exempting).not.toBe(policyVersion(base));
    expect(policyVersion({ ...base, exempt_aws_defaults: false })).not.toBe(policyVersion(base));
  });

  it('is the same in every release that stores it with snapshots', () => {
    expect(policyVersion({ ...base, required_tags: [ownerRule] })).toBe('1.4 (c6d19cb7)');
  });
});

const ownerRule: TagRule = {
  name: 'Owner',
  description: '',
  applies_to: [],
  severity: 'error',
  value_severity: 'error',
};
