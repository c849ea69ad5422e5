import { describe, expect, it } from 'vitest';
import { readPolicy } from './read-policy.ts';

function read(policy: unknown) {
  return readPolicy(JSON.stringify(policy, null, 2), 'tag-policy.json');
}

const WITH_OPERATORS = {
  tags: {
    '@@operators_allowed_for_child_policies': ['@@none'],
    costcenter: {
      '@@operators_allowed_for_child_policies': ['@@assign'],
      tag_key: { '@@assign': 'CostCenter', '@@operators_allowed_for_child_policies': ['@@none'] },
      tag_value: { '@@assign': ['100', '200'], '@@append': ['300*'], '@@remove': ['200'] },
      enforced_for: { '@@assign': ['ec2:instance', 'secretsmanager:ALL_SUPPORTED'] },
      report_required_tag_for: { '@@assign': ['ec2:ALL_SUPPORTED', 'rds:db'] },
    },
  },
};
const EFFECTIVE = {
  tags: {
    costcenter: {
      tag_key: 'CostCenter',
      tag_value: ['100', '300*'],
      enforced_for: ['ec2:instance', 'secretsmanager:ALL_SUPPORTED'],
      report_required_tag_for: ['ec2:ALL_SUPPORTED', 'rds:db'],
    },
  },
};

describe('an AWS Organizations tag policy', () => {
  it('requires a tag for the types of report_required_tag_for, and treats wrong values as errors for those of enforced_for', () => {
    const rule = { name: 'CostCenter', description: '', allowed_values: ['100', '300*'] };
    expect(read(WITH_OPERATORS)).toEqual({
      form: 'tag_policy',
      policy: {
        version: '',
        required_tags: [
          { ...rule, applies_to: ['ec2:instance'], severity: 'error', value_severity: 'error' },
          { ...rule, applies_to: ['ec2:*', 'rds:db'], severity: 'error', value_severity: 'warning' },
        ],
        optional_tags: [
          { ...rule, applies_to: ['secretsmanager:*'], severity: 'error', value_severity: 'error' },
          { ...rule, applies_to: [], severity: 'warning', value_severity: 'warning' },
        ],
        tag_naming_rules: {
          case_sensitivity: { keys: true, values: true },
          allow_special_characters: true,
          max_key_length: 128,
          max_value_length: 256,
          severity: 'warning',
        },
        prohibited_keys: [],
        exempt_aws_defaults: true,
        exemptions: [],
      },
    });
  });

  it.each([
    ['describe-effective-policy', { EffectivePolicy: { PolicyContent: JSON.stringify(EFFECTIVE), TargetId: '111122223333' } }],
    ['describe-policy', { Policy: { PolicySummary: { Id: 'p-1' }, Content: JSON.stringify(WITH_OPERATORS, null, 2) } }],
  ])('is read from the answer of aws organizations %s', (_command, answer) => {
    expect(read(answer)).toMatchObject({ policy: { required_tags: [{ name: 'CostCenter' }, { name: 'CostCenter' }] } });
  });

  it('has problems reported at the lines of its own text when it is embedded in an answer of the AWS CLI', () => {
    expect(read({ Policy: { Content: '{\n "tags": {}}' } })).toMatchObject({
      message:
        'tag-policy.json (its policy content):2:10: tags: This policy contains no rules. Write at least one entry in required_tags, or in tags of an AWS Organizations tag policy.',
    });
  });

  it('means the same in its effective form', () => {
    expect(read(EFFECTIVE)).toEqual({ ...read(WITH_OPERATORS), form: 'effective_tag_policy' });
  });

  it('may have exemptions beside its tags', () => {
    const exemptions = [{ reason: 'Scratch.', names: ['tmp-*'] }];
    expect(read({ ...EFFECTIVE, exempt_aws_defaults: false, exemptions })).toMatchObject({
      form: 'effective_tag_policy',
      policy: { exempt_aws_defaults: false, exemptions: [{ reason: 'Scratch.', names: ['tmp-*'] }] },
    });
  });

  it('has a lower-case key and allows any value by default', () => {
    expect(read({ tags: { CostCenter: { report_required_tag_for: { '@@assign': ['s3:bucket'] } } } })).toMatchObject({
      policy: {
        required_tags: [{ name: 'costcenter', allowed_values: ['*'], applies_to: ['s3:bucket'] }],
        optional_tags: [{ name: 'costcenter', allowed_values: undefined, applies_to: [] }],
      },
    });
  });

  it.each([
    [{ tags: { costcenter: { tag_key: { '@@assign': 'Owner' } } } }, 5, /must be the policy key "costcenter" but for capitals/],
    [{ tags: { owner: { tag_key: { '@@assing': 'Owner' } } } }, 5, /Did you mean @@assign/],
    [{ tags: { owner: { tag_keys: { '@@assign': 'Owner' } } } }, 4, /Did you mean tag_key/],
    [{ tags: { owner: { tag_key: ['Owner', 'owner'] } } }, 4, /one tag key/],
    [{ tags: { owner: { tag_value: { '@@assign': ['a*b*'] } } } }, 6, /more than one \*/],
    [{ tags: { owner: { tag_value: { '@@assign': [] } } } }, 5, /no value would be right/],
    [{ tags: { owner: { enforced_for: { '@@assign': ['ec2'] } } } }, 6, /not a resource type/],
    [{ tags: { owner: {}, OWNER: {} } }, 4, /is the key of tags\.owner too/],
    [{ tags: {} }, 2, /contains no rules/],
    [{ tags: { owner: 'Owner' } }, 3, /record|group of settings/],
    [{ tags: { owner: {} }, required: [] }, 5, /no setting "required"/],
  ])('is refused when wrong: %j', (policy, line, problem) => {
    expect(read(policy)).toMatchObject({ problems: [{ line, problem: expect.stringMatching(problem) }] });
  });
});
