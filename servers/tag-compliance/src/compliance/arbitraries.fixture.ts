import fc from 'fast-check';
import type { Resource } from '../inventory/resource.ts';

/** For tests: resources in all the states that rules tell apart, with keys and values near what policies ask for. */

let serial = 0;

/** A resource of which only what matters is written. */
export function resourceOf(parts: Partial<Resource> = {}): Resource {
  const id = `i-${String(serial++).padStart(17, '0')}`;
  return {
    arn: `arn:aws:ec2:eu-west-1:111122223333:instance/${id}`,
    type: 'ec2:instance',
    account: '111122223333',
    region: 'eu-west-1',
    name: id,
    tags: {},
    createdAt: undefined,
    parents: [],
    ...parts,
  };
}

const keys = fc.constantFrom(
  ...['CostCenter', 'costcenter', 'cost-center', 'CostCentre', 'Environment', 'Enviroment', 'environment', 'Owner', 'owner', 'Onwer'],
  ...['Tier', 'tier', 'Name', 'tempo', 'aws:createdBy', 'a b', 'k'.repeat(60), '__proto__', 'toString', 'Project'],
);
const values = fc.constantFrom(
  'CC-1234',
  'cc-1234',
  'production',
  'Production',
  'prod',
  'gold',
  'hot',
  '',
  ' ',
  'jane',
  '=1+1',
  'x'.repeat(90),
);
const tags = fc.uniqueArray(fc.tuple(keys, values), { selector: ([key]) => key, maxLength: 8 }).map((pairs) => Object.fromEntries(pairs));

export const resource: fc.Arbitrary<Resource> = fc
  .record({
    type: fc.constantFrom('ec2:instance', 'ec2:volume', 's3:bucket', 'rds:db', 'sqs:queue'),
    region: fc.constantFrom('eu-west-1', 'us-east-1', 'global'),
    account: fc.constantFrom('111122223333', '444455556666'),
    id: fc.uuid(),
    tags,
  })
  .map(({ type, region, account, id, tags }) => {
    const [service, kind] = type.split(':');
    return resourceOf({ arn: `arn:aws:${service}:${region}:${account}:${kind}/${id}`, type, region, account, name: id, tags });
  });

export const resources: fc.Arbitrary<Resource[]> = fc.uniqueArray(resource, { selector: ({ arn }) => arn, maxLength: 30 });

/** Costs of some of the resources, as decimal strings; those of the others are not known. */
export function costsOf(list: readonly Resource[]): fc.Arbitrary<Map<string, string>> {
  const cents = fc.option(fc.integer({ min: -1000, max: 10_000_000 }));
  return fc.array(cents, { minLength: list.length, maxLength: list.length }).map((amounts) => {
    const known = list.flatMap(({ arn }, index) => {
      const amount = amounts[index];
      return amount === null || amount === undefined ? [] : [[arn, (amount / 100).toFixed(2)] as const];
    });
    return new Map(known);
  });
}

/** An inventory and what is known of its costs. */
export const inventory = resources.chain((list) => costsOf(list).map((costs) => ({ list, costs })));

/** A policy that the resources above keep and break in every way. */
export const POLICY_TEXT = `
version: "1"
required_tags:
  - { name: CostCenter, validation_regex: 'CC-\\d{4}' }
  - { name: Environment, allowed_values: [production, staging], value_severity: warning, applies_to: [ec2:*, s3:bucket] }
  - { name: Owner, applies_to: [ec2:*] }
optional_tags:
  - { name: Tier, allowed_values: [gold, silver], severity: warning }
tag_naming_rules: { max_key_length: 40, max_value_length: 60, allow_special_characters: false }
prohibited_keys: [{ key: "temp*", description: Use the wiki., severity: warning }]
`;
