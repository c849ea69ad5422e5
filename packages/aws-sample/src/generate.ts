import { Attachments } from './attachments.ts';
import { addLoadBalancers, addNatGateways, addTargetGroups } from './balancing.ts';
import { OrganizationBuilder } from './builder.ts';
import { ACCOUNT_PLANS, COMPANY } from './company.ts';
import { addClusters, addFunctions, addInstances, addServices, addSnapshots } from './compute.ts';
import { addBuckets, addDatabases, addFileSystems, addTables } from './data-stores.ts';
import { addQueues, addTopics } from './messaging.ts';
import { Network } from './network.ts';
import { createRandom } from './random.ts';
import { countByType } from './resource-counts.ts';
import { SEED_LABEL } from './seed-label.ts';
import { sharedCharges } from './shared-charges.ts';
import { addTaggingOnly } from './tagging-only.ts';
import type { Account, Organization } from './types.ts';
import { planWorkloads, type WorkloadPlan } from './workload-plan.ts';

export interface OrganizationOptions {
  /** The same seed gives the same organization. */
  seed?: number;
  /** How many resources; at least 1. */
  size?: number;
  /** The present as an ISO instant. Creation dates and spend are computed from it. */
  now?: string;
}

export const DEFAULT_ORGANIZATION_SIZE = 1000;
export const DEFAULT_ORGANIZATION_NOW = '2026-11-01T00:00:00.000Z';

/**
 * A made-up AWS organization: accounts, regions, resources that refer to each other, tags with the usual mistakes, and spend.
 * Of a thousand resources and more, 50 to 72 % are tagged right, 10 to 20 % lack a tag, 3 to 9 % have a misspelt key, 4 to
 * 12 % a wrong value, 8 to 18 % were never tagged and 0.5 to 3.5 % have lost their tags. Spend has a long tail; some belongs to
 * no resource.
 * Pure: the same options give the same organization, everywhere.
 * @throws RangeError when the size is not a whole number of at least 1, or `now` is no instant.
 */
export function generateOrganization({
  seed = 1,
  size = DEFAULT_ORGANIZATION_SIZE,
  now = DEFAULT_ORGANIZATION_NOW,
}: OrganizationOptions = {}): Organization {
  if (!Number.isSafeInteger(size) || size < 1) throw new RangeError(`an organization's size is a whole number of at least 1, not ${size}`);
  const instant = new Date(now).toISOString();
  const random = createRandom(seed, SEED_LABEL);
  const counts = countByType(size);
  const builder = new OrganizationBuilder(random, counts, Date.parse(instant));
  const plan = planWorkloads(random, { networks: builder.count('ec2:vpc'), size, now: Date.parse(instant) });
  populate(builder, plan);
  const { resources, truth } = builder;
  return {
    seed,
    size,
    now: instant,
    organizationId: `o-${createRandom(seed, 'organization').hex(10)}`,
    accounts: accounts(instant),
    regions: [...new Set(resources.map(({ region }) => region))].filter((region) => region !== 'global').toSorted(),
    resources,
    principals: plan.principals,
    sharedCharges: sharedCharges(resources),
    costAllocationTags: ['Application', 'CostCenter', 'Environment', 'Owner', 'aws:createdBy'],
    truth,
  };
}

/** What others refer to comes before what refers to it. */
function populate(builder: OrganizationBuilder, { places, workloads }: WorkloadPlan): void {
  const network = new Network(builder, places, workloads);
  const attachments = new Attachments(builder);
  const sites = { network, workloads, attachments };
  const instances = addInstances(builder, sites);
  addNatGateways(builder, sites);
  const targetGroups = addTargetGroups(builder, addLoadBalancers(builder, sites));
  addSnapshots(builder, attachments.addVolumes(instances));
  attachments.addInterfaces(network, workloads);
  addDatabases(builder, sites);
  addBuckets(builder, workloads);
  addTables(builder, workloads);
  addFileSystems(builder, workloads);
  const functions = addFunctions(builder, sites);
  addServices(builder, { ...sites, clusters: addClusters(builder, workloads), targetGroups });
  addTopics(builder, workloads);
  addQueues(builder, workloads);
  addTaggingOnly(builder, { workloads, functions, instances });
}

function accounts(now: string): Account[] {
  const joinedAt = new Date(Date.parse(now) - 5 * 365 * 86_400_000).toISOString();
  return ACCOUNT_PLANS.map(({ id, name }) => ({
    id,
    name,
    alias: `${COMPANY}-${name}`,
    email: `aws-${name}@${COMPANY}.example`,
    joinedAt,
  }));
}
