import { Attachments } from './attachments.ts';
import { addLoadBalancers, addNatGateways, addTargetGroups } from './balancing.ts';
import { ACCOUNT_PLANS, COMPANY } from './company.ts';
import { addClusters, addFunctions, addInstances, addServices, addSnapshots } from './compute.ts';
import { addBuckets, addDatabases, addFileSystems, addTables } from './data-stores.ts';
import { Draft } from './draft.ts';
import { type Landscape, planLandscape } from './landscape.ts';
import { addQueues, addTopics } from './messaging.ts';
import { countByType } from './mix.ts';
import { Network } from './network.ts';
import { createRandom } from './random.ts';
import { sharedCharges } from './shared-charges.ts';
import { addTaggingOnly } from './tagging-only.ts';
import type { Account, Organization } from './types.ts';

export interface OrganizationOptions {
  /** The same seed gives the same organization. */
  seed?: number;
  /** How many resources; at least 1. */
  size?: number;
  /** ISO instant at which the organization is looked at. Creation dates and spend are reckoned from it. */
  now?: string;
}

export const DEFAULT_ORGANIZATION_SIZE = 1000;
export const DEFAULT_ORGANIZATION_NOW = '2026-11-01T00:00:00.000Z';

/**
 * A made-up AWS organization: accounts, regions, resources that hang together, tags as people really set them, and spend.
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
  // The label is part of the seed: another one would give other data.
  const random = createRandom(seed, 'estate');
  const counts = countByType(size);
  const draft = new Draft(random, counts, Date.parse(instant));
  const landscape = planLandscape(random, { networks: draft.count('ec2:vpc'), size, now: Date.parse(instant) });
  populate(draft, landscape);
  const { resources, truth } = draft;
  return {
    seed,
    size,
    now: instant,
    organizationId: `o-${createRandom(seed, 'organization').hex(10)}`,
    accounts: accounts(instant),
    regions: [...new Set(resources.map(({ region }) => region))].filter((region) => region !== 'global').toSorted(),
    resources,
    principals: landscape.principals,
    sharedCharges: sharedCharges(resources),
    costAllocationTags: ['Application', 'CostCenter', 'Environment', 'Owner', 'aws:createdBy'],
    truth,
  };
}

/** What others refer to comes before what refers to it. */
function populate(draft: Draft, { places, workloads }: Landscape): void {
  const network = new Network(draft, places, workloads);
  const attachments = new Attachments(draft);
  const sites = { network, workloads, attachments };
  const instances = addInstances(draft, sites);
  addNatGateways(draft, sites);
  const targetGroups = addTargetGroups(draft, addLoadBalancers(draft, sites));
  addSnapshots(draft, attachments.addVolumes(instances));
  attachments.addInterfaces(network, workloads);
  addDatabases(draft, sites);
  addBuckets(draft, workloads);
  addTables(draft, workloads);
  addFileSystems(draft, workloads);
  const functions = addFunctions(draft, sites);
  addServices(draft, { ...sites, clusters: addClusters(draft, workloads), targetGroups });
  addTopics(draft, workloads);
  addQueues(draft, workloads);
  addTaggingOnly(draft, { workloads, functions, instances });
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
