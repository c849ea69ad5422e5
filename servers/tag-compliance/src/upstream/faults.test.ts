import { describe, expect, it } from 'vitest';
import type { CoverageEntry } from '../inventory/coverage.ts';
import type { Scan } from '../inventory/source.ts';
import { arns, type EmulatedAws, EVERYTHING, startEmulatedAws, visible, withoutDeadline } from './emulated-aws.fixture.ts';

const ROLE = 'arn:aws:iam::{account}:role/FairwayReadOnly';
const HERE = ['eu-central-1'];

function gaps({ coverage }: Scan): CoverageEntry[] {
  return coverage.entries.filter(({ status }) => status !== 'complete');
}

/** What the credentials' own account has in the one region that most of these tests look at, and what has no region. */
function truth({ organization }: EmulatedAws) {
  const [own] = organization.accounts;
  return organization.resources.filter(({ account, region }) => account === own?.id && (region === 'eu-central-1' || region === 'global'));
}

describe('a service whose listing is denied', () => {
  it('leaves a gap that names the permission, and its tagged resources are still found', async () => {
    const emulated = await startEmulatedAws();
    emulated.aws.faults.add({ kind: 'access_denied', service: 'lambda' });
    const scan = await emulated.source({ regions: HERE }).scan(EVERYTHING, withoutDeadline());
    const seen = truth(emulated).filter(({ type, tags }) => type !== 'lambda:function' || tags !== undefined);
    expect(arns(scan.resources)).toEqual(visible(seen));
    expect(gaps(scan)).toEqual([
      expect.objectContaining({
        types: ['lambda:function'],
        status: 'partial',
        reason: 'access_denied',
        detail: 'Needs lambda:ListFunctions.',
      }),
    ]);
  });

  it('in one region leaves a gap in that region only', async () => {
    const emulated = await startEmulatedAws();
    emulated.aws.faults.add({ kind: 'access_denied', service: 'ec2', operation: 'DescribeVolumes', region: 'us-east-1' });
    const scan = await emulated
      .source({ regions: ['eu-central-1', 'us-east-1'] })
      .scan({ ...EVERYTHING, types: ['ec2:volume'] }, withoutDeadline());
    expect(gaps(scan).map(({ region }) => region)).toEqual(['us-east-1']);
    const here = truth(emulated).filter(({ type }) => type === 'ec2:volume');
    expect(arns(scan.resources.filter(({ region }) => region === 'eu-central-1'))).toEqual(arns(here));
  });

  it('in one account leaves a gap in that account only', async () => {
    const emulated = await startEmulatedAws();
    const [own = '', other = ''] = emulated.organization.accounts.map(({ id }) => id);
    emulated.aws.faults.add({ kind: 'access_denied', service: 's3', account: other });
    const query = { ...EVERYTHING, types: ['s3:bucket'] };
    const scan = await emulated.source({ accounts: [own, other], roleArn: ROLE }).scan(query, withoutDeadline());
    expect(gaps(scan)).toEqual([expect.objectContaining({ account: other, detail: 'Needs s3:ListAllMyBuckets.' })]);
    const buckets = emulated.organization.resources.filter(({ account, type }) => account === own && type === 's3:bucket');
    expect(arns(scan.resources)).toEqual(arns(buckets));
  });
});

describe('a denied Tagging API', () => {
  it('is replaced by calls to the services, so that only resources without another listing are missing', async () => {
    const emulated = await startEmulatedAws();
    emulated.aws.faults.add({ kind: 'access_denied', service: 'tagging' });
    const scan = await emulated.source({ regions: HERE }).scan(EVERYTHING, withoutDeadline());
    const listed = truth(emulated).filter(({ type }) => !/^(kms|secretsmanager|logs|cloudwatch|ecr|states|cloudfront):/.test(type));
    expect(arns(scan.resources)).toEqual(arns(listed));
    const tags = new Map(listed.map((resource) => [resource.arn, resource.tags ?? {}]));
    for (const resource of scan.resources) expect(resource.tags).toEqual(tags.get(resource.arn));
    const denied = { types: ['*'], status: 'missing', detail: 'Needs tag:GetResources.' };
    expect(gaps(scan)).toEqual(['eu-central-1', 'global'].map((region) => expect.objectContaining({ region, ...denied })));
  });

  it('together with the tag calls of a service: what has unknown tags is left out, never shown as untagged', async () => {
    const emulated = await startEmulatedAws();
    emulated.aws.faults.add({ kind: 'access_denied', service: 'tagging' });
    emulated.aws.faults.add({ kind: 'access_denied', service: 'sqs', operation: 'ListQueueTags' });
    const scan = await emulated.source({ regions: HERE }).scan({ ...EVERYTHING, types: ['sqs:queue'] }, withoutDeadline());
    const queues = truth(emulated).filter(({ type }) => type === 'sqs:queue').length;
    expect(queues).toBeGreaterThan(0);
    expect(scan.resources).toEqual([]);
    expect(gaps(scan)).toEqual([
      expect.objectContaining({
        status: 'missing',
        reason: 'access_denied',
        detail: `Needs tag:GetResources or sqs:ListQueueTags. Left out, as their tags are unknown: ${queues}.`,
      }),
    ]);
  });
});

describe('buckets that are listed without their region', () => {
  const buckets = { ...EVERYTHING, types: ['s3:bucket'] };

  it('are located one by one, whatever the home region of the server', async () => {
    const emulated = await startEmulatedAws({}, { bucketRegions: false });
    const accounts = emulated.organization.accounts.map(({ id }) => id);
    const scan = await emulated.source({ accounts, roleArn: ROLE }).scan(buckets, withoutDeadline());
    const real = emulated.organization.resources.filter(({ type }) => type === 's3:bucket');
    expect(new Set(real.map(({ region }) => region)).size).toBeGreaterThan(2);
    const shown = (list: readonly { arn: string; region: string; tags?: object | undefined }[]) =>
      list.map(({ arn, region, tags = {} }) => ({ arn, region, tags })).toSorted((a, b) => (a.arn < b.arn ? -1 : 1));
    expect(shown(scan.resources)).toEqual(shown(real));
    expect(scan.coverage.isComplete).toBe(true);
  });

  it('are left out and counted when locating them is denied', async () => {
    const emulated = await startEmulatedAws({}, { bucketRegions: false });
    emulated.aws.faults.add({ kind: 'access_denied', service: 's3', operation: 'GetBucketLocation', after: 1 });
    const scan = await emulated.source({}).scan(buckets, withoutDeadline());
    const own = emulated.organization.resources.filter(
      ({ type, account }) => type === 's3:bucket' && account === emulated.organization.accounts[0]?.id,
    );
    expect(scan.resources).toHaveLength(1);
    expect(gaps(scan)).toEqual([
      expect.objectContaining({
        status: 'partial',
        reason: 'access_denied',
        detail: `Needs s3:GetBucketLocation. Left out, as their regions are unknown: ${own.length - 1}.`,
      }),
    ]);
  });
});

describe('a service that fails', () => {
  it.each([
    ['throttled', 'throttled'],
    ['internal_error', 'unavailable'],
    ['unavailable', 'unavailable'],
    ['garbage', 'unavailable'],
    ['truncated', 'unavailable'],
    ['disconnect', 'unavailable'],
    ['hang', 'unavailable'],
    ['opt_in_required', 'not_supported'],
    ['region_disabled', 'access_denied'],
  ] as const)('(%s) is a gap, and nothing else is lost', async (kind, reason) => {
    const emulated = await startEmulatedAws();
    const broken = ['ec2', 'rds', 's3', 'dynamodb', 'elasticfilesystem'];
    for (const service of broken) emulated.aws.faults.add({ kind, service });
    // Long enough that only what never answers is late, on a busy machine too.
    const scan = await emulated.source({ regions: HERE, requestTimeoutSeconds: 4 }).scan(EVERYTHING, withoutDeadline());
    const well = /^(lambda|ecs|elasticloadbalancing|sns|sqs|kms|secretsmanager|logs|cloudwatch|ecr|states):/;
    expect(arns(scan.resources)).toEqual(expect.arrayContaining(visible(truth(emulated).filter(({ type }) => well.test(type)))));
    const missing = gaps(scan);
    expect(new Set(missing.flatMap(({ types }) => types.map((type) => type.split(':')[0])))).toEqual(new Set(broken));
    expect(new Set(missing.map((entry) => entry.reason))).toEqual(new Set([reason]));
  });

  it('is called again, and a throttled call that succeeds then leaves no gap', async () => {
    const emulated = await startEmulatedAws();
    emulated.aws.faults.add({ kind: 'throttled', service: 'sns', times: 1 });
    emulated.aws.faults.add({ kind: 'internal_error', service: 'sqs', times: 1 });
    emulated.aws.faults.add({ kind: 'disconnect', service: 'rds', times: 1 });
    const scan = await emulated.source({ regions: HERE, attempts: 3 }).scan(EVERYTHING, withoutDeadline());
    expect(arns(scan.resources)).toEqual(visible(truth(emulated)));
    expect(scan.coverage.isComplete).toBe(true);
  });

  it('does not reveal what the service answered', async () => {
    const emulated = await startEmulatedAws();
    emulated.aws.faults.add({ kind: 'access_denied', service: 'dynamodb' });
    const scan = await emulated.source({ regions: HERE }).scan({ ...EVERYTHING, types: ['dynamodb:table'] }, withoutDeadline());
    expect(gaps(scan).map(({ detail }) => detail)).toEqual(['Needs dynamodb:ListTables.']);
  });
});

describe('credentials', () => {
  it('that have expired end the scan with an error that says what to do', async () => {
    const emulated = await startEmulatedAws();
    emulated.aws.faults.add({ kind: 'expired_credentials', service: 'sts' });
    const accounts = emulated.organization.accounts.map(({ id }) => id);
    for (const settings of [{}, { accounts, roleArn: ROLE }])
      await expect(emulated.source(settings).scan(EVERYTHING, withoutDeadline())).rejects.toMatchObject({
        name: 'ToolError',
        kind: 'upstream_rejected',
      });
  });

  it('that cannot be confirmed before the deadline end the scan before the deadline', async () => {
    const emulated = await startEmulatedAws();
    emulated.aws.faults.add({ kind: 'hang', service: 'sts' });
    const scanning = emulated.source().scan(EVERYTHING, { ...withoutDeadline(), deadline: performance.now() + 150 });
    await expect(scanning).rejects.toMatchObject({ name: 'ToolError', kind: 'timeout' });
  });

  it('that may not list the regions scan the home region, and the coverage says so', async () => {
    const emulated = await startEmulatedAws();
    emulated.aws.faults.add({ kind: 'access_denied', service: 'ec2', operation: 'DescribeRegions' });
    const scan = await emulated.source().scan({ ...EVERYTHING, types: ['ec2:vpc'] }, withoutDeadline());
    expect(new Set(scan.resources.map(({ region }) => region))).toEqual(new Set(HERE));
    expect(gaps(scan)).toEqual([
      expect.objectContaining({ region: '*', reason: 'access_denied', detail: expect.stringContaining('ec2:DescribeRegions') }),
    ]);
  });
});

describe('time limits', () => {
  it('answer at the deadline with what was read and what is missing, and the next scan continues from there', async () => {
    const emulated = await startEmulatedAws();
    const release = emulated.aws.faults.add({ kind: 'slow', service: 'rds', delayMs: 4_000 });
    const source = emulated.source({ regions: HERE });
    const first = await source.scan(EVERYTHING, { ...withoutDeadline(), deadline: performance.now() + 3_000 });
    expect(
      gaps(first)
        .flatMap(({ types }) => types)
        .sort(),
    ).toEqual(['rds:cluster', 'rds:db']);
    expect(gaps(first)[0]).toMatchObject({ reason: 'not_reached', detail: expect.stringMatching(/^Ask again: \d+ of \d+ parts/) });
    expect(first.resources.length).toBeGreaterThan(0);
    release();
    emulated.aws.clearRequests();
    const second = await source.scan(EVERYTHING, withoutDeadline());
    expect(second.coverage.isComplete).toBe(true);
    expect(arns(second.resources)).toEqual(visible(truth(emulated)));
    expect(second.id).not.toBe(first.id);
    // The slow calls were on their way already, and all else was there.
    expect(emulated.aws.requests.filter(({ service }) => service !== 'rds')).toEqual([]);
  });

  it('stop every request when the caller cancels', async () => {
    const emulated = await startEmulatedAws({ size: 3000 }, { paging: { maxPageSize: 2 } });
    const controller = new AbortController();
    const scanning = emulated.source({ concurrency: 4 }).scan(EVERYTHING, {
      ...withoutDeadline(controller.signal),
      progress: (done) => done > 5 && controller.abort(new Error('enough')),
    });
    await expect(scanning).rejects.toThrow('enough');
    await emulated.source({ regions: HERE }).scope(withoutDeadline().signal);
    const soFar = emulated.aws.requests.length;
    await new Promise((resolve) => setImmediate(resolve));
    expect(emulated.aws.requests.length).toBe(soFar);
    expect(soFar).toBeLessThan(400);
  });

  it('report progress of a long scan that always grows and ends at the total', async () => {
    const emulated = await startEmulatedAws();
    const told: [number, number][] = [];
    await emulated.source().scan(EVERYTHING, { ...withoutDeadline(), progress: (done, total) => told.push([done, total]) });
    const done = told.map(([value]) => value);
    expect(done).toEqual([...new Set(done)].toSorted((a, b) => a - b));
    expect(told.at(-1)?.[0]).toBe(told.at(-1)?.[1]);
  });
});
