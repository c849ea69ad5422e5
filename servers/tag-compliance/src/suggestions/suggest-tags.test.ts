import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { POLICY_TEXT, resourceOf, resources } from '../compliance/arbitraries.fixture.ts';
import type { Resource } from '../inventory/resource.ts';
import type { Surroundings } from '../inventory/source.ts';
import { compilePolicy } from '../policy/compile-policy.ts';
import { readPolicy } from '../policy/read-policy.ts';
import { CONFIDENCE_FLOOR, DISPUTED_CONFIDENCE, learnTags, suggestedTagsSchema, suggestTags } from './suggest-tags.ts';

function compiled(text: string) {
  const reading = readPolicy(text, 'policy.yaml');
  if ('problems' in reading) throw new Error(reading.message);
  return compilePolicy(reading.policy);
}

const policy = compiled(`
required_tags:
  - { name: Environment, allowed_values: [production, staging, development] }
  - { name: CostCenter, validation_regex: 'CC-\\d{4}' }
  - { name: Application, allowed_values: [payments, web-shop] }
`);

type Around = Partial<Pick<Surroundings, 'parents' | 'principals'>>;

/** What is suggested for a resource in an inventory, as `Key=value` with the reason. */
async function suggest(resource: Resource, inventory: readonly Resource[] = [], { parents = [], principals = [] }: Around = {}) {
  const learned = await learnTags([...inventory, resource], policy);
  return suggestTags({ arn: resource.arn, surroundings: { resource, parents, principals }, learned, policy });
}

async function suggested(key: string, ...input: Parameters<typeof suggest>) {
  return (await suggest(...input)).suggestions.find((suggestion) => suggestion.key === key);
}

/** Tagged resources of one application in one account: `NAME-0`, `NAME-1`, … */
function family(name: string, count: number, tags: Record<string, string>, parts: Partial<Resource> = {}): Resource[] {
  return Array.from({ length: count }, (_, index) => resourceOf({ name: `${name}-${index}`, tags, ...parts }));
}

describe('a suggestion', () => {
  it('comes from a misspelt key and from a misspelt value', async () => {
    expect(await suggested('CostCenter', resourceOf({ tags: { costcenter: 'CC-1234' } }))).toMatchObject({
      value: 'CC-1234',
      reason: 'It has CostCenter spelt costcenter=CC-1234. Rename costcenter to CostCenter.',
    });
    expect(await suggested('Environment', resourceOf({ tags: { Environment: 'Prod' } }))).toMatchObject({
      value: 'production',
      reason: 'It has Environment=Prod, which means production.',
    });
    expect((await suggested('Environment', resourceOf({ tags: { env: 'stg' } })))?.value).toBe('staging');
    expect((await suggested('CostCenter', resourceOf({ tags: { CostCenter: 'cc-1234' } })))?.value).toBe('CC-1234');
  });

  it('is little sure of what only one other resource says', async () => {
    const [only] = family('ledger-api', 1, { CostCenter: 'CC-1000' });
    const found = await suggested('CostCenter', resourceOf({ name: 'ledger-worker' }), only === undefined ? [] : [only]);
    expect(found?.confidence ?? 0).toBeLessThanOrEqual(CONFIDENCE_FLOOR);
  });

  it('comes from words in the name', async () => {
    const bucket = resourceOf({ arn: 'arn:aws:s3:::web-shop-assets-prd', type: 's3:bucket', name: 'web-shop-assets-prd' });
    expect((await suggest(bucket)).suggestions.map(({ key, value }) => `${key}=${value}`)).toEqual([
      'Environment=production',
      'Application=web-shop',
    ]);
    expect((await suggest(bucket)).undecided).toEqual(['CostCenter']);
  });

  it('comes from resources with similar names', async () => {
    const inventory = [...family('ledger-api', 8, { CostCenter: 'CC-1000' }), ...family('search-api', 8, { CostCenter: 'CC-2000' })];
    const found = await suggested('CostCenter', resourceOf({ name: 'ledger-worker' }), inventory);
    expect(found).toMatchObject({
      value: 'CC-1000',
      reason: expect.stringContaining('8 of 8 tagged resources with "ledger" in their name'),
    });
  });

  it('comes from the parent and from its other children', async () => {
    const instance = resourceOf({ arn: 'arn:aws:ec2:eu-west-1:111122223333:instance/i-1', name: 'box', tags: { CostCenter: 'CC-7000' } });
    const volume = resourceOf({ arn: 'arn:aws:ec2:eu-west-1:111122223333:volume/vol-1', type: 'ec2:volume', parents: ['i-1'] });
    expect(await suggested('CostCenter', volume, [], { parents: [instance] })).toMatchObject({
      value: 'CC-7000',
      reason: 'The ec2:instance box that it belongs to has CostCenter=CC-7000.',
    });
    const neighbours = [
      ...family('x', 9, { CostCenter: 'CC-8000' }, { parents: ['subnet-9'] }),
      ...family('x', 9, { CostCenter: 'CC-9000' }, { parents: ['subnet-8'] }),
    ];
    expect(await suggested('CostCenter', resourceOf({ parents: ['subnet-9'] }), neighbours)).toMatchObject({
      value: 'CC-8000',
      reason: expect.stringContaining('9 of 9 tagged resources in subnet-9'),
    });
    const owner = resourceOf({ arn: 'arn:aws:ec2:eu-west-1:111122223333:instance/i-5' });
    const children = family('y', 5, { CostCenter: 'CC-8500' }, { parents: ['i-5'] });
    expect(await suggested('CostCenter', owner, [...neighbours, ...children])).toMatchObject({
      value: 'CC-8500',
      reason: expect.stringContaining('5 of 5 tagged resources that belong to it'),
    });
    const vpc = resourceOf({ arn: 'arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-1', type: 'ec2:vpc', name: 'staging-network' });
    expect((await suggested('Environment', volume, [], { parents: [vpc] }))?.value).toBe('staging');
  });

  it('comes from the role and from the creator of the resource', async () => {
    const role = {
      arn: 'arn:aws:iam::111122223333:role/app/payments-prod-task',
      relation: 'runs as' as const,
      tags: { CostCenter: 'CC-4000' },
    };
    const found = await suggest(resourceOf(), [], { principals: [role] });
    expect(found.suggestions.map(({ key, value }) => `${key}=${value}`).sort()).toEqual([
      'Application=payments',
      'CostCenter=CC-4000',
      'Environment=production',
    ]);
    const user = { arn: 'arn:aws:iam::111122223333:user/jane', relation: 'created by' as const, tags: { CostCenter: 'CC-4000' } };
    expect((await suggested('CostCenter', resourceOf(), [], { principals: [user] }))?.reason).toBe(
      'jane, who made it, has CostCenter=CC-4000.',
    );
  });

  it('has more confidence with more evidence for it, and less with evidence against it', async () => {
    const named = resourceOf({ name: 'payments-prod' });
    const vpc = (name: string) => resourceOf({ arn: `arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-1`, type: 'ec2:vpc', name });
    const alone = await suggested('Environment', named);
    const agreed = await suggested('Environment', named, [], { parents: [vpc('prod-vpc')] });
    const disputed = await suggested('Environment', named, [], { parents: [vpc('dev-vpc')] });
    expect(agreed?.confidence).toBeGreaterThan(alone?.confidence ?? 1);
    expect(disputed?.confidence).toBeLessThan(alone?.confidence ?? 0);
    expect(disputed?.reason).toContain('Against it: The name of the ec2:vpc dev-vpc');
    expect(disputed?.evidence).toContainEqual(expect.objectContaining({ value: 'development', supports: false }));
  });

  it.each([
    ['under the right key', { Environment: 'qa' }, 'It has Environment=qa, which means staging'],
    ['under another key', { env: 'qa' }, 'It has env=qa, which means staging'],
    ['under a key of its own', { 'acme:Stage': 'QA' }, 'It has acme:Stage=QA, which means staging'],
    ['of a stage that the policy does not have', { Environment: 'demo' }, 'It has Environment=demo, which the policy has no value for'],
  ])('is too uncertain to act on against a tag of the resource itself, %s, and shows it', async (_where, tags, text) => {
    const production = family('payments-prod', 60, { Environment: 'production' }, { parents: ['vpc-1'] });
    const vpc = resourceOf({ arn: 'arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-1', type: 'ec2:vpc', tags: { Environment: 'production' } });
    const around = [[...production, vpc], { parents: [vpc] }] as const;
    const undisputed = await suggested('Environment', resourceOf({ name: 'payments-api', parents: ['vpc-1'] }), ...around);
    expect(undisputed).toMatchObject({ value: 'production' });
    expect(undisputed?.confidence).toBeGreaterThan(0.95);
    const disputed = await suggested('Environment', resourceOf({ name: 'payments-api', parents: ['vpc-1'], tags }), ...around);
    expect(disputed).toMatchObject({
      value: 'production',
      confidence: DISPUTED_CONFIDENCE,
      reason: expect.stringContaining(`Against it: ${text}`),
    });
  });

  it('is as certain as without it when the value on the resource says nothing, and shows that value', async () => {
    const neighbours = family('ledger-api', 40, { CostCenter: 'CC-1000' });
    const found = await suggested('CostCenter', resourceOf({ name: 'ledger-worker', tags: { CostCenter: 'TBD' } }), neighbours);
    expect(found).toMatchObject({ value: 'CC-1000', reason: expect.stringMatching(/It has CostCenter=TBD now\.$/) });
    expect(found?.confidence).toBeGreaterThan(0.9);
  });

  it('comes from a value on the resource that is a part of one', async () => {
    const inventory = [...family('a', 3, { CostCenter: 'CC-7010' }), ...family('b', 3, { CostCenter: 'CC-2010' })];
    const found = await suggested('CostCenter', resourceOf({ tags: { CostCenter: '7010' } }), inventory);
    expect(found).toMatchObject({ value: 'CC-7010', reason: expect.stringContaining('It has CostCenter=7010, which means CC-7010') });
  });

  it('weighs evidence by how reliable it is in this inventory', async () => {
    // Names lie about the stage here: what is called "prod" is in development.
    const liars = family('thing-prod', 40, { Environment: 'development' }, { account: '' });
    expect((await suggested('Environment', resourceOf({ name: 'other-prod', account: '' }), liars))?.value).not.toBe('production');
  });

  it('works for an ARN that no scan has found', async () => {
    const learned = await learnTags(family('ledger-api', 8, { CostCenter: 'CC-1000' }), policy);
    const arn = 'arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/ledger-prod-import:*';
    const answer = suggestTags({ arn, surroundings: { resource: undefined, parents: [], principals: [] }, learned, policy });
    expect(answer).toMatchObject({ arn, type: 'logs:log-group' });
    expect(answer.suggestions.map(({ key, value }) => `${key}=${value}`).sort()).toEqual(['CostCenter=CC-1000', 'Environment=production']);
  });

  it('is not made for valid tags, for tags that are not required, nor from tags of AWS or other tags of the policy', async () => {
    const right = resourceOf({ tags: { Environment: 'production', CostCenter: 'CC-1234', Application: 'payments' } });
    expect(await suggest(right)).toMatchObject({ suggestions: [], undecided: [] });
    expect((await suggest(resourceOf({ tags: { 'aws:costcenter': 'CC-1234', Application: 'production' } }))).undecided).toContain(
      'Environment',
    );
  });
});

describe('learning', () => {
  it('yields to other work repeatedly with the same result', async () => {
    const inventory = family('ledger-api', 1500, { CostCenter: 'CC-1000' });
    let turns = 0;
    const ticking = setInterval(() => {
      turns += 1;
    }, 1);
    const learned = await learnTags(inventory, policy);
    clearInterval(ticking);
    expect(turns).toBeGreaterThan(1);
    const { arn } = resourceOf({ name: 'ledger-worker' });
    const of = (known: typeof learned) =>
      suggestTags({
        arn,
        surroundings: { resource: resourceOf({ arn, name: 'ledger-worker' }), parents: [], principals: [] },
        learned: known,
        policy,
      });
    expect(of(learned)).toEqual(of(await learnTags(inventory, policy)));
  });
});

describe('suggestion properties', () => {
  it('a suggestion has a confidence in [floor, 1], a reason, evidence, and an allowed value for a missing or wrong tag', async () => {
    const rich = compiled(POLICY_TEXT);
    await fc.assert(
      fc.asyncProperty(resources, fc.double({ min: 0, max: 1, noNaN: true }), async (list, floor) => {
        const learned = await learnTags(list, rich);
        for (const resource of list) {
          const answer = suggestTags({
            arn: resource.arn,
            surroundings: { resource, parents: [], principals: [] },
            learned,
            policy: rich,
            floor,
          });
          expect(suggestedTagsSchema.parse(answer)).toEqual(answer);
          const rules = rich.rulesFor(resource.type).filter(({ isRequired }) => isRequired);
          const wanting = rules.filter((rule) => {
            const tag = rich.tagFor(rule, resource);
            return tag === undefined || rule.values.faultOf(tag.value) !== undefined;
          });
          const named = [...answer.suggestions.map(({ key }) => key), ...answer.undecided];
          expect(named.sort()).toEqual(wanting.map(({ rule }) => rule.name).sort());
          for (const { key, value, confidence, reason, evidence } of answer.suggestions) {
            expect(confidence).toBeGreaterThanOrEqual(floor);
            expect(reason).toMatch(/\S.*\.$/s);
            expect(evidence[0]).toBeDefined();
            expect(rules.find(({ rule }) => rule.name === key)?.values.faultOf(value)).toBeUndefined();
          }
        }
      }),
      { numRuns: 60 },
    );
    expect(CONFIDENCE_FLOOR).toBeGreaterThanOrEqual(0.5);
  });

  it('any ARN has an answer', async () => {
    const learned = await learnTags(family('ledger-api', 8, { CostCenter: 'CC-1000' }), policy);
    const word = fc.stringMatching(/^[A-Za-z0-9+=,.@_-]{1,20}$/);
    const text = fc.oneof(
      word,
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
      fc.constantFrom('prod', 'ledger-api', '*', '$LATEST'),
    );
    const arns = fc
      .record({
        partition: fc.constantFrom('aws', 'aws-cn', 'aws-us-gov', 'aws-iso-b', 'aws-eusc'),
        service: fc.constantFrom(
          'ec2',
          's3',
          'iam',
          'sns',
          'sqs',
          'logs',
          'wafv2',
          'apigateway',
          'execute-api',
          'autoscaling',
          'new-service',
        ),
        region: fc.constantFrom('', 'eu-central-1', 'us-gov-west-1', 'eusc-de-east-1'),
        owner: fc.constantFrom('', '111122223333', 'aws'),
        parts: fc.array(fc.tuple(text, fc.constantFrom('', '/', ':')), { minLength: 1, maxLength: 6 }),
      })
      .map(({ partition, service, region, owner, parts }) => `arn:${partition}:${service}:${region}:${owner}:${parts.flat().join('')}`);
    fc.assert(
      fc.property(arns, (arn) => {
        const answer = suggestTags({ arn, surroundings: { resource: undefined, parents: [], principals: [] }, learned, policy });
        expect(suggestedTagsSchema.parse(answer)).toEqual(answer);
        expect(answer.type).toMatch(/^[a-z0-9-]+:./s);
        expect([...answer.suggestions.map(({ key }) => key), ...answer.undecided].sort()).toEqual([
          'Application',
          'CostCenter',
          'Environment',
        ]);
      }),
      { numRuns: 500 },
    );
  });
});
