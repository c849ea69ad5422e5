import { describe, expect, it } from 'vitest';
import { type EmulatedAws, startEmulatedAws, withoutDeadline } from './emulated-aws.fixture.ts';
import { creatorArn } from './principals.ts';

/** The first resource of the credentials' own account that fits. */
function find({ organization }: EmulatedAws, fits: (resource: EmulatedAws['organization']['resources'][number]) => boolean) {
  const found = organization.resources.find((resource) => resource.account === organization.accounts[0]?.id && fits(resource));
  if (found === undefined) throw new Error('The organization has no such resource.');
  return found;
}

describe('surroundings of a resource', () => {
  it('contain its parents, the nearest first', async () => {
    const emulated = await startEmulatedAws({ size: 1500 });
    const volume = find(emulated, ({ type, parents }) => type === 'ec2:volume' && parents.length > 0);
    const { resource, parents, coverage } = await emulated.source().surroundings({ arn: volume.arn, refresh: false }, withoutDeadline());
    expect(resource?.tags).toEqual(volume.tags ?? {});
    expect(parents.map(({ type }) => type)).toEqual(['ec2:instance', 'ec2:subnet', 'ec2:vpc']);
    for (const parent of parents) {
      const real = emulated.organization.resources.find(({ arn }) => arn === parent.arn);
      expect(parent.tags).toEqual(real?.tags ?? {});
    }
    expect(coverage).toEqual({ entries: [], isComplete: true });
  });

  it.each(['ec2:instance', 'lambda:function', 'ecs:service'] as const)('is the role that a %s runs as, with its tags', async (type) => {
    const emulated = await startEmulatedAws({ size: 1500 });
    const { principals: people } = emulated.organization;
    const one = find(emulated, (resource) => {
      if (resource.type !== type) return false;
      return resource.type !== 'ec2:instance' || resource.attributes.instanceProfile !== undefined;
    });
    const { principals } = await emulated.source().surroundings({ arn: one.arn, refresh: false }, withoutDeadline());
    const role = principals.find(({ relation }) => relation === 'runs as');
    const real = people.find(({ arn }) => arn === role?.arn);
    expect(real?.kind).toBe('role');
    expect(role?.tags).toEqual(real?.tags);
  });

  it('contain its creator when its tags name one', async () => {
    const emulated = await startEmulatedAws({ size: 1500 });
    const made = find(emulated, ({ tags, createdBy }) => tags?.CreatedBy !== undefined && tags.CreatedBy === createdBy);
    const { principals } = await emulated.source().surroundings({ arn: made.arn, refresh: false }, withoutDeadline());
    const maker = emulated.organization.principals.find(({ arn }) => arn === made.createdBy);
    expect(principals).toContainEqual({ arn: made.createdBy, relation: 'created by', tags: maker?.tags });
  });

  it('are found for a bucket, whose ARN contains neither account nor region', async () => {
    const emulated = await startEmulatedAws();
    const bucket = find(emulated, ({ type }) => type === 's3:bucket');
    const { resource } = await emulated.source().surroundings({ arn: bucket.arn, refresh: false }, withoutDeadline());
    expect(resource).toMatchObject({ arn: bucket.arn, account: bucket.account, region: bucket.region, tags: bucket.tags ?? {} });
  });

  it('are found with one call for a type without a listing', async () => {
    const emulated = await startEmulatedAws();
    const key = find(emulated, ({ type, tags }) => type === 'kms:key' && tags !== undefined);
    const { resource } = await emulated.source().surroundings({ arn: key.arn, refresh: false }, withoutDeadline());
    expect(resource).toMatchObject({ arn: key.arn, type: 'kms:key', tags: key.tags });
    expect(emulated.calls()['tagging:GetResources']).toBe(1);
  });

  it('are empty for a resource that does not exist', async () => {
    const emulated = await startEmulatedAws();
    const [own] = emulated.organization.accounts;
    const { resource, parents, principals } = await emulated
      .source()
      .surroundings({ arn: `arn:aws:ec2:eu-central-1:${own?.id}:instance/i-0123456789abcdef0`, refresh: false }, withoutDeadline());
    expect({ resource, parents, principals }).toEqual({ resource: undefined, parents: [], principals: [] });
  });

  it('are empty with a gap in the coverage for an account that is not configured', async () => {
    const emulated = await startEmulatedAws();
    const [, other] = emulated.organization.accounts;
    const { resource, coverage } = await emulated
      .source()
      .surroundings({ arn: `arn:aws:kms:eu-central-1:${other?.id}:key/1`, refresh: false }, withoutDeadline());
    expect(resource).toBeUndefined();
    expect(coverage.entries).toEqual([expect.objectContaining({ account: other?.id, reason: 'no_access_to_account' })]);
  });

  it('leave out what is denied, and name the permission', async () => {
    const emulated = await startEmulatedAws({ size: 1500 });
    emulated.aws.faults.add({ kind: 'access_denied', service: 'iam' });
    emulated.aws.faults.add({ kind: 'access_denied', service: 'ec2', operation: 'DescribeSubnets' });
    const made = find(emulated, ({ type, tags, parents }) => type === 'lambda:function' && tags !== undefined && parents.length > 0);
    const { resource, principals, coverage } = await emulated.source().surroundings({ arn: made.arn, refresh: false }, withoutDeadline());
    expect(resource?.arn).toBe(made.arn);
    expect(principals).toEqual([]);
    expect(coverage.entries.map(({ detail }) => detail).sort()).toEqual(['Needs ec2:DescribeSubnets.', 'Needs iam:ListRoleTags.']);
  });

  it('contain what was found before the deadline', async () => {
    const emulated = await startEmulatedAws({ size: 1500 });
    emulated.aws.faults.add({ kind: 'hang', service: 'iam' });
    const made = find(emulated, ({ type, tags }) => type === 'lambda:function' && tags !== undefined);
    const { resource, coverage } = await emulated
      .source()
      .surroundings({ arn: made.arn, refresh: false }, { ...withoutDeadline(), deadline: performance.now() + 3_000 });
    expect(resource?.arn).toBe(made.arn);
    expect(coverage.entries).toContainEqual(expect.objectContaining({ reason: 'not_reached' }));
  });

  it('are no longer looked up when the caller cancels', async () => {
    const emulated = await startEmulatedAws({ size: 1500 });
    emulated.aws.faults.add({ kind: 'hang', service: 'iam' });
    const made = find(emulated, ({ type, tags }) => type === 'lambda:function' && tags !== undefined);
    const controller = new AbortController();
    const looking = emulated.source().surroundings(
      { arn: made.arn, refresh: false },
      {
        ...withoutDeadline(controller.signal),
        progress: (done) => done === 2 && setImmediate(() => controller.abort(new Error('enough'))),
      },
    );
    await expect(looking).rejects.toThrow('enough');
  });
});

describe('creatorArn', () => {
  const iam = 'arn:aws:iam::111122223333';

  it.each([
    [{ 'aws:createdBy': 'IAMUser:AIDACKCEVSQ6C2EXAMPLE:alice' }, `${iam}:user/alice`],
    [{ CreatedBy: `${iam}:role/deploy/ci` }, `${iam}:role/deploy/ci`],
    [{ 'created-by': 'arn:aws:sts::111122223333:assumed-role/Admin/bob@example.com' }, `${iam}:role/Admin`],
    [{ 'aws:createdBy': 'AssumedRole:AROACKCEVSQ6C2EXAMPLE:bob', creator: `${iam}:user/bob` }, `${iam}:user/bob`],
    [{ 'aws:createdBy': 'AssumedRole:AROACKCEVSQ6C2EXAMPLE:bob' }, undefined],
    [{ 'aws:createdBy': 'Root:111122223333' }, undefined],
    [{ CreatedBy: 'alice' }, undefined],
    [{ CreatedBy: 'arn:aws:iam::111122223333:policy/x' }, undefined],
    [{}, undefined],
  ])('takes %j for %s', (tags, arn) => {
    expect(creatorArn(tags as Record<string, string>, iam)).toBe(arn);
  });
});
