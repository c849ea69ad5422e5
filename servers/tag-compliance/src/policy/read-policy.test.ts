import { describe, expect, it } from 'vitest';
import type { PolicyProblem } from './document.ts';
import type { Policy } from './policy.ts';
import { readPolicy } from './read-policy.ts';

function policyFrom(text: string): Policy {
  const reading = readPolicy(text, 'policy.yaml');
  if ('problems' in reading) throw new Error(reading.message);
  return reading.policy;
}

function problemsOf(text: string): PolicyProblem[] {
  const reading = readPolicy(text, 'policy.yaml');
  return 'problems' in reading ? reading.problems : [];
}

const YAML = `
version: 1.10
last_updated: 2026-01-31
required_tags:
  - name: CostCenter
    description: Who pays.
    allowed_values: [0100, 200, "300*", yes]
    validation_regex: '[0-9a-z*]+'
    applies_to: [ec2:instance, "rds:*", s3:ALL_SUPPORTED]
    severity: warning
  - name: Owner
optional_tags:
  - name: Project
    allowed_values: null
tag_naming_rules:
  case_sensitivity: false
  allow_special_characters: false
  max_key_length: 64
  max_value_length: 200
prohibited_keys:
  - "temp*"
  - { key: Password, description: Secrets are no tags., severity: warning }
`;

describe('a policy in the reference form', () => {
  it('is read from YAML with all defaults, and numbers as they are written', () => {
    expect(policyFrom(YAML)).toEqual({
      version: '1.10',
      last_updated: '2026-01-31',
      required_tags: [
        {
          name: 'CostCenter',
          description: 'Who pays.',
          allowed_values: ['0100', '200', '300*', 'yes'],
          validation_regex: '[0-9a-z*]+',
          applies_to: ['ec2:instance', 'rds:*', 's3:*'],
          severity: 'warning',
          value_severity: 'warning',
        },
        {
          name: 'Owner',
          description: '',
          applies_to: [],
          severity: 'error',
          value_severity: 'error',
        },
      ],
      optional_tags: [expect.objectContaining({ name: 'Project', allowed_values: undefined })],
      tag_naming_rules: {
        case_sensitivity: { keys: false, values: false },
        allow_special_characters: false,
        max_key_length: 64,
        max_value_length: 200,
        severity: 'warning',
      },
      prohibited_keys: [
        { key: 'temp*', description: '', severity: 'error' },
        { key: 'Password', description: 'Secrets are no tags.', severity: 'warning' },
      ],
      exempt_aws_defaults: true,
      exemptions: [],
    });
  });

  it('is read from JSON, also with tabs, a byte order mark and nulls', () => {
    const json = '\uFEFF{\n\t"version": "1.0",\n\t"required_tags": [{ "name": "Owner", "allowed_values": null, "applies_to": [] }]\n}\n';
    expect(readPolicy(json, 'policy.txt')).toMatchObject({ form: 'reference', policy: { required_tags: [{ name: 'Owner' }] } });
  });

  it('may contain one tag twice for different types', () => {
    const text = 'required_tags: [{ name: Tier, applies_to: [ec2:instance] }, { name: Tier, applies_to: [s3:bucket] }, { name: Tier }]';
    expect(policyFrom(text).required_tags).toHaveLength(3);
  });
});

describe('a bad policy', () => {
  it('has all its problems reported at once, in the order of the file', () => {
    const text = `version: "1"
required_tags:
  - name: CostCenter
    allowed_value: [a]
    validation_regex: "[a-z"
  - name: Environment
    allowed_values: [prod, PROD1]
    validation_regex: '[a-z]+'
    applies_to: [ec2-instance, "ec2:*"]
  - name: environment
  - name: Team
    allowed_values: []
    severity: fatal
optional_tags:
  - name: Environment
    allowed_values: ["a*b*c"]
  - description: no name
tag_naming_rules:
  max_key_length: 300
  max_vlaue_length: 10
prohibited_keys: ["Env*"]
requird_tags: []
`;
    const problems = problemsOf(text).map(({ line, column, path, problem }) => `${line}:${column} ${path}: ${problem}`);
    expect(problems).toEqual([
      '4:5 required_tags[0].allowed_value: There is no setting "allowed_value" here. Did you mean allowed_values?',
      '7:28 required_tags[1].allowed_values[1]: "PROD1" is allowed here but does not match validation_regex [a-z]+. Change one of the two.',
      '9:18 required_tags[1].applies_to[0]: "ec2-instance" is not a resource type. Write SERVICE:TYPE such as ec2:instance, SERVICE:* for all types of a service, or * for all types.',
      '10:11 required_tags[2].name: "environment" differs from required_tags[1] ("Environment") only in letter case. Use one spelling.',
      '13:15 required_tags[3].severity: Write one of error, warning here.',
      '15:11 optional_tags[0].name: "Environment" differs from required_tags[2] ("environment") only in letter case. Use one spelling.',
      '16:22 optional_tags[0].allowed_values[0]: "a*b*c" has more than one *. Use one for each value, and further values for the rest.',
      '17:5 optional_tags[1].name: This is missing: write a text here.',
      '19:19 tag_naming_rules.max_key_length: Write a number that is at most 128 here.',
      '20:3 tag_naming_rules.max_vlaue_length: There is no setting "max_vlaue_length" here. Did you mean max_value_length?',
      '21:19 prohibited_keys[0]: "Env*" forbids the tag Environment, which this policy contains. Remove one of the two.',
      '22:1 requird_tags: There is no setting "requird_tags" here. Did you mean required_tags?',
    ]);
  });

  it('reports types by another name than AWS has for them, which would match nothing', () => {
    const types = '[rds:instance, ec2:instances, "EC2:*", ec2:instnace, ec2:instance, "rds:*", glue:job, "*", "ec2:ALL_SUPPORTED"]';
    const text = `required_tags:\n  - name: Owner\n    applies_to: ${types}\n`;
    expect(problemsOf(text).map(({ path, problem }) => `${path}: ${problem}`)).toEqual([
      'required_tags[0].applies_to[0]: "rds:instance" is not what AWS calls this type. Write rds:db.',
      'required_tags[0].applies_to[1]: "ec2:instances" is not what AWS calls this type. Write ec2:instance.',
      expect.stringContaining('required_tags[0].applies_to[2]: "EC2:*" is not a resource type.'),
      'required_tags[0].applies_to[3]: "ec2:instnace" is no type of ec2. Did you mean "ec2:instance"?',
    ]);
    const exemption = 'required_tags: [{ name: Owner }]\nexemptions: [{ reason: old, applies_to: [rds:instance, rds:db] }]\n';
    expect(problemsOf(exemption).map(({ path, problem }) => `${path}: ${problem}`)).toEqual([
      'exemptions[0].applies_to[0]: "rds:instance" is not what AWS calls this type. Write rds:db.',
    ]);
  });

  it.each([
    ['required_tags: [{ name: A, validation_regex: "[a-z" }]', /regular expression that JavaScript knows: Unterminated character class/],
    ['required_tags: [{ name: A, allowed_values: [] }]', /list is empty, so no value would be right/],
    ['required_tags: [{ name: A }, { name: A }]', /required_tags\[0\] has the tag A for all types already/],
    ['required_tags: [{ name: A, applies_to: ["*"] }]\noptional_tags: [{ name: A }]', /required_tags\[0\] has the tag A for all types/],
    ['required_tags: [{ name: A, allowed_values: [x, x] }]', /"x" is here twice/],
    ['required_tags: [{ name: " " }]', /tag key is empty/],
    ['required_tags: [{ name: "A " }]', /spaces around "A"/],
    ['required_tags: [{ name: "aws:createdBy" }]', /are reserved by AWS/],
    ['required_tags: [{ name: "A*" }]', /Write this key in full/],
    [`required_tags: [{ name: "${'a'.repeat(129)}" }]`, /at most 128 characters.*it has 129/],
    [`required_tags: [{ name: A, allowed_values: ["${'a'.repeat(257)}"] }]`, /at most 256 characters.*it has 257/],
    ['required_tags: [{ name: A, allowed_values: [abc] }]\ntag_naming_rules: { max_value_length: 2 }', /max_value_length \(2\)/],
    ['required_tags: [{ name: "A B" }]\ntag_naming_rules: { allow_special_characters: false }', /tag_naming_rules rejects this key/],
    ['prohibited_keys: ["*"]', /none or all/],
    ['required_tags: yes please', /Write a list here/],
    ['required_tags: [A]', /Write a group of settings here/],
    ['tag_naming_rules: { case_sensitivity: { kyes: true } }\nrequired_tags: []', /Did you mean keys/],
    ['version: "1"', /contains no rules/],
    ['required_tags: []', /^This policy contains no rules/],
    ['required_tags:\noptional_tags: []\nprohibited_keys: []\ntag_naming_rules: {}', /contains no rules/],
    ['exempt_aws_defaults: true', /contains no rules/],
    ['tags: {}', /contains no rules/],
    ['[1, 2]', /not a policy/],
    ['', /empty/],
    ['a: [1,', /Flow sequence/],
    ['{"required_tags": [], "required_tags": []}', /"required_tags" is here twice/],
    ['a: &a [x]\nb: *c', /named &c/],
    [
      `a: &a [x,x,x,x,x,x,x,x,x,x]\n${'bcdefg'.replace(/./g, (c) => `${c}: &${c} [${`*${String.fromCharCode(c.charCodeAt(0) - 1)},`.repeat(10)}]\n`)}`,
      /aliases/,
    ],
  ])('%s', (text, problem) => {
    const found = problemsOf(text);
    expect(found.map((entry) => entry.problem).join('\n')).toMatch(problem);
    for (const { line, column } of found) expect([line >= 1, column >= 1]).toEqual([true, true]);
  });

  it('has its problems reported with the name of the file', () => {
    expect(readPolicy('required_tags: 5', 'tags.yaml')).toMatchObject({
      message: 'tags.yaml:1:16: required_tags: Write a list here.',
    });
  });
});

describe('a file that is no policy', () => {
  const many = (count: number, write: (index: number) => string) => Array.from({ length: count }, (_, index) => write(index)).join('\n');
  const bomb = `a: &a [${'x,'.repeat(9)}]\n${many(8, (index) => `${'bcdefghi'[index]}: &${'bcdefghi'[index]} [${`*${'abcdefgh'[index]},`.repeat(9)}]`)}`;

  it.each<[string, string, RegExp]>([
    ['with a list in itself', 'required_tags: &a [*a]', /^p:1:20: &a contains itself here/],
    ['with a rule in itself', 'required_tags:\n  - &a\n    name: x\n    allowed_values: [*a]', /^p:4:22: &a contains itself here/],
    ['with an alias before its target', 'required_tags: [*a]\noptional_tags: &a []', /Unresolved alias|named &a/],
    ['that grows through aliases', `${bomb}\nrequired_tags: *i`, /repeat itself through YAML aliases/],
    ['with an alias 100,000 times', `required_tags:\n  - &a { name: Owner }\n${'  - *a\n'.repeat(100_000)}`, /has 100001 entries/],
    ['with 30,000 tags', `required_tags:\n${many(30_000, (index) => `  - { name: T${index} }`)}`, /^p:2:3: This has 30000 entries/],
    ['with 30,000 tags in JSON', `{"tags":{${many(30_000, (index) => `"t${index}":{},`)}"x":{}}}`, /This has 30001 entries/],
    ['with 60,000 settings', `required_tags: []\n${many(60_000, (index) => `x${index}: 1`)}`, /This has 60001 entries/],
    ['with 60,000 values', `required_tags: [{ name: A, allowed_values: [${'v,'.repeat(60_000)}] }]`, /This has 60000 entries/],
    ['of brackets', '['.repeat(400_000), /^p:1:1: This file is nested more than 50 levels/],
    ['of groups in groups', '{"a":'.repeat(100_000), /^p:1:1: This file is nested more than 50 levels/],
    ['of mistakes', '\t- x: [}\n'.repeat(20_000), /Only the first 100 problems are listed\.$/],
    ['with a setting twice', 'version: "1"\nrequired_tags: []\nversion: "2"', /^p:3:1: "version" is here twice/],
    ['of more than a megabyte', ' '.repeat(1_000_001), /has more than 1000000 characters/],
  ])('is refused with the reason: one %s', (_what, text, reason) => {
    const reading = readPolicy(text, 'p');
    expect('problems' in reading && reading.message.slice(0, 100_000)).toMatch(reason);
  });
});

describe('the name __proto__, which objects lose', () => {
  it.each([
    ['exemptions: [{ reason: __proto__, names: [x] }]', 1, /exemptions\[0\]\.reason: "__proto__" cannot be used as a reason/],
    ['exemptions:\n  - { reason: x, tags: { __proto__: "*" } }', 2, /"__proto__" cannot be used as a name/],
    ['required_tags:\n  - name: __proto__', 2, /required_tags\[0\]\.name: "__proto__" cannot be used as a tag key/],
    ['{"tags": {\n"__proto__": {"tag_key": {"@@assign": "__proto__"}}, "owner": {}}}', 2, /"__proto__" cannot be used as a name/],
    ['{"tags": {"owner": {"tag_key": {\n"__proto__": "Owner"}}}}', 2, /"__proto__" cannot be used as a name/],
  ])('is refused at its line instead of being lost: %s', (text, line, message) => {
    const reading = readPolicy(text, 'policy.yaml');
    expect('problems' in reading && [reading.problems[0]?.line, reading.message]).toEqual([line, expect.stringMatching(message)]);
  });
});
