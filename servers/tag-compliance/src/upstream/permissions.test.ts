import { describe, expect, it } from 'vitest';
import { listedTag } from '../inventory/required-tag.fixture.ts';
import { EVERYTHING, startEmulatedAws, withoutDeadline } from './emulated-aws.fixture.ts';
import { LISTING_ACTIONS, PERMISSION_GROUPS } from './permissions.ts';
import { READERS } from './readers/index.ts';

/** The IAM action of a recorded call. https://docs.aws.amazon.com/service-authorization/latest/reference/ */
function actionOf({ service, operation }: { service: string; operation: string }): string {
  if (operation === 'ListBuckets') return 's3:ListAllMyBuckets';
  return `${service === 'tagging' ? 'tag' : service}:${operation}`;
}

/** Needs no permission. */
const FREE = 'sts:GetCallerIdentity';

describe('documented permissions', () => {
  it('are exactly the actions that a scan calls', async () => {
    const emulated = await startEmulatedAws({ size: 1000 });
    const [own = '', other = ''] = emulated.organization.accounts.map(({ id }) => id);
    await emulated
      .source({ accounts: [own, other], roleArn: 'arn:aws:iam::{account}:role/FairwayReadOnly' })
      .scan(EVERYTHING, withoutDeadline());
    const used = new Set(emulated.aws.requests.map(actionOf));
    used.delete(FREE);
    const declared = new Set<string>([...PERMISSION_GROUPS.scope.actions, ...PERMISSION_GROUPS.scan.actions]);
    // Only asked where the listing of buckets does not tell their regions.
    declared.delete('s3:GetBucketLocation');
    expect(used).toEqual(declared);
  });

  it('are exactly the actions that are called when the Tagging API is denied', async () => {
    const emulated = await startEmulatedAws({ size: 1000 });
    emulated.aws.faults.add({ kind: 'access_denied', service: 'tagging' });
    await emulated.source({ regions: emulated.organization.regions }).scan(EVERYTHING, withoutDeadline());
    const declared: string[] = [...PERMISSION_GROUPS.scan.actions, ...PERMISSION_GROUPS.scanWithoutTaggingApi.actions, FREE];
    expect(emulated.aws.requests.map(actionOf).filter((action) => !declared.includes(action))).toEqual([]);
    const used = new Set(emulated.aws.requests.map(actionOf));
    expect(PERMISSION_GROUPS.scanWithoutTaggingApi.actions.filter((action) => !used.has(action))).toEqual([]);
  });

  it('are exactly the actions that finding the surroundings of a resource calls', async () => {
    const emulated = await startEmulatedAws({ size: 1500 });
    const source = emulated.source();
    const own = emulated.organization.resources.filter(({ account }) => account === emulated.organization.accounts[0]?.id);
    for (const type of ['ec2:instance', 'lambda:function', 'ecs:service', 'secretsmanager:secret']) {
      const one =
        own.find((resource) => resource.type === type && resource.tags?.CreatedBy !== undefined) ??
        own.find((resource) => resource.type === type);
      await source.surroundings({ arn: one?.arn ?? '', refresh: false }, withoutDeadline());
    }
    const { scan, scope, surroundings } = PERMISSION_GROUPS;
    const declared: string[] = [...scan.actions, ...scope.actions, ...surroundings.actions, FREE];
    expect(emulated.aws.requests.map(actionOf).filter((action) => !declared.includes(action))).toEqual([]);
  });

  it('are exactly the actions that costs call', async () => {
    const now = '2026-11-01T00:00:00.000Z';
    const emulated = await startEmulatedAws({ now }, { now: () => Date.parse(now) });
    const source = emulated.source({}, { now: () => new Date(now) });
    const required = [listedTag('DataClassification')];
    const query = { start: '2026-10-01', end: '2026-11-01', groupBy: 'account' as const, accounts: [], regions: [], required };
    await source.attributedSpend(query, withoutDeadline());
    const { resources } = await source.scan({ ...EVERYTHING, types: ['ec2:instance'] }, withoutDeadline());
    await source.resourceCosts(resources, withoutDeadline());
    const used = new Set(emulated.aws.requests.filter(({ service }) => service === 'ce').map(actionOf));
    const declared = new Set<string>([...PERMISSION_GROUPS.attributedSpend.actions, ...PERMISSION_GROUPS.resourceCosts.actions]);
    // Only asked where the account may not list cost allocation tags.
    declared.delete('ce:GetTags');
    expect(used).toEqual(declared);
  });

  it('only read, and are listed for each type', () => {
    const all = Object.values(PERMISSION_GROUPS).flatMap(({ actions }): readonly string[] => actions);
    expect(all.filter((action) => !/^[a-z0-9]+:(Describe|List|Get|AssumeRole)/.test(action))).toEqual([]);
    expect(Object.keys(LISTING_ACTIONS)).toEqual(READERS.map(({ type }) => type));
  });
});
