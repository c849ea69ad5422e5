import { isAwsDefault } from '@fairway-mcp/aws-sample';
import { describe, expect, it } from 'vitest';
import { typeOfArn } from '../inventory/arn-type.ts';
import { arns, type EmulatedAws, EVERYTHING, startEmulatedAws, visible, withoutDeadline } from './emulated-aws.fixture.ts';
import { READERS } from './readers/index.ts';

const ROLE = 'arn:aws:iam::{account}:role/FairwayReadOnly';

describe('a scan of one account', () => {
  it('finds exactly the resources of the account with their tags, including those that were never tagged', async () => {
    const { organization, source } = await startEmulatedAws();
    const [own = ''] = organization.accounts.map(({ id }) => id);
    const scan = await source().scan(EVERYTHING, withoutDeadline());
    const truth = organization.resources.filter(({ account }) => account === own);
    expect(arns(scan.resources)).toEqual(visible(truth));
    expect(truth.some(({ tags, type }) => tags === undefined && READERS.some((reader) => reader.type === type))).toBe(true);
    const byArn = new Map(truth.map((resource) => [resource.arn, resource]));
    for (const { arn, type, account, region, tags, createdAt } of scan.resources) {
      const real = byArn.get(arn);
      expect({ arn, type, account, region, tags }).toEqual({
        arn,
        type: real?.type,
        account: own,
        region: real?.region,
        tags: real?.tags ?? {},
      });
      expect([undefined, real?.createdAt]).toContain(createdAt);
      expect(typeOfArn(arn)).toBe(type);
    }
    expect(scan.coverage.isComplete).toBe(true);
  });

  it.each(READERS.map(({ type }) => type))('finds all %s resources and no others when the query is for that type', async (type) => {
    const { organization, source } = await startEmulatedAws({ seed: 1, size: 1500 });
    const accounts = organization.accounts.map(({ id }) => id);
    const scan = await source({ accounts, roleArn: ROLE }).scan({ ...EVERYTHING, types: [type] }, withoutDeadline());
    const truth = organization.resources.filter((resource) => resource.type === type);
    expect(truth.some(({ tags }) => tags === undefined)).toBe(true);
    expect(truth.some(({ tags }) => tags !== undefined)).toBe(true);
    expect(arns(scan.resources)).toEqual(arns(truth));
    expect(scan.coverage.entries.every(({ types, status }) => types.join() === type && status === 'complete')).toBe(true);
  });

  it('knows what AWS made by itself: default VPCs, their default subnets, and the default security group of each VPC', async () => {
    const { organization, source } = await startEmulatedAws({ seed: 1, size: 1500 });
    const accounts = organization.accounts.map(({ id }) => id);
    const types = ['ec2:vpc', 'ec2:subnet', 'ec2:security-group', 'ec2:instance'];
    const scan = await source({ accounts, roleArn: ROLE }).scan({ ...EVERYTHING, types }, withoutDeadline());
    const made = organization.resources.filter(isAwsDefault);
    expect(new Set(made.map(({ type }) => type)).size).toBe(3);
    expect(arns(scan.resources.filter(({ isAwsDefault }) => isAwsDefault))).toEqual(arns(made));
  });

  it('finds the tagged resources of a type without a listing, and reports that never-tagged ones cannot be found', async () => {
    const { organization, source } = await startEmulatedAws();
    const accounts = organization.accounts.map(({ id }) => id);
    const scan = await source({ accounts, roleArn: ROLE }).scan({ ...EVERYTHING, types: ['logs:log-group'] }, withoutDeadline());
    expect(arns(scan.resources)).toEqual(visible(organization.resources.filter(({ type }) => type === 'logs:log-group')));
    expect(scan.coverage.isComplete).toBe(false);
    expect(scan.coverage.entries.every(({ reason }) => reason === 'not_supported')).toBe(true);
  });

  it('returns only resources of the requested regions, also for buckets, which are listed once for all regions', async () => {
    const { organization, source, calls } = await startEmulatedAws();
    const scan = await source().scan({ ...EVERYTHING, regions: ['us-east-1'] }, withoutDeadline());
    const [own = ''] = organization.accounts.map(({ id }) => id);
    expect(arns(scan.resources)).toEqual(
      visible(organization.resources.filter(({ account, region }) => account === own && region === 'us-east-1')),
    );
    expect(calls()['ec2:DescribeRegions']).toBeUndefined();
  });

  it('returns the resources of the configured regions and those without a region when the query names no region', async () => {
    const { organization, source } = await startEmulatedAws({ size: 1500 });
    const accounts = organization.accounts.map(({ id }) => id);
    const scan = await source({ accounts, roleArn: ROLE, regions: ['us-east-1'] }).scan(EVERYTHING, withoutDeadline());
    const truth = organization.resources.filter(({ region }) => region === 'us-east-1' || region === 'global');
    expect(arns(scan.resources)).toEqual(visible(truth));
    expect(truth.some(({ region }) => region === 'global')).toBe(true);
  });

  it.each([
    ['configured', { regions: ['eu-central-1'] }, {}],
    ['known when listing the regions is denied', {}, { operation: 'DescribeRegions' }],
  ])('finds resources without a region, which are listed in another region than those that are %s', async (_name, settings, denied) => {
    const { organization, source, aws } = await startEmulatedAws({ size: 1500 });
    if ('operation' in denied) aws.faults.add({ kind: 'access_denied', ...denied });
    const accounts = organization.accounts.map(({ id }) => id);
    const scan = await source({ accounts, roleArn: ROLE, ...settings }).scan(EVERYTHING, withoutDeadline());
    const truth = organization.resources.filter(({ region }) => region === 'eu-central-1' || region === 'global');
    const here = scan.resources.filter(({ type }) => type !== 's3:bucket');
    expect(arns(here)).toEqual(visible(truth.filter(({ type }) => type !== 's3:bucket')));
    expect(here.some(({ type }) => type === 'cloudfront:distribution')).toBe(true);
    const distributions = await source({ accounts, roleArn: ROLE, ...settings }).scan(
      { ...EVERYTHING, types: ['cloudfront:distribution'] },
      withoutDeadline(),
    );
    expect(arns(distributions.resources)).toEqual(visible(organization.resources.filter(({ type }) => type === 'cloudfront:distribution')));
  });

  it('reports a gap when listing resources without a region is denied', async () => {
    const { organization, source, aws } = await startEmulatedAws();
    aws.faults.add({ kind: 'access_denied', service: 'tagging', region: 'us-east-1' });
    const scan = await source({ regions: ['eu-central-1'] }).scan(EVERYTHING, withoutDeadline());
    expect(scan.coverage.entries.filter(({ status }) => status !== 'complete')).toEqual([
      expect.objectContaining({
        account: organization.accounts[0]?.id,
        region: 'global',
        types: ['*'],
        status: 'missing',
        detail: 'Needs tag:GetResources.',
      }),
    ]);
  });

  it('finds the parents of resources', async () => {
    const { organization, source } = await startEmulatedAws();
    const scan = await source().scan(
      { ...EVERYTHING, types: ['ec2:instance', 'ec2:volume', 'ec2:subnet', 'ec2:natgateway'] },
      withoutDeadline(),
    );
    const parents = new Map(organization.resources.map((resource) => [resource.arn, resource.parents]));
    for (const resource of scan.resources) expect(resource.parents).toEqual(parents.get(resource.arn));
    expect(scan.resources.length).toBeGreaterThan(0);
  });

  it('reads listings with short and empty pages to their end', async () => {
    const { organization, source } = await startEmulatedAws({}, { paging: { maxPageSize: 3, shortPages: 0.4, emptyPages: 0.3 } });
    const scan = await source().scan(EVERYTHING, withoutDeadline());
    const [own = ''] = organization.accounts.map(({ id }) => id);
    expect(arns(scan.resources)).toEqual(visible(organization.resources.filter(({ account }) => account === own)));
    expect(scan.coverage.isComplete).toBe(true);
  });

  it('restarts a listing when its page token has expired', async () => {
    let emulated: EmulatedAws | undefined;
    const pages = () => emulated?.aws.requests.filter(({ operation }) => operation === 'DescribeVolumes') ?? [];
    const start = Date.now();
    const now = () => (pages().length < 3 ? start : start + 120_000);
    emulated = await startEmulatedAws({ size: 1500 }, { now, paging: { maxPageSize: 3, tokenLifetimeMs: 60_000 } });
    const { organization, source } = emulated;
    const scan = await source().scan({ ...EVERYTHING, types: ['ec2:volume'], regions: ['eu-central-1'] }, withoutDeadline());
    const [own = ''] = organization.accounts.map(({ id }) => id);
    const truth = organization.resources.filter(
      ({ type, account, region }) => type === 'ec2:volume' && account === own && region === 'eu-central-1',
    );
    expect(arns(scan.resources)).toEqual(arns(truth));
    expect(pages().filter(({ status }) => status === 400)).toHaveLength(1);
    expect(scan.coverage.isComplete).toBe(true);
  });

  it('needs far fewer calls than there are resources', async () => {
    const { organization, source, aws } = await startEmulatedAws({ size: 8000 });
    const accounts = organization.accounts.map(({ id }) => id);
    const { resources } = await source({ accounts, roleArn: ROLE, regions: organization.regions }).scan(EVERYTHING, withoutDeadline());
    expect(resources.length).toBeGreaterThan(7_500);
    expect(aws.requests.length).toBeLessThan(900);
  });

  it('never calls Cost Explorer', async () => {
    const { source, aws } = await startEmulatedAws();
    const scanned = source();
    await scanned.scan(EVERYTHING, withoutDeadline());
    await scanned.doctor(withoutDeadline().signal);
    await scanned.health(withoutDeadline().signal);
    expect(aws.requests.filter(({ service }) => service === 'ce')).toEqual([]);
  });

  it('answers from the cache until a refresh is requested', async () => {
    const { source, aws } = await startEmulatedAws();
    const scanned = source({ regions: ['eu-central-1'] });
    const first = await scanned.scan(EVERYTHING, withoutDeadline());
    aws.clearRequests();
    const second = await scanned.scan(EVERYTHING, withoutDeadline());
    expect(aws.requests).toEqual([]);
    expect(second).toEqual(first);
    const third = await scanned.scan({ ...EVERYTHING, refresh: true }, withoutDeadline());
    expect(aws.requests.length).toBeGreaterThan(0);
    expect(third.resources).toEqual(first.resources);
  });
});

describe('a scan of all types of a service', () => {
  it('finds exactly its resources, also those of types that only the Tagging API lists', async () => {
    const { organization, source } = await startEmulatedAws({ size: 1500 });
    const [own = ''] = organization.accounts.map(({ id }) => id);
    const { resources, coverage } = await source().scan(
      { ...EVERYTHING, types: ['ec2:*', 'cloudfront:*', 's3:bucket'] },
      withoutDeadline(),
    );
    const truth = organization.resources.filter(({ type, account }) => account === own && /^(ec2|cloudfront|s3):/.test(type));
    expect(arns(resources)).toEqual(visible(truth));
    expect(truth.some(({ type }) => type === 'ec2:volume')).toBe(true);
    expect([...new Set(coverage.entries.flatMap(({ types, status }) => (status === 'complete' ? [] : types)))]).toEqual(['cloudfront:*']);
  });

  it('finds the same as a scan of each of its types', async () => {
    const { source } = await startEmulatedAws({ size: 1500 });
    const scanned = source({ regions: ['eu-central-1'] });
    const { resources } = await scanned.scan({ ...EVERYTHING, types: ['rds:*'] }, withoutDeadline());
    const each = await scanned.scan({ ...EVERYTHING, types: ['rds:db', 'rds:cluster'] }, withoutDeadline());
    expect(arns(resources)).toEqual(arns(each.resources));
  });
});

describe('a scan of a region that does not exist', () => {
  it.each([
    ['configured', { regions: ['eu-central-1', 'us-east-11'] }, EVERYTHING],
    ['requested', {}, { ...EVERYTHING, regions: ['eu-central-1', 'us-east-11'] }],
  ])('says so, names the nearest one, and reads the others (%s)', async (_how, settings, query) => {
    const { source, aws } = await startEmulatedAws();
    const { coverage, resources } = await source(settings).scan({ ...query, types: ['ec2:volume'] }, withoutDeadline());
    expect(coverage.entries.filter(({ status }) => status !== 'complete')).toEqual([
      expect.objectContaining({
        region: 'us-east-11',
        status: 'missing',
        reason: 'not_supported',
        detail: 'There is no region "us-east-11". Did you mean "us-east-1"?',
      }),
    ]);
    expect(resources.length).toBeGreaterThan(0);
    expect(aws.requests.filter(({ region }) => region === 'us-east-11')).toEqual([]);
  });

  it('finds a region that is newer than this release', async () => {
    const { source, aws } = await startEmulatedAws({}, { optedInRegions: ['eu-nowhere-1'] });
    const { coverage } = await source().scan({ ...EVERYTHING, types: ['ec2:volume'], regions: ['eu-nowhere-1'] }, withoutDeadline());
    expect(coverage.isComplete).toBe(true);
    expect(aws.requests.some(({ region, operation }) => region === 'eu-nowhere-1' && operation === 'DescribeVolumes')).toBe(true);
  });
});

describe('a scan of several accounts', () => {
  it('assumes the role in each account and finds the resources of all of them', async () => {
    const { organization, source, aws } = await startEmulatedAws({}, { externalId: 'shared-word' });
    const accounts = organization.accounts.map(({ id }) => id);
    const scan = await source({ accounts, roleArn: ROLE, externalId: 'shared-word' }).scan(EVERYTHING, withoutDeadline());
    expect(arns(scan.resources)).toEqual(visible(organization.resources));
    expect(scan.coverage.isComplete).toBe(true);
    const assumed = aws.requests.filter(({ operation }) => operation === 'AssumeRole');
    expect(assumed).toHaveLength(accounts.length - 1);
    expect(assumed.every(({ account }) => account === accounts[0])).toBe(true);
  });

  it('reports an account that cannot be entered once, and scans the others', async () => {
    const { organization, source } = await startEmulatedAws({}, { assumableRoles: ['Another'] });
    const [own = '', other = ''] = organization.accounts.map(({ id }) => id);
    const scan = await source({ accounts: [own, other], roleArn: ROLE }).scan(EVERYTHING, withoutDeadline());
    expect(arns(scan.resources)).toEqual(visible(organization.resources.filter(({ account }) => account === own)));
    const closed = scan.coverage.entries.filter(({ account }) => account === other);
    expect(closed).toHaveLength(1);
    expect(closed[0]).toMatchObject({ region: '*', status: 'missing', reason: 'no_access_to_account' });
    expect(scan.coverage.isComplete).toBe(false);
  });

  it('reports an account that requires another external id', async () => {
    const { organization, source } = await startEmulatedAws({}, { externalId: 'shared-word' });
    const [, other = ''] = organization.accounts.map(({ id }) => id);
    const scan = await source({ accounts: [other], roleArn: ROLE, externalId: 'guess' }).scan(EVERYTHING, withoutDeadline());
    expect(scan.resources).toEqual([]);
    expect(scan.coverage.entries).toEqual([expect.objectContaining({ account: other, reason: 'no_access_to_account' })]);
  });

  it('refuses an account that is not configured', async () => {
    const { organization, source } = await startEmulatedAws();
    const [own = '', other = ''] = organization.accounts.map(({ id }) => id);
    const scan = await source({ accounts: [own] }).scan({ ...EVERYTHING, accounts: [other] }, withoutDeadline());
    expect(scan.resources).toEqual([]);
    expect(scan.coverage.entries).toEqual([expect.objectContaining({ account: other, reason: 'no_access_to_account' })]);
  });
});

describe('inventory name', () => {
  it('consists of the configured accounts and regions, without a call to AWS', async () => {
    const { source, aws } = await startEmulatedAws();
    const settings = { accounts: ['222233334444', '111122223333'], regions: ['us-east-1'] };
    expect(await source(settings).inventoryName(withoutDeadline())).toBe('aws accounts=111122223333,222233334444 regions=us-east-1');
    expect(await source({ ...settings, accounts: settings.accounts.toReversed() }).inventoryName(withoutDeadline())).toBe(
      'aws accounts=111122223333,222233334444 regions=us-east-1',
    );
    expect(aws.requests).toEqual([]);
  });

  it('consists of the account of the credentials when none is configured', async () => {
    const { organization, source } = await startEmulatedAws();
    expect(await source().inventoryName(withoutDeadline())).toBe(`aws accounts=${organization.accounts[0]?.id} regions=*`);
  });
});

describe('scope', () => {
  it('is the account of the credentials and its enabled regions when nothing is configured', async () => {
    const { organization, source } = await startEmulatedAws();
    const { accounts, regions } = await source().scope(withoutDeadline().signal);
    expect(accounts).toEqual([organization.accounts[0]?.id]);
    expect(regions).toEqual(expect.arrayContaining([...organization.regions]));
  });

  it('consists of the configured accounts and regions', async () => {
    const { organization, source } = await startEmulatedAws();
    const accounts = organization.accounts.map(({ id }) => id);
    await expect(source({ accounts, roleArn: ROLE, regions: ['eu-west-1'] }).scope(withoutDeadline().signal)).resolves.toEqual({
      accounts,
      regions: ['eu-west-1'],
    });
  });
});
