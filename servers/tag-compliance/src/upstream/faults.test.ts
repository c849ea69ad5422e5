import { describe, expect, it } from 'vitest';
import type { CoverageEntry } from '../inventory/coverage.ts';
import type { Scan } from '../inventory/source.ts';
import { arns, type EmulatedAws, EVERYTHING, patient, startEmulatedAws, visible } from './emulated-aws.fixture.ts';

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
    const wire = await startEmulatedAws();
    wire.aws.faults.add({ kind: 'access_denied', service: 'lambda' });
    const scan = await wire.source({ regions: HERE }).scan(EVERYTHING, patient());
    const seen = truth(wire).filter(({ type, tags }) => type !== 'lambda:function' || tags !== undefined);
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
    const wire = await startEmulatedAws();
    wire.aws.faults.add({ kind: 'access_denied', service: 'ec2', operation: 'DescribeVolumes', region: 'us-east-1' });
    const scan = await wire.source({ regions: ['eu-central-1', 'us-east-1'] }).scan({ ...EVERYTHING, types: ['ec2:volume'] }, patient());
    expect(gaps(scan).map(({ region }) => region)).toEqual(['us-east-1']);
    const here = truth(wire).filter(({ type }) => type === 'ec2:volume');
    expect(arns(scan.resources.filter(({ region }) => region === 'eu-central-1'))).toEqual(arns(here));
  });

  it('in one account leaves a gap in that account only', async () => {
    const wire = await startEmulatedAws();
    const [own = '', other = ''] = wire.organization.accounts.map(({ id }) => id);
    wire.aws.faults.add({ kind: 'access_denied', service: 's3', account: other });
    const query = { ...EVERYTHING, types: ['s3:bucket'] };
    const scan = await wire.source({ accounts: [own, other], roleArn: ROLE }).scan(query, patient());
    expect(gaps(scan)).toEqual([expect.objectContaining({ account: other, detail: 'Needs s3:ListAllMyBuckets.' })]);
    const buckets = wire.organization.resources.filter(({ account, type }) => account === own && type === 's3:bucket');
    expect(arns(scan.resources)).toEqual(arns(buckets));
  });
});

describe('a denied Tagging API', () => {
  it('is replaced by calls to the services, so that only resources without another listing are missing', async () => {
    const wire = await startEmulatedAws();
    wire.aws.faults.add({ kind: 'access_denied', service: 'tagging' });
    const scan = await wire.source({ regions: HERE }).scan(EVERYTHING, patient());
    const listed = truth(wire).filter(({ type }) => !/^(kms|secretsmanager|logs|cloudwatch|ecr|states|cloudfront):/.test(type));
    expect(arns(scan.resources)).toEqual(arns(listed));
    const tags = new Map(listed.map((resource) => [resource.arn, resource.tags ?? {}]));
    for (const resource of scan.resources) expect(resource.tags).toEqual(tags.get(resource.arn));
    const denied = { types: ['*'], status: 'missing', detail: 'Needs tag:GetResources.' };
    expect(gaps(scan)).toEqual(['eu-central-1', 'global'].map((region) => expect.objectContaining({ region, ...denied })));
  });

  it('together with the tag calls of a service: what has unknown tags is left out, never shown as untagged', async () => {
    const wire = await startEmulatedAws();
    wire.aws.faults.add({ kind: 'access_denied', service: 'tagging' });
    wire.aws.faults.add({ kind: 'access_denied', service: 'sqs', operation: 'ListQueueTags' });
    const scan = await wire.source({ regions: HERE }).scan({ ...EVERYTHING, types: ['sqs:queue'] }, patient());
    const queues = truth(wire).filter(({ type }) => type === 'sqs:queue').length;
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
    const wire = await startEmulatedAws({}, { bucketRegions: false });
    const accounts = wire.organization.accounts.map(({ id }) => id);
    const scan = await wire.source({ accounts, roleArn: ROLE }).scan(buckets, patient());
    const real = wire.organization.resources.filter(({ type }) => type === 's3:bucket');
    expect(new Set(real.map(({ region }) => region)).size).toBeGreaterThan(2);
    const shown = (list: readonly { arn: string; region: string; tags?: object | undefined }[]) =>
      list.map(({ arn, region, tags = {} }) => ({ arn, region, tags })).toSorted((a, b) => (a.arn < b.arn ? -1 : 1));
    expect(shown(scan.resources)).toEqual(shown(real));
    expect(scan.coverage.isComplete).toBe(true);
  });

  it('are left out and counted when locating them is denied', async () => {
    const wire = await startEmulatedAws({}, { bucketRegions: false });
    wire.aws.faults.add({ kind: 'access_denied', service: 's3', operation: 'GetBucketLocation', after: 1 });
    const scan = await wire.source({}).scan(buckets, patient());
    const own = wire.organization.resources.filter(
      ({ type, account }) => type === 's3:bucket' && account === wire.organization.accounts[0]?.id,
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
    const wire = await startEmulatedAws();
    const broken = ['ec2', 'rds', 's3', 'dynamodb', 'elasticfilesystem'];
    for (const service of broken) wire.aws.faults.add({ kind, service });
    // Long enough that only what never answers is late, on a busy machine too.
    const scan = await wire.source({ regions: HERE, requestTimeoutSeconds: 4 }).scan(EVERYTHING, patient());
    const well = /^(lambda|ecs|elasticloadbalancing|sns|sqs|kms|secretsmanager|logs|cloudwatch|ecr|states):/;
    expect(arns(scan.resources)).toEqual(expect.arrayContaining(visible(truth(wire).filter(({ type }) => well.test(type)))));
    const missing = gaps(scan);
    expect(new Set(missing.flatMap(({ types }) => types.map((type) => type.split(':')[0])))).toEqual(new Set(broken));
    expect(new Set(missing.map((entry) => entry.reason))).toEqual(new Set([reason]));
  });

  it('is called again, and a throttled call that succeeds then leaves no gap', async () => {
    const wire = await startEmulatedAws();
    wire.aws.faults.add({ kind: 'throttled', service: 'sns', times: 1 });
    wire.aws.faults.add({ kind: 'internal_error', service: 'sqs', times: 1 });
    wire.aws.faults.add({ kind: 'disconnect', service: 'rds', times: 1 });
    const scan = await wire.source({ regions: HERE, attempts: 3 }).scan(EVERYTHING, patient());
    expect(arns(scan.resources)).toEqual(visible(truth(wire)));
    expect(scan.coverage.isComplete).toBe(true);
  });

  it('does not reveal what the service answered', async () => {
    const wire = await startEmulatedAws();
    wire.aws.faults.add({ kind: 'access_denied', service: 'dynamodb' });
    const scan = await wire.source({ regions: HERE }).scan({ ...EVERYTHING, types: ['dynamodb:table'] }, patient());
    expect(gaps(scan).map(({ detail }) => detail)).toEqual(['Needs dynamodb:ListTables.']);
  });
});

describe('credentials', () => {
  it('that have expired end the scan with an error that says what to do', async () => {
    const wire = await startEmulatedAws();
    wire.aws.faults.add({ kind: 'expired_credentials', service: 'sts' });
    const accounts = wire.organization.accounts.map(({ id }) => id);
    for (const settings of [{}, { accounts, roleArn: ROLE }])
      await expect(wire.source(settings).scan(EVERYTHING, patient())).rejects.toMatchObject({
        name: 'ToolError',
        kind: 'upstream_rejected',
      });
  });

  it('that cannot be confirmed before the deadline end the scan before the deadline', async () => {
    const wire = await startEmulatedAws();
    wire.aws.faults.add({ kind: 'hang', service: 'sts' });
    const scanning = wire.source().scan(EVERYTHING, { ...patient(), deadline: Date.now() + 150 });
    await expect(scanning).rejects.toMatchObject({ name: 'ToolError', kind: 'timeout' });
  });

  it('that may not list the regions scan the home region, and the coverage says so', async () => {
    const wire = await startEmulatedAws();
    wire.aws.faults.add({ kind: 'access_denied', service: 'ec2', operation: 'DescribeRegions' });
    const scan = await wire.source().scan({ ...EVERYTHING, types: ['ec2:vpc'] }, patient());
    expect(new Set(scan.resources.map(({ region }) => region))).toEqual(new Set(HERE));
    expect(gaps(scan)).toEqual([
      expect.objectContaining({ region: '*', reason: 'access_denied', detail: expect.stringContaining('ec2:DescribeRegions') }),
    ]);
  });
});

describe('time limits', () => {
  it('answer at the deadline with what was read and what is missing, and the next scan continues from there', async () => {
    const wire = await startEmulatedAws();
    const release = wire.aws.faults.add({ kind: 'slow', service: 'rds', delayMs: 4_000 });
    const source = wire.source({ regions: HERE });
    const first = await source.scan(EVERYTHING, { ...patient(), deadline: Date.now() + 3_000 });
    expect(
      gaps(first)
        .flatMap(({ types }) => types)
        .sort(),
    ).toEqual(['rds:cluster', 'rds:db']);
    expect(gaps(first)[0]).toMatchObject({ reason: 'not_reached', detail: expect.stringMatching(/^Ask again: \d+ of \d+ parts/) });
    expect(first.resources.length).toBeGreaterThan(0);
    release();
    wire.aws.clearRequests();
    const second = await source.scan(EVERYTHING, patient());
    expect(second.coverage.isComplete).toBe(true);
    expect(arns(second.resources)).toEqual(visible(truth(wire)));
    expect(second.id).not.toBe(first.id);
    // The slow calls were on their way already, and all else was there.
    expect(wire.aws.requests.filter(({ service }) => service !== 'rds')).toEqual([]);
  });

  it('stop every request when the caller cancels', async () => {
    const wire = await startEmulatedAws({ size: 3000 }, { paging: { maxPageSize: 2 } });
    const controller = new AbortController();
    const scanning = wire.source({ concurrency: 4 }).scan(EVERYTHING, {
      ...patient(controller.signal),
      progress: (done) => done > 5 && controller.abort(new Error('enough')),
    });
    await expect(scanning).rejects.toThrow('enough');
    await wire.source({ regions: HERE }).scope(patient().signal);
    const soFar = wire.aws.requests.length;
    await new Promise((resolve) => setImmediate(resolve));
    expect(wire.aws.requests.length).toBe(soFar);
    expect(soFar).toBeLessThan(400);
  });

  it('report progress of a long scan that always grows and ends at the total', async () => {
    const wire = await startEmulatedAws();
    const told: [number, number][] = [];
    await wire.source().scan(EVERYTHING, { ...patient(), progress: (done, total) => told.push([done, total]) });
    const done = told.map(([value]) => value);
    expect(done).toEqual([...new Set(done)].toSorted((a, b) => a - b));
    expect(told.at(-1)?.[0]).toBe(told.at(-1)?.[1]);
  });
});
