import { chargeCost, dayOf, formatUsd, type Organization, type OrganizationResource, resourceCost } from '@fairway-mcp/aws-sample';
import { openSqlite } from '@fairway-mcp/store';
import { Big } from 'big.js';
import { describe, expect, it } from 'vitest';
import { listedTag, patternedTag } from '../../inventory/required-tag.fixture.ts';
import type { Resource } from '../../inventory/resource.ts';
import type { RequiredTag, SpendGroup } from '../../inventory/source.ts';
import { type EmulatedAws, EVERYTHING, startEmulatedAws, withoutDeadline } from '../emulated-aws.fixture.ts';

const NOW = '2026-11-01T00:00:00.000Z';
const at = { now: () => Date.parse(NOW) };
const ports = { now: () => new Date(NOW) };
const OCTOBER = { start: '2026-10-01', end: '2026-11-01' };
const REQUIRED: RequiredTag[] = [listedTag('CostCenter'), listedTag('Environment', 'production', 'staging')];

/** What the organization itself says, counted without Cost Explorer. In 1e-10 USD. */
function truth(
  organization: Organization,
  fits: (resource: Pick<OrganizationResource, 'account' | 'region'> & { type?: string }) => boolean,
) {
  const [from, to] = [dayOf(OCTOBER.start), dayOf(OCTOBER.end)];
  const isTagged = ({ tags }: OrganizationResource) =>
    tags?.CostCenter !== undefined && ['production', 'staging'].includes(tags.Environment ?? '');
  const sum = (some: readonly OrganizationResource[]) => some.reduce((units, one) => units + BigInt(resourceCost(one, from, to)), 0n);
  const own = organization.resources.filter(fits);
  const charges = organization.sharedCharges.filter((charge) => charge.recordType !== 'Tax' && fits(charge));
  const shared = charges.reduce((units, charge) => units + chargeCost(charge, from, to), 0n);
  const support = charges
    .filter(({ recordType }) => recordType === 'Support')
    .reduce((units, charge) => units + chargeCost(charge, from, to), 0n);
  return {
    total: formatUsd(sum(own) + shared),
    attributable: formatUsd(sum(own.filter(isTagged))),
    taggable: formatUsd(sum(own) + shared - support),
  };
}

function sumOf(groups: readonly SpendGroup[]) {
  const add = (part: 'total' | 'attributable' | 'taggable') => groups.reduce((sum, group) => sum.plus(group[part]), new Big(0)).toFixed();
  return { total: add('total'), attributable: add('attributable'), taggable: add('taggable') };
}

function asked({ aws }: EmulatedAws): string[] {
  return aws.requests.filter(({ service }) => service === 'ce').map(({ operation }) => operation);
}

const spend = { ...OCTOBER, groupBy: 'account' as const, accounts: [], regions: [], required: REQUIRED };

describe('attributedSpend', () => {
  it.each(['account', 'region', 'resource_type'] as const)('by %s counts each unit of spend once', async (groupBy) => {
    const emulated = await startEmulatedAws({ now: NOW }, at);
    const { groups, currency, method } = await emulated.source({}, ports).attributedSpend({ ...spend, groupBy }, withoutDeadline());
    expect({ currency, method }).toEqual({ currency: 'USD', method: 'cost_allocation_tags' });
    expect(sumOf(groups)).toEqual(truth(emulated.organization, () => true));
    expect(new Set(groups.map(({ key }) => key)).size).toBe(groups.length);
    for (const { total, attributable } of groups) expect(new Big(attributable).lte(total)).toBe(true);
  });

  it('returns the exact spend of each group', async () => {
    const emulated = await startEmulatedAws({ now: NOW }, at);
    const { groups } = await emulated.source({}, ports).attributedSpend(spend, withoutDeadline());
    for (const { key, ...sums } of groups) expect(sums).toEqual(truth(emulated.organization, ({ account }) => account === key));
    expect(groups.map(({ key }) => key).sort()).toEqual(emulated.organization.accounts.map(({ id }) => id).sort());
  });

  it('groups spend by resource type, and spend without a type under "other"', async () => {
    const emulated = await startEmulatedAws({ now: NOW, size: 1500 }, at);
    const { groups } = await emulated.source({}, ports).attributedSpend({ ...spend, groupBy: 'resource_type' }, withoutDeadline());
    const byKey = new Map(groups.map(({ key, total }) => [key, total]));
    for (const type of ['ec2:instance', 'ec2:volume', 'ec2:snapshot', 'lambda:function', 's3:bucket', 'dynamodb:table'])
      expect(byKey.get(type)).toBe(truth({ ...emulated.organization, sharedCharges: [] }, (one) => one.type === type).total);
    expect([...byKey.keys()].filter((key) => key.startsWith('other: '))).toEqual(expect.arrayContaining(['other: AWS Data Transfer']));
  });

  it('counts only the requested accounts and regions', async () => {
    const emulated = await startEmulatedAws({ now: NOW }, at);
    const [, other = ''] = emulated.organization.accounts.map(({ id }) => id);
    const query = { ...spend, accounts: [other], regions: ['us-east-1'] };
    const { groups } = await emulated.source({}, ports).attributedSpend(query, withoutDeadline());
    expect(sumOf(groups)).toEqual(truth(emulated.organization, ({ account, region }) => account === other && region === 'us-east-1'));
  });

  it('counts only the configured accounts when none is requested', async () => {
    const emulated = await startEmulatedAws({ now: NOW }, at);
    const [own = '', other = ''] = emulated.organization.accounts.map(({ id }) => id);
    const { groups } = await emulated.source({ accounts: [own, other] }, ports).attributedSpend(spend, withoutDeadline());
    expect(groups.map(({ key }) => key).sort()).toEqual([own, other].sort());
  });

  it.each([
    ['of which most are right', patternedTag('CostCenter', /^CC-\d{4}$/)],
    ['of which most are wrong', patternedTag('Owner', /^data@/)],
    ['of which all are right', patternedTag('Owner', /./)],
    ['of which none is right', patternedTag('Owner', /^nobody$/)],
  ])('checks values by the pattern of the policy, %s', async (_which, required) => {
    const emulated = await startEmulatedAws({ now: NOW, size: 1500 }, at);
    const { groups } = await emulated.source({}, ports).attributedSpend({ ...spend, required: [required] }, withoutDeadline());
    const { organization } = emulated;
    const isRight = ({ tags }: OrganizationResource) => required.accepts(tags?.[required.key] ?? '');
    const right = { ...organization, resources: organization.resources.filter(isRight), sharedCharges: [] };
    expect(sumOf(groups).attributable).toBe(truth(right, () => true).total);
    expect(sumOf(groups).total).toBe(truth(organization, () => true).total);
  });

  it('counts an empty value as a missing tag, as billing data does', async () => {
    const emulated = await startEmulatedAws({ now: NOW }, at);
    const { organization } = emulated;
    const emptied = organization.resources.find(({ tags, type }) => type === 'ec2:instance' && tags?.CostCenter !== undefined);
    Object.assign(emptied?.tags ?? expect.fail('There is no instance with the tag.'), { CostCenter: '' });
    const { groups } = await emulated
      .source({}, ports)
      .attributedSpend({ ...spend, required: [listedTag('CostCenter')] }, withoutDeadline());
    const tagged = organization.resources.filter(({ tags }) => (tags?.CostCenter ?? '') !== '');
    expect(sumOf(groups).attributable).toBe(truth({ ...organization, resources: tagged, sharedCharges: [] }, () => true).total);
  });

  it('says how much spend has a value that breaks the pattern, and which', async () => {
    const emulated = await startEmulatedAws({ now: NOW, size: 1500 }, at);
    const required = [patternedTag('CostCenter', /^CC-\d{4}$/)];
    const { caveats } = await emulated.source({}, ports).attributedSpend({ ...spend, required }, withoutDeadline());
    expect(caveats).toContainEqual(
      expect.stringMatching(/^\$[\d,.]+ of spend has a value of CostCenter that the policy does not accept \("[^"]+",/),
    );
  });

  it('reads the values of two tags in one query, and says its price', async () => {
    const emulated = await startEmulatedAws({ now: NOW, size: 1500 }, at);
    const required = [patternedTag('CostCenter', /^CC-\d{4}$/), patternedTag('Owner', /@/), patternedTag('Application', /^[a-z]+$/)];
    const { price, groups } = await emulated.source({}, ports).attributedSpend({ ...spend, required }, withoutDeadline());
    const usage = asked(emulated).filter((operation) => operation === 'GetCostAndUsage');
    expect({ queries: usage.length, price }).toEqual({ queries: 4, price: '0.05' });
    const isRight = ({ tags }: OrganizationResource) => required.every(({ key, accepts }) => accepts(tags?.[key] ?? ''));
    const resources = emulated.organization.resources.filter(isRight);
    expect(sumOf(groups).attributable).toBe(truth({ ...emulated.organization, resources, sharedCharges: [] }, () => true).total);
  });

  it('asks a tag that is required of some types only of the services that bill them, and says so', async () => {
    const emulated = await startEmulatedAws({ now: NOW, size: 1500 }, at);
    const required = [{ ...listedTag('CostCenter'), types: ['ec2:instance'] }, patternedTag('Owner', /@/, 's3:*')];
    const query = { ...spend, groupBy: 'resource_type' as const, required };
    const { groups, caveats } = await emulated.source({}, ports).attributedSpend(query, withoutDeadline());
    const has = ({ tags }: OrganizationResource, ...keys: string[]) =>
      keys.every((key) => (key === 'Owner' ? /@/.test(tags?.Owner ?? '') : tags?.[key] !== undefined));
    const isRight = (one: OrganizationResource) =>
      has(one, ...(one.type === 'ec2:instance' ? ['CostCenter'] : one.type === 's3:bucket' ? ['Owner'] : ['CostCenter', 'Owner']));
    const resources = emulated.organization.resources.filter(isRight);
    expect(sumOf(groups).attributable).toBe(truth({ ...emulated.organization, resources, sharedCharges: [] }, () => true).total);
    expect(caveats).toContainEqual(expect.stringContaining('CostCenter is required of ec2:instance only.'));
    expect(caveats).toContainEqual(
      expect.stringMatching(/carries CostCenter, Owner; \$[\d,.]+ of the gap is spend of such services that does not carry them all/),
    );
  });

  it('says when a tag is not activated for cost allocation, and counts no spend as attributable then', async () => {
    const emulated = await startEmulatedAws({ now: NOW }, at);
    const required = [listedTag('DataClassification')];
    const { groups, caveats } = await emulated.source({}, ports).attributedSpend({ ...spend, required }, withoutDeadline());
    expect(sumOf(groups).attributable).toBe('0');
    expect(caveats).toContainEqual(expect.stringContaining('does not know the tag DataClassification'));
  });

  it('finds that out with GetTags when ListCostAllocationTags is denied', async () => {
    const emulated = await startEmulatedAws({ now: NOW }, at);
    emulated.aws.faults.add({ kind: 'access_denied', operation: 'ListCostAllocationTags' });
    const required = [listedTag('DataClassification')];
    const { caveats } = await emulated.source({}, ports).attributedSpend({ ...spend, required }, withoutDeadline());
    expect(caveats).toContainEqual(expect.stringContaining('does not know the tag DataClassification'));
    expect(asked(emulated)).toContain('GetTags');
  });

  it('says that it could not be found out when both are denied', async () => {
    const emulated = await startEmulatedAws({ now: NOW }, at);
    emulated.aws.faults.add({ kind: 'access_denied', operation: 'ListCostAllocationTags' });
    emulated.aws.faults.add({ kind: 'access_denied', operation: 'GetTags' });
    const required = [listedTag('DataClassification')];
    const { groups, caveats } = await emulated.source({}, ports).attributedSpend({ ...spend, required }, withoutDeadline());
    expect(sumOf(groups).total).toBe(truth(emulated.organization, () => true).total);
    expect(caveats).toContainEqual(expect.stringContaining('could not be found out'));
  });

  it('says when a tag was activated within the period', async () => {
    const now = '2022-02-01T00:00:00.000Z';
    const emulated = await startEmulatedAws({ now }, { now: () => Date.parse(now) });
    const query = { ...spend, start: '2021-12-01', end: '2022-02-01', required: [listedTag('Owner')] };
    const { caveats } = await emulated.source({}, { now: () => new Date(now) }).attributedSpend(query, withoutDeadline());
    expect(caveats).toContainEqual(expect.stringContaining('Owner was activated for cost allocation on 2022-01-01'));
  });

  it('names the accounts whose spend the credentials cannot see', async () => {
    const emulated = await startEmulatedAws({ now: NOW }, { ...at, accessKeys: { AKIAIOSFODNN7EXAMPLE: '222233334444' } });
    const { groups, caveats } = await emulated
      .source({}, ports)
      .attributedSpend({ ...spend, accounts: ['111122223333', '222233334444'] }, withoutDeadline());
    expect(groups.map(({ key }) => key)).toEqual(['222233334444']);
    expect(caveats).toContainEqual(expect.stringContaining('no spend for 111122223333'));
  });

  it('states its price, and is free when the same question is asked again', async () => {
    const emulated = await startEmulatedAws({ now: NOW }, at);
    const source = emulated.source({}, ports);
    const first = await source.attributedSpend(spend, withoutDeadline());
    expect(first.price).toBe(new Big(asked(emulated).length).div(100).toString());
    const pages = asked(emulated).length;
    const second = await source.attributedSpend(spend, withoutDeadline());
    expect(second).toEqual({ ...first, price: '0' });
    expect(asked(emulated)).toHaveLength(pages);
  });

  it('reads all pages and counts the price of each', async () => {
    const emulated = await startEmulatedAws({ now: NOW }, { ...at, paging: { maxPageSize: 50 } });
    const { groups, price } = await emulated.source({}, ports).attributedSpend({ ...spend, required: [] }, withoutDeadline());
    expect(sumOf(groups).total).toBe(truth(emulated.organization, () => true).total);
    expect(asked(emulated)).toEqual(['GetCostAndUsage', 'GetCostAndUsage']);
    expect(price).toBe('0.02');
  });

  it('fails with the permission to allow when it is denied, and with a time to retry when it is throttled', async () => {
    const emulated = await startEmulatedAws({ now: NOW }, at);
    const undo = emulated.aws.faults.add({ kind: 'access_denied', service: 'ce' });
    const source = emulated.source({}, ports);
    await expect(source.attributedSpend(spend, withoutDeadline())).rejects.toMatchObject({
      kind: 'upstream_rejected',
      remedy: expect.stringContaining('ce:GetCostAndUsage'),
    });
    undo();
    emulated.aws.faults.add({ kind: 'throttled', service: 'ce' });
    await expect(source.attributedSpend(spend, withoutDeadline())).rejects.toMatchObject({ kind: 'upstream_unavailable', retryAfterS: 60 });
  });

  it('continues after its deadline, so that the next call finds the answer and pays nothing', async () => {
    const emulated = await startEmulatedAws({ now: NOW }, at);
    emulated.aws.faults.add({ kind: 'slow', service: 'ce', delayMs: 300, times: 1 });
    const source = emulated.source({}, ports);
    const question = { ...spend, required: [] };
    await expect(source.attributedSpend(question, { ...withoutDeadline(), deadline: performance.now() + 150 })).rejects.toMatchObject({
      kind: 'timeout',
    });
    await expect(source.attributedSpend(question, withoutDeadline())).resolves.toMatchObject({ method: 'cost_allocation_tags' });
    expect(asked(emulated)).toEqual(['GetCostAndUsage']);
  });

  it('stops when the caller cancels', async () => {
    const emulated = await startEmulatedAws({ now: NOW }, at);
    emulated.aws.faults.add({ kind: 'hang', service: 'ce' });
    const controller = new AbortController();
    const asking = emulated.source({}, ports).attributedSpend(spend, {
      ...withoutDeadline(controller.signal),
      progress: () => setImmediate(() => controller.abort(new Error('enough'))),
    });
    await expect(asking).rejects.toThrow('enough');
  });
});

describe('the daily budget', () => {
  it('refuses questions for the rest of the day when it is used up, also after a restart', async () => {
    const emulated = await startEmulatedAws({ now: NOW }, at);
    const store = openSqlite({ file: ':memory:' });
    let now = NOW;
    const kept = { store, now: () => new Date(now) };
    const question = { ...spend, required: [] };
    await emulated.source({ costBudgetUsd: 0.02 }, kept).attributedSpend(question, withoutDeadline());
    const source = emulated.source({ costBudgetUsd: 0.02 }, kept);
    await source.attributedSpend({ ...question, groupBy: 'region' }, withoutDeadline());
    const refused = source.attributedSpend({ ...question, groupBy: 'resource_type' }, withoutDeadline());
    await expect(refused).rejects.toMatchObject({ name: 'ToolError', kind: 'budget_exceeded' });
    expect(asked(emulated)).toHaveLength(2);
    now = '2026-11-02T00:00:00.000Z';
    await expect(source.attributedSpend({ ...question, groupBy: 'resource_type' }, withoutDeadline())).resolves.toMatchObject({
      price: '0.01',
    });
  });

  it('does not count requests that AWS refused', async () => {
    const emulated = await startEmulatedAws({ now: NOW }, at);
    emulated.aws.faults.add({ kind: 'access_denied', service: 'ce', times: 3 });
    const source = emulated.source({ costBudgetUsd: 0.01 }, ports);
    const question = { ...spend, required: [] };
    for (let time = 0; time < 3; time += 1)
      await expect(source.attributedSpend(question, withoutDeadline())).rejects.toMatchObject({ kind: 'upstream_rejected' });
    await expect(source.attributedSpend(question, withoutDeadline())).resolves.toMatchObject({ price: '0.01' });
  });

  it('counts a page whose answer was lost, because it may have been charged', async () => {
    const emulated = await startEmulatedAws({ now: NOW }, at);
    emulated.aws.faults.add({ kind: 'garbage', service: 'ce', times: 1 });
    const source = emulated.source({ costBudgetUsd: 0.01 }, ports);
    const question = { ...spend, required: [] };
    await expect(source.attributedSpend(question, withoutDeadline())).rejects.toMatchObject({ kind: 'upstream_unavailable' });
    await expect(source.attributedSpend(question, withoutDeadline())).rejects.toMatchObject({ kind: 'budget_exceeded' });
  });
});

describe('resourceCosts', () => {
  async function scanned(emulated: EmulatedAws, types: readonly string[]): Promise<readonly Resource[]> {
    const accounts = emulated.organization.accounts.map(({ id }) => id);
    const source = emulated.source({
      accounts,
      roleArn: 'arn:aws:iam::{account}:role/FairwayReadOnly',
      regions: emulated.organization.regions,
    });
    return (await source.scan({ ...EVERYTHING, types }, withoutDeadline())).resources;
  }

  it('are those of the last 14 days scaled to 30, for resources that the bill names by id, ARN or name', async () => {
    const emulated = await startEmulatedAws({ now: NOW, size: 1000 }, at);
    const resources = await scanned(emulated, [
      'ec2:instance',
      'ec2:volume',
      'ec2:natgateway',
      'rds:db',
      'lambda:function',
      's3:bucket',
      'sqs:queue',
    ]);
    const { byArn, currency, period, price } = await emulated.source({}, ports).resourceCosts(resources, withoutDeadline());
    expect({ currency, period }).toEqual({ currency: 'USD', period: { start: '2026-10-18', end: '2026-11-01' } });
    expect(price).toBe('0.01');
    const real = new Map(emulated.organization.resources.map((resource) => [resource.arn, resource]));
    const today = dayOf(NOW);
    const kinds = new Set<string>();
    for (const { arn, type } of resources) {
      const resource = real.get(arn);
      const units = resource === undefined ? 0 : resourceCost(resource, today - 14, today);
      const expected = units === 0 ? undefined : new Big(formatUsd(BigInt(units))).times(30).div(14).toFixed(10);
      expect(byArn.has(arn) ? new Big(byArn.get(arn) ?? 0).toFixed(10) : undefined, arn).toBe(expected);
      if (expected !== undefined) kinds.add(type);
    }
    expect([...kinds].sort()).toEqual([
      'ec2:instance',
      'ec2:natgateway',
      'ec2:volume',
      'lambda:function',
      'rds:db',
      's3:bucket',
      'sqs:queue',
    ]);
  });

  it('are unknown for resources that the bill does not name, and a caveat counts these', async () => {
    const emulated = await startEmulatedAws({ now: NOW }, at);
    const resources = await scanned(emulated, ['ec2:instance', 'ec2:security-group']);
    const { byArn, caveats } = await emulated.source({}, ports).resourceCosts(resources, withoutDeadline());
    const groups = resources.filter(({ type }) => type === 'ec2:security-group');
    expect(groups.length).toBeGreaterThan(0);
    for (const { arn } of groups) expect(byArn.has(arn)).toBe(false);
    expect(caveats).toEqual([expect.stringContaining(`${resources.length - byArn.size} of ${resources.length} resources`)]);
  });

  it('are unknown when the account has not enabled them, and a caveat says how to', async () => {
    const emulated = await startEmulatedAws({ now: NOW }, { ...at, resourceLevelCosts: false });
    const resources = await scanned(emulated, ['ec2:instance']);
    const { byArn, caveats, price } = await emulated.source({}, ports).resourceCosts(resources, withoutDeadline());
    expect({ size: byArn.size, price }).toEqual({ size: 0, price: '0' });
    expect(caveats).toEqual([expect.stringContaining('must be enabled first')]);
  });

  it('are unknown when they are denied, and a caveat names the permission', async () => {
    const emulated = await startEmulatedAws({ now: NOW }, at);
    const resources = await scanned(emulated, ['ec2:instance']);
    emulated.aws.faults.add({ kind: 'access_denied', service: 'ce' });
    const { byArn, caveats } = await emulated.source({}, ports).resourceCosts(resources, withoutDeadline());
    expect(byArn.size).toBe(0);
    expect(caveats).toEqual([expect.stringContaining('allow ce:GetCostAndUsageWithResources')]);
  });

  it("are unknown when the day's budget is used up: the rest of an answer is returned all the same", async () => {
    const emulated = await startEmulatedAws({ now: NOW }, at);
    const resources = await scanned(emulated, ['ec2:instance']);
    const { byArn, caveats, price } = await emulated.source({ costBudgetUsd: 0 }, ports).resourceCosts(resources, withoutDeadline());
    expect({ size: byArn.size, price }).toEqual({ size: 0, price: '0' });
    expect(caveats).toEqual([expect.stringContaining("today's budget of $0 for it is used up")]);
    expect(asked(emulated)).toEqual([]);
  });

  it('are unknown at the deadline, and there in the next call', async () => {
    const emulated = await startEmulatedAws({ now: NOW }, at);
    const resources = await scanned(emulated, ['ec2:instance']);
    emulated.aws.faults.add({ kind: 'slow', service: 'ce', delayMs: 300, times: 1 });
    const source = emulated.source({}, ports);
    const first = await source.resourceCosts(resources, { ...withoutDeadline(), deadline: performance.now() + 150 });
    expect(first.byArn.size).toBe(0);
    expect(first.caveats).toEqual([expect.stringContaining('Ask again in a minute')]);
    expect((await source.resourceCosts(resources, withoutDeadline())).byArn.size).toBeGreaterThan(0);
    expect(asked(emulated)).toHaveLength(1);
  });

  it('are not requested for types that are free', async () => {
    const emulated = await startEmulatedAws({ now: NOW }, at);
    const resources = await scanned(emulated, ['ec2:vpc', 'ec2:security-group']);
    const { byArn, price } = await emulated.source({}, ports).resourceCosts(resources, withoutDeadline());
    expect({ size: byArn.size, price }).toEqual({ size: 0, price: '0' });
    expect(asked(emulated)).toEqual([]);
  });
});
