import {
  CostExplorerClient,
  type Expression,
  GetCostAndUsageCommand,
  type GetCostAndUsageCommandInput,
  GetCostAndUsageWithResourcesCommand,
  GetDimensionValuesCommand,
  GetTagsCommand,
  type GroupDefinition,
  type ResultByTime,
} from '@aws-sdk/client-cost-explorer';
import { chargeCost, dayOf, formatUsd, resourceCost } from '@fairway-mcp/aws-sample';
import { describe, expect, it } from 'vitest';
import { EmulatorHarness, IRREGULAR_PAGES, ORGANIZATION, useEmulator } from '../../emulator.fixture.ts';

const harness = useEmulator({ paging: { ...IRREGULAR_PAGES, maxPageSize: 40 } });
const MANAGEMENT = { account: ORGANIZATION.accounts[0]?.id ?? '', region: 'us-east-1' };
const MEMBER = { account: ORGANIZATION.accounts[1]?.id ?? '', region: 'us-east-1' };
const OCTOBER = { Start: '2026-10-01', End: '2026-11-01' };
const UNTAGGED: Expression = { Tags: { Key: 'Environment', MatchOptions: ['ABSENT'] } };

type Input = Partial<GetCostAndUsageCommandInput>;

/** All pages of an answer: there is no paginator for it. */
async function ask(input: Input = {}, { place = MANAGEMENT, withResources = false } = {}): Promise<ResultByTime[]> {
  const client = harness.client(CostExplorerClient, place);
  const results: ResultByTime[] = [];
  let token: string | undefined;
  do {
    const whole = {
      TimePeriod: OCTOBER,
      Granularity: 'MONTHLY' as const,
      Metrics: ['UnblendedCost'],
      ...input,
      ...(token ? { NextPageToken: token } : {}),
    };
    const { ResultsByTime = [], NextPageToken } = withResources
      ? await client.send(new GetCostAndUsageWithResourcesCommand({ Filter: undefined, ...whole }))
      : await client.send(new GetCostAndUsageCommand(whole));
    results.push(...ResultsByTime);
    token = NextPageToken;
  } while (token !== undefined);
  return results;
}

/** An amount in 1e-10 USD. */
function units(amount: string | undefined): bigint {
  const [whole = '0', decimals = ''] = (amount ?? '0').split('.');
  return BigInt(whole + decimals.padEnd(10, '0'));
}

function total(results: readonly ResultByTime[]): bigint {
  const amounts = results.flatMap(({ Total, Groups = [] }) => [
    Total?.UnblendedCost?.Amount,
    ...Groups.map(({ Metrics }) => Metrics?.UnblendedCost?.Amount),
  ]);
  return amounts.reduce((sum, amount) => sum + units(amount), 0n);
}

/** The organization's cost of some days: of the matching resources and charges. */
function spent(start: string, end: string, matches = (_account: string) => true): bigint {
  const span = [dayOf(start), dayOf(end)] as const;
  const resources = ORGANIZATION.resources
    .filter(({ account }) => matches(account))
    .map((resource) => BigInt(resourceCost(resource, ...span)));
  const charges = ORGANIZATION.sharedCharges.filter(({ account }) => matches(account)).map((charge) => chargeCost(charge, ...span));
  return [...resources, ...charges].reduce((sum, cost) => sum + cost, 0n);
}

function by(Type: GroupDefinition['Type'], Key: string): { GroupBy: GroupDefinition[] } {
  return { GroupBy: [{ Type, Key }] };
}

describe('GetCostAndUsage', () => {
  it('adds up to what the organization costs, to the last decimal', async () => {
    const results = await ask();
    expect(total(results)).toBe(spent('2026-10-01', '2026-11-01'));
    expect(results.at(-1)).toMatchObject({ TimePeriod: OCTOBER, Estimated: false, Total: { UnblendedCost: { Unit: 'USD' } } });
  });

  it('excludes the end date, and has no costs of today', async () => {
    const days = await ask({ TimePeriod: { Start: '2026-11-12', End: '2026-11-20' }, Granularity: 'DAILY' });
    const amounts = days.flatMap(({ TimePeriod, Total }) =>
      Total?.UnblendedCost === undefined ? [] : [[TimePeriod?.Start, Total.UnblendedCost.Amount]],
    );
    expect(amounts.map(([start]) => start)).toEqual(['12', '13', '14', '15', '16', '17', '18', '19'].map((day) => `2026-11-${day}`));
    expect(amounts.slice(3).map(([, amount]) => amount)).toEqual(['0', '0', '0', '0', '0']);
    expect(amounts[0]?.[1]).toBe(formatUsd(spent('2026-11-12', '2026-11-13')));
    expect(days.every(({ Estimated }) => Estimated)).toBe(true);
  });

  it('shortens the first and last month to the period', async () => {
    const periods = (await ask({ TimePeriod: { Start: '2026-09-20', End: '2026-11-10' } })).map(({ TimePeriod }) => [
      TimePeriod?.Start,
      TimePeriod?.End,
    ]);
    expect(periods).toEqual([
      ['2026-09-20', '2026-10-01'],
      ['2026-10-01', '2026-11-01'],
      ['2026-11-01', '2026-11-10'],
    ]);
  });

  it.each([
    by('DIMENSION', 'SERVICE'),
    by('DIMENSION', 'REGION'),
    by('DIMENSION', 'LINKED_ACCOUNT'),
    by('DIMENSION', 'USAGE_TYPE'),
    by('DIMENSION', 'RECORD_TYPE'),
    by('TAG', 'Environment'),
    by('TAG', 'never-activated'),
    by('COST_CATEGORY', 'none'),
    { GroupBy: [...by('TAG', 'Owner').GroupBy, ...by('DIMENSION', 'SERVICE').GroupBy] },
  ])('grouped by %j, adds up to the same', async (input) => {
    expect(total(await ask({ ...input, Granularity: 'DAILY' }))).toBe(spent('2026-10-01', '2026-11-01'));
  });

  it('writes tag groups as key$value, with an empty value for untagged costs', async () => {
    const results = await ask(by('TAG', 'Environment'));
    const groups = new Map(
      results.flatMap(({ Groups = [] }) => Groups.map(({ Keys, Metrics }) => [Keys?.[0], Metrics?.UnblendedCost?.Amount] as const)),
    );
    expect([...groups.keys()]).toEqual(expect.arrayContaining(['Environment$', 'Environment$production']));
    expect(groups.get('Environment$')).toBe(formatUsd(total(await ask({ Filter: UNTAGGED }))));
    expect([...(await ask(by('TAG', 'DataClassification')))].flatMap(({ Groups = [] }) => Groups.flatMap(({ Keys }) => Keys))).toEqual([
      'DataClassification$',
    ]);
  });

  it('filters by tags, dimensions, and, or and not', async () => {
    const everything = spent('2026-10-01', '2026-11-01');
    const untagged = total(await ask({ Filter: UNTAGGED }));
    expect(untagged).toBeGreaterThan(0n);
    expect(total(await ask({ Filter: { Not: UNTAGGED } })) + untagged).toBe(everything);
    expect(total(await ask({ Filter: { Tags: { Key: 'Environment', Values: [''] } } }))).toBe(untagged);
    expect(total(await ask({ Filter: { Tags: { Key: 'Environment' } } }))).toBe(untagged);
    const production: Expression = { Tags: { Key: 'Environment', Values: ['production'], MatchOptions: ['EQUALS', 'CASE_SENSITIVE'] } };
    const staging: Expression = { Tags: { Key: 'Environment', Values: ['staging'] } };
    const either = total(await ask({ Filter: { Or: [production, staging] } }));
    expect(either).toBe(total(await ask({ Filter: production })) + total(await ask({ Filter: staging })));
    expect(total(await ask({ Filter: { And: [production, staging] } }))).toBe(0n);
    const account: Expression = { Dimensions: { Key: 'LINKED_ACCOUNT', Values: [MEMBER.account] } };
    expect(total(await ask({ Filter: account }))).toBe(spent('2026-10-01', '2026-11-01', (id) => id === MEMBER.account));
  });

  it('shows a member account its own spend only', async () => {
    expect(total(await ask({}, { place: MEMBER }))).toBe(spent('2026-10-01', '2026-11-01', (id) => id === MEMBER.account));
  });

  it('names linked accounts, and returns every requested metric', async () => {
    const command = new GetCostAndUsageCommand({
      TimePeriod: OCTOBER,
      Granularity: 'MONTHLY',
      Metrics: ['UNBLENDED_COST', 'AmortizedCost', 'UsageQuantity'],
      ...by('DIMENSION', 'LINKED_ACCOUNT'),
    });
    const kind = new EmulatorHarness();
    await kind.start({});
    try {
      const answer = await kind.client(CostExplorerClient, MANAGEMENT).send(command);
      expect(answer.DimensionValueAttributes).toContainEqual({ Value: MEMBER.account, Attributes: { description: 'production' } });
      expect(Object.keys(answer.ResultsByTime?.[0]?.Groups?.[0]?.Metrics ?? {})).toEqual([
        'UnblendedCost',
        'AmortizedCost',
        'UsageQuantity',
      ]);
      expect(answer.GroupDefinitions).toEqual([{ Type: 'DIMENSION', Key: 'LINKED_ACCOUNT' }]);
    } finally {
      await kind.stop();
    }
  });

  const region: Expression = { Dimensions: { Key: 'REGION', Values: ['eu-central-1'] } };
  it.each<[string, Input]>([
    ['And expression must have at least 2 operands', { Filter: { And: [region] } }],
    ['Dimension RESOURCE_ID is not allowed.', { Filter: { Dimensions: { Key: 'RESOURCE_ID', Values: ['i-1'] } } }],
    ['Expression has zero or more than one roots', { Filter: { ...region, ...UNTAGGED } }],
    ['Match option STARTS_WITH is not supported', { Filter: { Dimensions: { ...region.Dimensions, MatchOptions: ['STARTS_WITH'] } } }],
    ['Start date (and hour) should be before end date (and hour)', { TimePeriod: { Start: '2026-10-01', End: '2026-10-01' } }],
    ['end date past the beginning of next month', { TimePeriod: { Start: '2026-10-01', End: '2026-12-02' } }],
    ['14 months', { TimePeriod: { Start: '2025-08-31', End: '2026-10-01' } }],
    ['GroupBy', { GroupBy: ['SERVICE', 'REGION', 'USAGE_TYPE'].flatMap((key) => by('DIMENSION', key).GroupBy) }],
    ['Invalid metric', { Metrics: ['Guess'] }],
  ])('refuses with %j', async (message, input) => {
    await expect(ask(input)).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringContaining(message) });
  });

  it('rejects an invalid token', async () => {
    const client = harness.client(CostExplorerClient, MANAGEMENT);
    const command = new GetCostAndUsageCommand({
      TimePeriod: OCTOBER,
      Granularity: 'DAILY',
      Metrics: ['UnblendedCost'],
      NextPageToken: 'made-up',
    });
    await expect(client.send(command)).rejects.toMatchObject({ name: 'InvalidNextTokenException' });
  });
});

describe('GetCostAndUsageWithResources', () => {
  const compute: Expression = { Dimensions: { Key: 'SERVICE', Values: ['Amazon Elastic Compute Cloud - Compute'] } };
  const fortnight = { Start: '2026-11-01', End: '2026-11-15' };
  const byResource = by('DIMENSION', 'RESOURCE_ID');

  it('returns the cost of each resource', async () => {
    const results = await ask({ TimePeriod: fortnight, Filter: compute, Granularity: 'DAILY', ...byResource }, { withResources: true });
    const ids = new Set(results.flatMap(({ Groups = [] }) => Groups.flatMap(({ Keys = [] }) => Keys)));
    const running = ORGANIZATION.resources.filter(({ type, cost }) => type === 'ec2:instance' && cost !== undefined).map(({ id }) => id);
    expect([...ids].toSorted()).toEqual(running.toSorted());
    expect(total(results)).toBe(total(await ask({ TimePeriod: fortnight, Filter: compute })));
  });

  it('requires a filter by service, a grouping by resource, and the last 14 days', async () => {
    const refused = (input: Input) =>
      expect(ask({ TimePeriod: fortnight, Filter: compute, ...input }, { withResources: true })).rejects.toMatchObject({
        name: 'ValidationException',
      });
    await refused({});
    await refused({ Filter: UNTAGGED, ...byResource });
    await refused({ TimePeriod: { ...fortnight, Start: '2026-10-31' }, ...byResource });
    const one: Expression = { And: [compute, { Dimensions: { Key: 'RESOURCE_ID', Values: ['i-0'] } }] };
    expect(total(await ask({ TimePeriod: fortnight, Filter: one }, { withResources: true }))).toBe(0n);
  });

  it('is unavailable without the opt-in', async () => {
    const frugal = new EmulatorHarness();
    await frugal.start({ resourceLevelCosts: false });
    try {
      const command = new GetCostAndUsageWithResourcesCommand({
        TimePeriod: fortnight,
        Granularity: 'DAILY',
        Metrics: ['UnblendedCost'],
        Filter: compute,
        ...byResource,
      });
      await expect(frugal.client(CostExplorerClient, MANAGEMENT).send(command)).rejects.toMatchObject({ name: 'DataUnavailableException' });
    } finally {
      await frugal.stop();
    }
  });
});

describe('GetDimensionValues and GetTags', () => {
  it('list the values to group by', async () => {
    const kind = new EmulatorHarness();
    await kind.start({});
    try {
      const client = kind.client(CostExplorerClient, MANAGEMENT);
      const regions = await client.send(new GetDimensionValuesCommand({ TimePeriod: OCTOBER, Dimension: 'REGION' }));
      expect(regions.DimensionValues?.map(({ Value }) => Value)).toEqual([...ORGANIZATION.regions, 'NoRegion', 'global'].toSorted());
      expect(regions.TotalSize).toBe(regions.ReturnSize);
      const accounts = await client.send(
        new GetDimensionValuesCommand({ TimePeriod: OCTOBER, Dimension: 'LINKED_ACCOUNT', SearchString: MEMBER.account }),
      );
      expect(accounts.DimensionValues).toEqual([{ Value: MEMBER.account, Attributes: { description: 'production' } }]);
      const { Tags } = await client.send(new GetTagsCommand({ TimePeriod: OCTOBER }));
      expect(Tags).toEqual([...ORGANIZATION.costAllocationTags].toSorted());
      const values = await client.send(new GetTagsCommand({ TimePeriod: OCTOBER, TagKey: 'Environment', SearchString: 'prod' }));
      expect(values.Tags).toContain('production');
      expect(values.Tags).not.toContain('staging');
    } finally {
      await kind.stop();
    }
  });
});
