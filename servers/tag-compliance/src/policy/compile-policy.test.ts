import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resourceOf, resources } from '../compliance/arbitraries.fixture.ts';
import { compilePolicy } from './compile-policy.ts';
import { readPolicy } from './read-policy.ts';

function compiled(text: string) {
  const reading = readPolicy(text, 'policy.yaml');
  if ('problems' in reading) throw new Error(reading.message);
  return compilePolicy(reading.policy);
}

const POLICY = compiled(`
version: "1"
required_tags:
  - { name: CostCenter, validation_regex: 'CC-\\d{4}' }
  - { name: Environment, allowed_values: [production, staging], severity: error, value_severity: warning }
  - { name: Owner, applies_to: [ec2:*] }
optional_tags:
  - { name: Tier, allowed_values: [gold, silver] }
  - { name: Tier, allowed_values: [hot, cold], applies_to: [s3:bucket] }
tag_naming_rules: { max_key_length: 40, max_value_length: 60, allow_special_characters: false }
prohibited_keys: [{ key: "temp*", description: Use the wiki. }]
`);
const RIGHT = { CostCenter: 'CC-1234', Environment: 'production', Owner: 'jane' };

function broken(tags: Record<string, string>, type = 'ec2:instance') {
  return POLICY.violationsOf(resourceOf({ type, tags }));
}

describe('a compliant resource', () => {
  it('has no violations', () => {
    expect(broken(RIGHT)).toEqual([]);
    expect(broken({ ...RIGHT, Name: 'web', 'aws:cloudformation:stack-name': 'x', Tier: 'gold' })).toEqual([]);
  });

  it('is not affected by rules for other types', () => {
    expect(broken({ CostCenter: 'CC-1234', Environment: 'staging' }, 'sqs:queue')).toEqual([]);
    expect(broken({ CostCenter: 'CC-1234', Environment: 'staging', Tier: 'hot' }, 's3:bucket')).toEqual([]);
  });
});

describe('a violation', () => {
  it.each([
    [{ Owner: undefined }, { kind: 'missing_required_tag', tag: 'Owner', severity: 'error' }],
    [{ Environment: 'live' }, { kind: 'invalid_value', tag: 'Environment', severity: 'warning', current_value: 'live' }],
    [{ Environment: 'Production' }, { kind: 'near_miss_value', suggestion: 'production', allowed_values: ['production', 'staging'] }],
    [{ CostCenter: 'CC-12345' }, { kind: 'invalid_format', expected: 'a value that matches CC-\\d{4}', allowed_values: [] }],
    [{ CostCenter: 'cc-1234' }, { kind: 'invalid_format', suggestion: 'CC-1234' }],
    [{ Owner: ' ' }, { kind: 'invalid_value', tag: 'Owner', expected: 'a value that is not empty' }],
    [
      { Owner: undefined, owner: 'jane' },
      { kind: 'near_miss_key', tag: 'Owner', found: 'owner', suggestion: 'Owner', current_value: 'jane' },
    ],
    [
      { Owner: undefined, Onwer: 'jane' },
      { kind: 'near_miss_key', tag: 'Owner', found: 'Onwer', suggestion: 'Owner' },
    ],
    [{ owner: 'john' }, { kind: 'near_miss_key', tag: 'Owner', found: 'owner' }],
    [{ Tier: 'hot' }, { kind: 'invalid_value', tag: 'Tier', allowed_values: ['gold', 'silver'] }],
    [{ tier: 'gold' }, { kind: 'near_miss_key', tag: 'Tier', found: 'tier' }],
    [{ tempo: 'x' }, { kind: 'prohibited_key', tag: 'temp*', found: 'tempo', expected: 'no such key: Use the wiki.' }],
    [{ 'a b': 'x' }, { kind: 'invalid_format', tag: 'a b', severity: 'warning', expected: expect.stringContaining('only letters') }],
    [{ ['k'.repeat(41)]: 'x' }, { kind: 'invalid_format', severity: 'warning', expected: 'a key of at most 40 characters' }],
    [{ Note: 'x'.repeat(61) }, { kind: 'invalid_format', tag: 'Note', expected: 'at most 60 characters' }],
    [many(48), { kind: 'too_many_tags', tag: '*', current_value: '51', expected: 'at most 50 tags', severity: 'warning' }],
  ])('%o', (change, expected) => {
    const tags = Object.fromEntries(
      Object.entries({ ...RIGHT, ...change }).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
    );
    expect(broken(tags)).toEqual([
      expect.objectContaining({ arn: expect.any(String), type: 'ec2:instance', region: 'eu-west-1', account: '111122223333', ...expected }),
    ]);
  });

  it('is not reported for a near key beside the right one, unless they differ only in letter case', () => {
    expect(broken({ ...RIGHT, 'cost-center': 'x', Onwer: 'x' })).toEqual([]);
  });

  it('is never about tags that AWS sets', () => {
    expect(broken({ ...RIGHT, ...many(47), 'aws:a': '1', 'aws:b': '2', 'aws:owner': 'x' })).toEqual([]);
  });

  it('is not reported when no rule is about the resource', () => {
    const narrow = compiled('required_tags: [{ name: Owner, applies_to: [ec2:instance] }]\nprohibited_keys: [secret]');
    const check = (type: string, tags: Record<string, string>) => narrow.check(resourceOf({ type, tags }));
    expect(check('sqs:queue', {})).toEqual({ isInScope: false, violations: [] });
    expect(check('sqs:queue', { owner: 'x', ...many(60) })).toEqual({ isInScope: false, violations: [] });
    expect(check('sqs:queue', { secret: 'x' })).toMatchObject({ isInScope: true, violations: [{ kind: 'prohibited_key' }] });
    expect(check('ec2:instance', { Owner: 'x' })).toEqual({ isInScope: true, violations: [] });
  });
});

describe('letter case', () => {
  const loose = compiled(`
required_tags: [{ name: Owner }, { name: Team }, { name: Environment, allowed_values: [prod] }]
tag_naming_rules: { case_sensitivity: false }`);

  it('is ignored when the policy says so', () => {
    expect(loose.violationsOf(resourceOf({ tags: { OWNER: 'x', team: 'y', environment: 'PROD' } }))).toEqual([]);
  });

  it('is ignored in duplicates of a tag', () => {
    const tags = { OWNER: 'x', owner: 'x', environment: 'prod' };
    expect(loose.violationsOf(resourceOf({ tags }))).toEqual([expect.objectContaining({ kind: 'missing_required_tag', tag: 'Team' })]);
  });
});

describe('the tag that a rule is about', () => {
  it('is found under the key that the policy accepts', () => {
    const resource = resourceOf({ tags: { owner: 'x', Environment: 'staging' } });
    const [costCenter, environment, owner] = POLICY.rulesFor(resource.type);
    if (!costCenter || !environment || !owner) throw new Error('The policy has three rules for an instance.');
    expect(POLICY.tagFor(environment, resource)).toEqual({ key: 'Environment', value: 'staging' });
    expect(POLICY.tagFor(owner, resource)).toBeUndefined();
  });
});

describe('policy check properties', () => {
  it('every violation names resource, type, region, account, kind, tag, severity, value and allowed values', () => {
    fc.assert(
      fc.property(resources, (list) => {
        for (const resource of list) {
          for (const violation of POLICY.violationsOf(resource)) {
            expect(violation).toMatchObject({ arn: resource.arn, type: resource.type, region: resource.region, account: resource.account });
            expect(violation.tag).not.toBe('');
            expect(['error', 'warning']).toContain(violation.severity);
            expect(violation.allowed_values).toBeInstanceOf(Array);
            if (violation.kind === 'missing_required_tag') expect(violation.current_value).toBeUndefined();
            else expect(violation.current_value).toBeTypeOf('string');
          }
        }
      }),
    );
  });

  it('a check depends neither on the order of resources or tags nor on earlier checks', () => {
    fc.assert(
      fc.property(resources, fc.infiniteStream(fc.nat()), (list, numbers) => {
        const first = list.map((resource) => POLICY.violationsOf(resource));
        expect(list.map((resource) => POLICY.violationsOf(resource))).toEqual(first);
        const fresh = compilePolicy(POLICY.policy);
        const shuffled = shuffle([...list.entries()], numbers);
        for (const [index, resource] of shuffled) {
          expect(fresh.violationsOf({ ...resource, tags: Object.fromEntries(shuffle(Object.entries(resource.tags), numbers)) })).toEqual(
            first[index],
          );
        }
      }),
    );
  });
});

function shuffle<T>(items: readonly T[], numbers: fc.Stream<number>): T[] {
  const keyed = items.map((item) => ({ item, key: Number(numbers.next().value) }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}

function many(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`extra${index}`, 'x']));
}
