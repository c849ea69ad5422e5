import {
  GetResourcesCommand,
  type GetResourcesCommandInput,
  paginateGetResources,
  paginateGetTagKeys,
  paginateGetTagValues,
  ResourceGroupsTaggingAPIClient,
} from '@aws-sdk/client-resource-groups-tagging-api';
import { sampleOrganizationsTagPolicy } from '@fairway-mcp/aws-sample';
import { describe, expect, it } from 'vitest';
import {
  all,
  busiest,
  EmulatorHarness,
  IRREGULAR_PAGES,
  NOW,
  ORGANIZATION,
  tagTable,
  trueTable,
  useEmulator,
} from '../../emulator.fixture.ts';

const harness = useEmulator({ paging: IRREGULAR_PAGES });
const { account, region } = busiest('ec2:instance');
const place = { account, region };
const here = ORGANIZATION.resources.filter((resource) => resource.account === account && resource.region === region);
const tagged = here.filter(({ tags }) => tags !== undefined);

const POLICY_KEYS = Object.values(sampleOrganizationsTagPolicy.tags).map(({ tag_key }) => tag_key);

/** Whether a key is the policy's but for letter case. */
function isMisspelt(key: string): boolean {
  return !POLICY_KEYS.includes(key) && POLICY_KEYS.some((right) => right.toLowerCase() === key.toLowerCase());
}

const client = () => harness.client(ResourceGroupsTaggingAPIClient, place);
const list = (input: GetResourcesCommandInput = {}) =>
  all(paginateGetResources({ client: client() }, input), (page) => page.ResourceTagMappingList);
const arns = async (input: GetResourcesCommandInput) => (await list(input)).map(({ ResourceARN }) => ResourceARN);

describe('GetResources', () => {
  it('lists, page by page, resources that have or once had tags, and none that was never tagged', async () => {
    const found = await list();
    expect(tagTable(found.map(({ ResourceARN: id, Tags: tags }) => ({ id, tags })))).toEqual(trueTable(tagged, ({ arn }) => arn));
    expect(found.filter(({ Tags }) => Tags?.length === 0).length).toBeGreaterThan(0);
    expect(here.length).toBeGreaterThan(tagged.length);
  });

  it('continues after empty pages and ends with an empty token', async () => {
    const sizes: number[] = [];
    let last: string | undefined;
    for await (const { ResourceTagMappingList = [], PaginationToken } of paginateGetResources({ client: client() }, {})) {
      sizes.push(ResourceTagMappingList.length);
      last = PaginationToken;
    }
    expect(last).toBe('');
    expect(sizes.slice(0, -1)).toContain(0);
  });

  it.each(['ec2', 'ec2:volume', 's3', 's3:bucket', 'sns:topic', 'elasticloadbalancing:loadbalancer', 'kms:key'])(
    'filters by type %s',
    async (type) => {
      const wanted = tagged.filter((resource) => resource.type === type || resource.type.startsWith(`${type}:`));
      expect(await arns({ ResourceTypeFilters: [type] })).toEqual(wanted.map(({ arn }) => arn));
    },
  );

  it('filters by tags: any value of a key, all keys', async () => {
    const wanted = tagged.filter(({ tags = {} }) => ['production', 'staging'].includes(tags.Environment ?? '') && tags.Owner !== undefined);
    expect(await arns({ TagFilters: [{ Key: 'Environment', Values: ['production', 'staging'] }, { Key: 'Owner' }] })).toEqual(
      wanted.map(({ arn }) => arn),
    );
  });

  it('looks up ARNs, and leaves out those that do not exist or were never tagged', async () => {
    const never = here.find(({ tags }) => tags === undefined)?.arn ?? '';
    const wanted = tagged.slice(0, 2).map(({ arn }) => arn);
    const command = new GetResourcesCommand({ ResourceARNList: [...wanted, never, 'arn:aws:sqs:eu-central-1:123456789012:nobody'] });
    const { ResourceTagMappingList = [], PaginationToken } = await client().send(command);
    expect(ResourceTagMappingList.map(({ ResourceARN }) => ResourceARN)).toEqual(wanted);
    expect(PaginationToken).toBe('');
  });

  it('does not look up what is in another region', async () => {
    const elsewhere = ORGANIZATION.resources.find(({ account, region, tags }) => {
      return account === here[0]?.account && region !== here[0]?.region && region !== 'global' && tags !== undefined;
    });
    const { ResourceTagMappingList } = await client().send(new GetResourcesCommand({ ResourceARNList: [elsewhere?.arn ?? ''] }));
    expect(elsewhere).toBeDefined();
    expect(ResourceTagMappingList).toEqual([]);
  });

  it('returns compliance with the effective tag policy', async () => {
    const found = await list({ IncludeComplianceDetails: true });
    const offenders = found.filter(({ ComplianceDetails }) => ComplianceDetails?.ComplianceStatus === false);
    const keys = found.map(({ ComplianceDetails }) => ComplianceDetails?.NoncompliantKeys);
    expect(keys).toEqual(tagged.map(({ tags = {} }) => Object.keys(tags).filter(isMisspelt)));
    expect(offenders.length).toBeGreaterThan(0);
    expect(await arns({ IncludeComplianceDetails: true, ExcludeCompliantResources: true })).toEqual(
      offenders.map(({ ResourceARN }) => ResourceARN),
    );
  });

  it('lists resources without a region in us-east-1', async () => {
    const global = ORGANIZATION.resources.find((resource) => resource.region === 'global' && resource.tags !== undefined);
    const owner = { account: global?.account ?? '', region: 'us-east-1' };
    const pages = paginateGetResources(
      { client: harness.client(ResourceGroupsTaggingAPIClient, owner) },
      { ResourceTypeFilters: ['cloudfront'] },
    );
    expect((await all(pages, (page) => page.ResourceTagMappingList)).map(({ ResourceARN }) => ResourceARN)).toContain(global?.arn);
  });

  const arn = tagged[0]?.arn ?? '';
  it.each<GetResourcesCommandInput>([
    { ResourceARNList: [arn], TagFilters: [{ Key: 'Owner' }] },
    { ResourceARNList: [arn], ResourceTypeFilters: ['ec2'] },
    { ResourceARNList: [arn], ResourcesPerPage: 10 },
    { ResourceARNList: new Array<string>(101).fill(arn) },
    { ResourceARNList: [arn, `arn:aws:sqs:eu-central-1:123456789012:${'n'.repeat(1000)}`] },
    { ResourceARNList: [arn, 'no-arn'] },
    { ResourcesPerPage: 101 },
    { ResourcesPerPage: 0 },
    { TagsPerPage: 99 },
    { TagFilters: Array.from({ length: 51 }, (_, index) => ({ Key: `key-${index}` })) },
    { ExcludeCompliantResources: true },
    { PaginationToken: 'made-up' },
  ])('refuses %j', async (input) => {
    await expect(client().send(new GetResourcesCommand(input))).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('keeps the tags of a resource on one page when pages are limited by tags', async () => {
    const found = await list({ TagsPerPage: 100 });
    expect(found.map(({ ResourceARN }) => ResourceARN)).toEqual(tagged.map(({ arn: own }) => own));
  });
});

describe('a pagination token', () => {
  it('is valid for 15 minutes and for its own request only', async () => {
    let now = NOW;
    const clocked = new EmulatorHarness();
    await clocked.start({ now: () => now });
    try {
      const api = clocked.client(ResourceGroupsTaggingAPIClient, place);
      const { PaginationToken } = await api.send(new GetResourcesCommand({ ResourcesPerPage: 1 }));
      const other = new GetResourcesCommand({ ResourcesPerPage: 2, PaginationToken });
      await expect(api.send(other)).rejects.toMatchObject({ name: 'InvalidParameterException' });
      now += 15 * 60_000;
      await api.send(new GetResourcesCommand({ ResourcesPerPage: 1, PaginationToken }));
      now += 1;
      await expect(api.send(new GetResourcesCommand({ ResourcesPerPage: 1, PaginationToken }))).rejects.toMatchObject({
        name: 'PaginationTokenExpiredException',
      });
    } finally {
      await clocked.stop();
    }
  });
});

describe('GetTagKeys and GetTagValues', () => {
  it('list the keys and values in use', async () => {
    const keys = await all(paginateGetTagKeys({ client: client() }, {}), ({ TagKeys }) => TagKeys);
    expect(keys).toEqual([...new Set(tagged.flatMap(({ tags = {} }) => Object.keys(tags)))].toSorted());
    const values = await all(paginateGetTagValues({ client: client() }, { Key: 'Environment' }), ({ TagValues }) => TagValues);
    expect(values).toEqual([...new Set(tagged.flatMap(({ tags }) => tags?.Environment ?? []))].toSorted());
  });
});
