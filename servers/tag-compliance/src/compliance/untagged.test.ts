import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePolicy } from '../policy/compile-policy.ts';
import { readPolicy } from '../policy/read-policy.ts';
import { inventory, POLICY_TEXT, resourceOf } from './arbitraries.fixture.ts';
import { ageInDays, findUntagged, untaggedSchema } from './untagged.ts';

function compiled(text: string) {
  const reading = readPolicy(text, 'policy.yaml');
  if ('problems' in reading) throw new Error(reading.message);
  return compilePolicy(reading.policy);
}

const POLICY = compiled('required_tags: [{ name: Owner, applies_to: [ec2:instance] }, { name: Team, applies_to: [ec2:instance] }]');
const now = new Date('2026-03-01T12:00:00Z');

describe('untagged resources', () => {
  const list = [
    resourceOf({ arn: 'right', tags: { Owner: 'jane', Team: 'web' } }),
    resourceOf({ arn: 'bare', createdAt: '2026-02-01T13:00:00Z' }),
    resourceOf({ arn: 'aws-only', type: 'sqs:queue', tags: { 'aws:createdBy': 'x' } }),
    resourceOf({ arn: 'misspelt', tags: { owner: 'jane', Team: 'web' }, createdAt: '2020-01-01T00:00:00Z' }),
    resourceOf({ arn: 'other-type', type: 'sqs:queue', tags: { Name: 'x' } }),
  ];

  it('are those without own tags and those without a required tag', async () => {
    expect((await findUntagged(list, POLICY, { now })).entries).toEqual([
      expect.objectContaining({
        arn: 'misspelt',
        problem: 'missing_required',
        missing: ['Owner'],
        age_days: 2251,
        monthly_cost: undefined,
      }),
      expect.objectContaining({ arn: 'bare', problem: 'no_tags', missing: ['Owner', 'Team'], age_days: 27 }),
      expect.objectContaining({ arn: 'aws-only', problem: 'no_tags', missing: [], age_days: undefined, created_at: undefined }),
    ]);
  });

  it('are sorted by cost, and a threshold leaves out and counts cheaper ones and those of unknown cost', async () => {
    const costs = new Map([
      ['bare', '12.50'],
      ['aws-only', '0.10'],
    ]);
    expect((await findUntagged(list, POLICY, { now, costs })).entries.map(({ arn, monthly_cost }) => [arn, monthly_cost])).toEqual([
      ['bare', '12.5'],
      ['aws-only', '0.1'],
      ['misspelt', undefined],
    ]);
    const { entries, cheaper, unknown_cost } = await findUntagged(list, POLICY, { now, costs, minCost: 12.5 });
    expect([entries.map(({ arn }) => arn), cheaper, unknown_cost]).toEqual([['bare'], 1, 1]);
  });

  it('have an age only when it is known', () => {
    expect(ageInDays(undefined, now)).toBeUndefined();
    expect(ageInDays('not a date', now)).toBeUndefined();
    expect(ageInDays('2026-03-02T00:00:00Z', now)).toBe(0);
  });

  it('have type, region, age, tags and cost, and are exactly those that the policy finds untagged', async () => {
    const policy = compiled(POLICY_TEXT);
    await fc.assert(
      fc.asyncProperty(inventory, async ({ list: some, costs }) => {
        const { entries } = await findUntagged(some, policy, { now, costs });
        for (const entry of entries) expect(untaggedSchema.safeParse(entry).error).toBeUndefined();
        const wanting = some.filter((resource) => {
          const required = policy.rulesFor(resource.type).filter(({ isRequired }) => isRequired);
          const hasNone = Object.keys(resource.tags).every((key) => key.startsWith('aws:'));
          return hasNone || required.some(({ rule }) => !Object.hasOwn(resource.tags, rule.name));
        });
        expect(entries.map(({ arn }) => arn).sort()).toEqual(wanting.map(({ arn }) => arn).sort());
      }),
    );
  });
});
