import { createHash } from 'node:crypto';
import { billedUsage, chargeCost, dayOf, type OrganizationResource, resourceCost, type SharedCharge } from '@fairway-mcp/aws-sample';
import { seesCostsOf } from '../../billing-access.ts';
import type { Call } from '../../service.ts';
import type { State } from '../../state.ts';
import type { BillLine } from './bill-line.ts';
import { chargeLines } from './charges.ts';

const LINES = new WeakMap<State, readonly BillLine[]>();

/** The bill of the whole organization, one line for each resource that costs something and each charge beside. */
function billLines(state: State): readonly BillLine[] {
  const known = LINES.get(state);
  if (known !== undefined) return known;
  const { organization } = state;
  const activated = organization.costAllocationTags;
  const ofResources = organization.resources
    .filter(({ cost }) => cost !== undefined)
    .map((resource) => resourceLine(resource, activated, state));
  const lines = [...ofResources, ...organization.sharedCharges.map(chargeLine)];
  LINES.set(state, lines);
  return lines;
}

export function visibleLines(call: Call): readonly BillLine[] {
  const { state, settings } = call;
  const all = settings.bill === undefined ? billLines(state) : chargeLines(settings.bill);
  return all.filter((line) => seesCostsOf(call, line.account));
}

function resourceLine(resource: OrganizationResource, activated: readonly string[], state: State): BillLine {
  const { service, usageType, operation } = billedUsage(resource);
  const born = dayOf(resource.createdAt);
  return {
    account: resource.account,
    region: resource.region,
    service,
    usageType,
    operation,
    recordType: 'Usage',
    instanceType: instanceTypeOf(resource),
    resourceId: billedId(resource),
    tags: allocationTags(resource, activated, state),
    cost: (start, end) => resourceCost(resource, start, end),
    days: (start, end) => Math.max(0, end - Math.max(start, born)),
  };
}

function chargeLine(charge: SharedCharge): BillLine {
  const { account, region, service, usageType, recordType } = charge;
  return {
    account,
    region,
    service,
    usageType,
    operation: 'NoOperation',
    recordType,
    instanceType: 'NoInstanceType',
    resourceId: 'NoResourceId',
    tags: {},
    cost: (start, end) => chargeCost(charge, start, end),
    days: (start, end) => Math.max(0, end - start),
  };
}

function instanceTypeOf(resource: OrganizationResource): string {
  if (resource.type === 'ec2:instance') return resource.attributes.instanceType;
  return resource.type === 'rds:db' ? resource.attributes.instanceClass : 'NoInstanceType';
}

/** What the bill calls a resource: bare ids for instances and volumes, names for buckets, tasks for Fargate services, else ARNs. */
function billedId(resource: OrganizationResource): string {
  if (resource.type === 'ec2:instance' || resource.type === 'ec2:volume' || resource.type === 's3:bucket') return resource.id;
  if (resource.type !== 'ecs:service') return resource.arn;
  const cluster = resource.attributes.cluster.slice(resource.attributes.cluster.indexOf('/') + 1);
  const task = createHash('md5').update(resource.arn).digest('hex');
  return `arn:aws:ecs:${resource.region}:${resource.account}:task/${cluster}/${task}`;
}

function allocationTags(
  { tags = {}, createdBy }: OrganizationResource,
  activated: readonly string[],
  state: State,
): Readonly<Record<string, string>> {
  const known: Record<string, string> = {};
  for (const key of activated) {
    const value = key === 'aws:createdBy' ? createdByTag(createdBy, state) : tags[key];
    // Billing data does not tell an empty value from a missing tag.
    if (value !== undefined && value !== '') known[key] = value;
  }
  return known;
}

/** `aws:createdBy` is in the bill only. Source: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/aws-tags.html */
function createdByTag(arn: string | undefined, state: State): string | undefined {
  const principal = arn === undefined ? undefined : state.principal(arn);
  if (principal === undefined) return undefined;
  return principal.kind === 'user' ? `IAMUser:${principal.id}:${principal.name}` : `AssumedRole:${principal.id}:session`;
}
