import type { OrganizationResource } from '@fairway-mcp/aws-sample';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Found, Lookup } from '../inventory/lookup.ts';
import { type EmulatedAws, EVERYTHING, startEmulatedAws, withoutDeadline } from './emulated-aws.fixture.ts';

const HERE = { regions: ['eu-central-1'] };

/** The resources of the account of the credentials that fit, and must be there. */
function ownOf({ organization }: EmulatedAws, fits: (resource: OrganizationResource) => boolean): OrganizationResource[] {
  const own = organization.resources.filter((one) => one.account === organization.accounts[0]?.id && fits(one));
  expect(own.length).toBeGreaterThan(0);
  return own;
}

function first(emulated: EmulatedAws, fits: (resource: OrganizationResource) => boolean): OrganizationResource {
  const [one] = ownOf(emulated, fits);
  if (one === undefined) throw new Error('There is none.');
  return one;
}

/** What came of one ARN, in short. */
function verdict(found: Found | undefined): unknown {
  return found?.resource === undefined ? found?.reason : { tags: found.resource.tags, region: found.resource.region };
}

function verdicts({ byArn }: Lookup): Record<string, unknown> {
  return Object.fromEntries([...byArn].map(([arn, found]) => [arn, verdict(found)]));
}

const isVolume = ({ type, region, tags }: OrganizationResource) =>
  type === 'ec2:volume' && region === 'eu-central-1' && Object.keys(tags ?? {}).length > 0;

describe('a lookup by ARN', () => {
  it('gives the same for each ARN, whichever others it is requested with', async () => {
    const emulated = await startEmulatedAws({ size: 3000 });
    const source = emulated.source(HERE);
    const [, other = ''] = emulated.organization.accounts.map(({ id }) => id);
    const arns = [
      first(emulated, isVolume).arn,
      first(emulated, ({ type, region }) => type === 'ec2:vpc' && region === 'us-east-1').arn,
      first(emulated, ({ type, region }) => type === 's3:bucket' && region !== 'eu-central-1').arn,
      first(emulated, ({ type, tags }) => type === 'lambda:function' && tags === undefined).arn,
      first(emulated, ({ type, tags }) => type === 'logs:log-group' && tags !== undefined).arn,
      'arn:aws:s3:::no-such-bucket',
      'arn:aws:s3:::some-bucket/key',
      `arn:aws:ec2:us-east-11:${emulated.organization.accounts[0]?.id}:vpc/vpc-1`,
      `arn:aws:ec2:af-south-1:${emulated.organization.accounts[0]?.id}:vpc/vpc-1`,
      `arn:aws:kms:us-east-1:${emulated.organization.accounts[0]?.id}:key/none`,
      `arn:aws:ec2:eu-central-1:${other}:vpc/vpc-1`,
    ];
    const alone: Record<string, unknown> = {};
    for (const arn of arns) Object.assign(alone, verdicts(await source.lookUp([arn], withoutDeadline())));
    const truth = new Map(emulated.organization.resources.map((resource) => [resource.arn, resource]));
    for (const arn of arns.slice(0, 5)) expect(alone[arn]).toEqual({ tags: truth.get(arn)?.tags ?? {}, region: truth.get(arn)?.region });
    expect(arns.slice(5).map((arn) => alone[arn])).toEqual([
      'absent',
      'type_not_supported',
      'region_not_looked_at',
      'region_not_looked_at',
      'type_not_supported',
      'account_not_configured',
    ]);
    const together = await source.lookUp(arns, withoutDeadline());
    expect(verdicts(together)).toEqual(alone);
    expect([...together.byArn.keys()]).toEqual(arns);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(arns, { minLength: 1 }), async (some) => {
        const found = await source.lookUp(some, withoutDeadline());
        expect([...found.byArn.keys()]).toEqual(some);
        expect(verdicts(found)).toEqual(Object.fromEntries(some.map((arn) => [arn, alone[arn]])));
      }),
      { numRuns: 5 },
    );
  });

  it('says what is wrong with a region, and names the nearest one', async () => {
    const { organization, source } = await startEmulatedAws();
    const arn = `arn:aws:ec2:us-east-11:${organization.accounts[0]?.id}:vpc/vpc-1`;
    const { byArn, coverage } = await source().lookUp([arn], withoutDeadline());
    expect(byArn.get(arn)).toMatchObject({ detail: 'There is no region "us-east-11". Did you mean "us-east-1"?' });
    expect(coverage).toMatchObject({ isComplete: false, entries: [{ region: 'us-east-11', status: 'missing', reason: 'not_supported' }] });
  });

  it('sees a change of tags at once, also of buckets and of what was never tagged', async () => {
    const emulated = await startEmulatedAws({ size: 3000 });
    const source = emulated.source();
    await source.scan(EVERYTHING, withoutDeadline());
    const changed = [
      first(emulated, isVolume),
      first(emulated, ({ type }) => type === 's3:bucket'),
      first(emulated, ({ type, tags }) => type === 'ec2:snapshot' && tags === undefined),
      first(emulated, ({ type }) => type === 'sqs:queue'),
    ].map(({ arn }) => arn);
    await source.lookUp(changed, withoutDeadline());
    for (const arn of changed) emulated.aws.setTags(arn, { Owner: 'new@northlake.example' });
    const { byArn } = await source.lookUp(changed, withoutDeadline());
    for (const arn of changed) expect(byArn.get(arn)?.resource?.tags).toEqual({ Owner: 'new@northlake.example' });
  });

  it('does not find what was deleted after it had been listed', async () => {
    const emulated = await startEmulatedAws();
    const source = emulated.source(HERE);
    await source.scan(EVERYTHING, withoutDeadline());
    const volume = first(emulated, isVolume);
    emulated.aws.remove(volume.arn);
    expect(verdicts(await source.lookUp([volume.arn], withoutDeadline()))).toEqual({ [volume.arn]: 'absent' });
  });

  it('takes one call to the Tagging API for a hundred resources of a region once they are listed', async () => {
    const emulated = await startEmulatedAws({ size: 1500 });
    const source = emulated.source(HERE);
    await source.scan(EVERYTHING, withoutDeadline());
    const some = ownOf(emulated, ({ region, tags, type }) => region === 'eu-central-1' && tags !== undefined && type !== 's3:bucket');
    const arns = some.slice(0, 100).map(({ arn }) => arn);
    expect(arns.length).toBeGreaterThan(50);
    emulated.aws.clearRequests();
    const { coverage } = await source.lookUp(arns, withoutDeadline());
    expect(coverage.isComplete).toBe(true);
    expect(emulated.calls()).toEqual({ 'tagging:GetResources': 1 });
  });

  it('reports a bucket of another account of several as in that account', async () => {
    const emulated = await startEmulatedAws({ size: 1500 });
    const accounts = emulated.organization.accounts.map(({ id }) => id);
    const bucket = emulated.organization.resources.find(({ type, account }) => type === 's3:bucket' && account !== accounts[0]);
    const source = emulated.source({ accounts, roleArn: 'arn:aws:iam::{account}:role/FairwayReadOnly' });
    const { byArn, coverage } = await source.lookUp([bucket?.arn ?? ''], withoutDeadline());
    expect(byArn.get(bucket?.arn ?? '')?.resource).toMatchObject({ account: bucket?.account, region: bucket?.region });
    expect(coverage.entries).toEqual([expect.objectContaining({ account: bucket?.account, status: 'complete', resources: 1 })]);
  });
});

describe('a lookup that AWS does not answer', () => {
  it.each([
    ['throttled', 'throttled'],
    ['unavailable', 'unavailable'],
    ['access_denied', 'access_denied'],
  ] as const)('says so (%s), and does not call the resource absent', async (kind, reason) => {
    const emulated = await startEmulatedAws();
    const source = emulated.source(HERE);
    const arns = [first(emulated, isVolume).arn, first(emulated, ({ type }) => type === 's3:bucket').arn];
    for (const service of ['tagging', 'ec2', 's3']) emulated.aws.faults.add({ kind, service });
    const { byArn, coverage } = await source.lookUp(arns, withoutDeadline());
    expect([...byArn.values()].map(verdict)).toEqual([reason, reason]);
    expect(coverage.isComplete).toBe(false);
  });

  it.each([
    ['by ARN is throttled: the listing of the service has the tags', { kind: 'throttled', service: 'tagging' }],
    ['in the listing is denied: the Tagging API has the tags', { kind: 'access_denied', operation: 'DescribeVolumes' }],
    ['in the listing hangs: the Tagging API has the tags', { kind: 'hang', operation: 'DescribeVolumes' }],
  ] as const)('%s', async (_title, fault) => {
    const emulated = await startEmulatedAws();
    const volume = first(emulated, isVolume);
    emulated.aws.faults.add(fault);
    const call = { ...withoutDeadline(), deadline: performance.now() + (fault.kind === 'hang' ? 3_000 : 200_000) };
    const { byArn } = await emulated.source(HERE).lookUp([volume.arn], call);
    expect(verdict(byArn.get(volume.arn))).toEqual({ tags: volume.tags, region: 'eu-central-1' });
  });

  it('does not lose the others of a batch when the Tagging API refuses one ARN', async () => {
    const emulated = await startEmulatedAws({ size: 1500 });
    const isTaggedHere = ({ type, region, tags }: OrganizationResource) =>
      type === 'logs:log-group' && region === 'eu-central-1' && tags !== undefined;
    const groups = ownOf(emulated, isTaggedHere);
    const long = `arn:aws:logs:eu-central-1:${groups[0]?.account}:log-group:${'k'.repeat(1500)}`;
    const { byArn } = await emulated.source(HERE).lookUp([long, ...groups.map(({ arn }) => arn)], withoutDeadline());
    expect(verdict(byArn.get(long))).toBe('type_not_supported');
    for (const { arn, tags } of groups) expect(byArn.get(arn)?.resource?.tags).toEqual(tags);
  });
});
