import { generateOrganization, type Organization } from '@fairway-mcp/aws-sample';
import { Big } from 'big.js';
import { describe, expect, it } from 'vitest';
import { listedTag } from '../inventory/required-tag.fixture.ts';
import type { CallContext, ScanQuery } from '../inventory/source.ts';
import { createSampleSource } from './sample-source.ts';

const OPTIONS = { seed: 11, size: 600 };
const EVERYTHING: ScanQuery = { types: [], regions: [], accounts: [], refresh: false };

function callContext(part: Partial<CallContext> = {}): CallContext {
  return { signal: new AbortController().signal, deadline: undefined, progress: () => undefined, ...part };
}

function organization(): Organization {
  return generateOrganization(OPTIONS);
}

describe('sample source', () => {
  it('says that it is a sample, and gives the same answers every time', async () => {
    const [one, other] = [createSampleSource(OPTIONS), createSampleSource(OPTIONS)];
    expect(one.isSample).toBe(true);
    expect(await one.scan(EVERYTHING, callContext())).toEqual(await other.scan(EVERYTHING, callContext()));
    expect((await createSampleSource({ ...OPTIONS, seed: 12 }).scan(EVERYTHING, callContext())).id).not.toBe(
      (await one.scan(EVERYTHING, callContext())).id,
    );
  });

  it('lists the organization with its tags, except for what a real account would hide', async () => {
    const { resources } = await createSampleSource(OPTIONS).scan(EVERYTHING, callContext());
    const real = new Map(organization().resources.map((resource) => [resource.arn, resource]));
    expect(resources.length).toBeGreaterThan(0.95 * OPTIONS.size);
    for (const { arn, tags } of resources) expect(tags).toEqual(real.get(arn)?.tags ?? {});
    const seen = new Set(resources.map(({ arn }) => arn));
    expect(organization().resources.filter(({ arn, tags }) => !seen.has(arn) && tags !== undefined)).toEqual([]);
  });

  it('has one gap in its coverage, which names the permission that is missing', async () => {
    const { coverage } = await createSampleSource(OPTIONS).scan(EVERYTHING, callContext());
    expect(coverage.isComplete).toBe(false);
    expect(coverage.entries.filter(({ status }) => status !== 'complete')).toEqual([
      expect.objectContaining({ types: ['lambda:function'], reason: 'access_denied', detail: 'Needs lambda:ListFunctions.' }),
    ]);
    const other = await createSampleSource(OPTIONS).scan({ ...EVERYTHING, types: ['s3:bucket'] }, callContext());
    expect(other.coverage.isComplete).toBe(true);
  });

  it('reports the same gaps as a real account for types that only the Tagging API lists', async () => {
    const source = createSampleSource(OPTIONS);
    const { resources, coverage } = await source.scan({ ...EVERYTHING, types: ['kms:key', 's3:bucket'] }, callContext());
    expect(coverage.isComplete).toBe(false);
    const gaps = coverage.entries.filter(({ status }) => status !== 'complete');
    expect(gaps.every(({ types, reason }) => types.join() === 'kms:key' && reason === 'not_supported')).toBe(true);
    expect(coverage.entries.reduce((sum, entry) => sum + entry.resources, 0)).toBe(resources.length);
    const neverTagged = organization().resources.filter(({ type, tags }) => type === 'kms:key' && tags === undefined);
    expect(resources.filter(({ arn }) => neverTagged.some((one) => one.arn === arn))).toEqual([]);
  });

  it('has another inventory name for each seed and size', async () => {
    const organizations = [OPTIONS, { ...OPTIONS, seed: 12 }, { ...OPTIONS, size: 601 }].map((options) =>
      createSampleSource(options).inventoryName(callContext()),
    );
    expect(await Promise.all(organizations)).toEqual(['sample seed=11 size=600', 'sample seed=12 size=600', 'sample seed=11 size=601']);
  });

  it('returns exactly the requested types, regions and accounts', async () => {
    const source = createSampleSource(OPTIONS);
    const whole = await source.scan(EVERYTHING, callContext());
    const query = { ...EVERYTHING, types: ['ec2:instance', 'ec2:volume'], regions: ['eu-central-1'], accounts: ['222233334444'] };
    const { resources } = await source.scan(query, callContext());
    const fits = whole.resources.filter(
      ({ type, region, account }) => query.types.includes(type) && region === 'eu-central-1' && account === '222233334444',
    );
    expect(resources).toEqual(fits);
    expect(fits.length).toBeGreaterThan(0);
  });

  it('reports an account that it does not have', async () => {
    const { resources, coverage } = await createSampleSource(OPTIONS).scan({ ...EVERYTHING, accounts: ['999900001111'] }, callContext());
    expect(resources).toEqual([]);
    expect(coverage.entries).toEqual([expect.objectContaining({ account: '999900001111', reason: 'no_access_to_account' })]);
  });

  it('reports progress, and stops when it is cancelled', async () => {
    const told: number[] = [];
    await createSampleSource(OPTIONS).scan(EVERYTHING, callContext({ progress: (done) => told.push(done) }));
    expect(told.length).toBeGreaterThan(5);
    expect(told).toEqual([...new Set(told)].toSorted((a, b) => a - b));
    const stopped = createSampleSource(OPTIONS).scan(EVERYTHING, callContext({ signal: AbortSignal.abort(new Error('enough')) }));
    await expect(stopped).rejects.toThrow('enough');
  });

  it('finds the surroundings of a resource', async () => {
    const source = createSampleSource(OPTIONS);
    const volume = organization().resources.find(({ type, parents }) => type === 'ec2:volume' && parents.length > 0);
    const { parents } = await source.surroundings({ arn: volume?.arn ?? '', refresh: false }, callContext());
    expect(parents.map(({ type }) => type)).toEqual(['ec2:instance', 'ec2:subnet', 'ec2:vpc']);
    const lambda = organization().resources.find((one) => one.type === 'lambda:function');
    const { resource, principals } = await source.surroundings({ arn: lambda?.arn ?? '', refresh: false }, callContext());
    expect(resource?.arn).toBe(lambda?.arn);
    expect(principals.map(({ relation }) => relation)).toContain('runs as');
    const nothing = await source.surroundings({ arn: 'arn:aws:ec2:eu-central-1:111122223333:vpc/vpc-0', refresh: false }, callContext());
    expect(nothing).toMatchObject({ resource: undefined, parents: [], principals: [] });
  });
});

describe('sample costs', () => {
  const spend = {
    start: '2026-10-01',
    end: '2026-11-01',
    accounts: [],
    regions: [],
    required: [listedTag('CostCenter')],
  };

  it('are unknown for resources without a bill, and known for the others', async () => {
    const source = createSampleSource(OPTIONS);
    const { resources } = await source.scan({ ...EVERYTHING, types: ['ec2:instance', 'ec2:vpc'] }, callContext());
    const { byArn, caveats, price } = await source.resourceCosts(resources, callContext());
    const costly = new Set(organization().resources.flatMap(({ arn, cost }) => (cost === undefined ? [] : [arn])));
    for (const { arn } of resources) expect(byArn.has(arn)).toBe(costly.has(arn));
    expect(price).toBe('0');
    expect(caveats).toEqual([expect.stringContaining('unknown, which is not zero')]);
  });

  it('have the same total for every grouping', async () => {
    const source = createSampleSource(OPTIONS);
    const sums = await Promise.all(
      (['account', 'region', 'resource_type'] as const).map(async (groupBy) => {
        const { groups } = await source.attributedSpend({ ...spend, groupBy }, callContext());
        for (const { total, attributable } of groups) expect(new Big(attributable).lte(total)).toBe(true);
        const add = (part: 'total' | 'attributable') => groups.reduce((sum, group) => sum.plus(group[part]), new Big(0)).toFixed();
        return { total: add('total'), attributable: add('attributable') };
      }),
    );
    expect(new Set(sums.map((sum) => JSON.stringify(sum))).size).toBe(1);
    expect(new Big(sums[0]?.attributable ?? 0).gt(0)).toBe(true);
    expect(new Big(sums[0]?.attributable ?? 0).lt(sums[0]?.total ?? 0)).toBe(true);
  });

  it('of a region are part of the total', async () => {
    const source = createSampleSource(OPTIONS);
    const whole = await source.attributedSpend({ ...spend, groupBy: 'region' }, callContext());
    const part = await source.attributedSpend({ ...spend, groupBy: 'region', regions: ['us-east-1'] }, callContext());
    expect(part.groups).toEqual(whole.groups.filter(({ key }) => key === 'us-east-1'));
  });

  it('are not attributable by a tag that is not activated, and the caveat says so', async () => {
    const required = [listedTag('constructor')];
    const { groups, caveats } = await createSampleSource(OPTIONS).attributedSpend(
      { ...spend, required, groupBy: 'account' },
      callContext(),
    );
    expect(groups.every(({ attributable }) => attributable === '0')).toBe(true);
    expect(caveats).toContainEqual(expect.stringContaining('The tag constructor is not activated'));
  });

  it.each([
    ['in the future', '2027-01-01', '2027-02-01'],
    ['that ends in the future', '2026-10-01', '2026-11-03'],
    ['of years ago', '2020-01-01', '2020-02-01'],
  ])('of a period %s are refused, with the period that there is', async (_, start, end) => {
    const asked = createSampleSource(OPTIONS).attributedSpend({ ...spend, start, end, groupBy: 'account' }, callContext());
    await expect(asked).rejects.toThrow(`the bill of the sample organization covers 2025-10-01/2026-11-01, not ${start}/${end}.`);
  });

  it('end with the inventory', async () => {
    const source = createSampleSource(OPTIONS);
    const { asOf } = await source.scan(EVERYTHING, callContext());
    expect(source.billedUntil?.toISOString()).toBe(asOf);
    const { groups } = await source.attributedSpend(
      { ...spend, start: '2026-11-01', end: '2026-11-02', groupBy: 'account' },
      callContext(),
    );
    expect(groups).toEqual([]);
  });
});
