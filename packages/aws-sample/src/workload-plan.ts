import { ACCOUNT_PLANS, type AccountPlan, type Environment, PLATFORM_TEAM, type Team, teamsOf } from './company.ts';
import { PrincipalDirectory } from './iam-principals.ts';
import type { Random } from './random.ts';
import type { IamPrincipal } from './types.ts';
import { createWorkload, type OwnedWorkload } from './workload.ts';

/** A VPC to create, and the workload that it belongs to. */
export interface NetworkPlace {
  plan: AccountPlan;
  region: string;
  environment: Environment;
  vpc: string;
  cidr: string;
  /** 0 for the first of its region, 1 for the default VPC that AWS makes in every region, then 2, 3, … */
  round: number;
  /** The platform team's workload that the network itself belongs to. */
  keeper: OwnedWorkload;
}

export interface WorkloadPlan {
  places: readonly NetworkPlace[];
  /** Never empty. */
  workloads: readonly OwnedWorkload[];
  principals: readonly IamPrincipal[];
}

const RESOURCES_PER_WORKLOAD = 14;

/** Decides where networks are and which services run in them. */
export function planWorkloads(random: Random, { networks, size, now }: { networks: number; size: number; now: number }): WorkloadPlan {
  const directory = new PrincipalDirectory(random, now);
  const places = vpcPlaces(networks).map((place, index): NetworkPlace => {
    const vpc = `vpc-0${random.hex(16)}`;
    const { plan, region, environment } = place;
    const keeper = createWorkload(random, { team: PLATFORM_TEAM, service: 'network', environment, account: plan.id, region, vpc });
    const cidr = isDefaultVpc(place) ? '172.31.0.0/16' : `10.${index % 250}.0.0/16`;
    return { ...place, vpc, cidr, keeper: directory.addPrincipals({ ...keeper, discipline: Math.max(keeper.discipline, 0.8) }) };
  });
  const usable = places.filter((place) => !isDefaultVpc(place));
  const wanted = Math.max(1, Math.round(size / RESOURCES_PER_WORKLOAD));
  const workloads = Array.from({ length: wanted }, (_, index) => placeWorkload(random, directory, usable, index));
  return { places, workloads, principals: directory.principals };
}

type VpcPlace = Pick<NetworkPlace, 'plan' | 'region' | 'environment' | 'round'>;

/** Where the VPCs are: one in each region of each account, then the default ones, then further ones. */
function vpcPlaces(count: number): VpcPlace[] {
  const regions = Math.max(...ACCOUNT_PLANS.map((plan) => plan.regions.length));
  const homes = Array.from({ length: regions }, (_, rank) =>
    ACCOUNT_PLANS.toSorted(largestFirst).flatMap((plan) => homeAt(plan, rank)),
  ).flat();
  return Array.from({ length: count }, (_, index) => {
    const round = Math.floor(index / homes.length);
    const { plan, region } = homes[index % homes.length] ?? { plan: ACCOUNT_PLANS[0], region: ACCOUNT_PLANS[0].regions[0] };
    const environment = plan.environments[(round + plan.regions.indexOf(region)) % plan.environments.length] ?? plan.environments[0];
    return { plan, region, environment, round };
  });
}

/** The VPC that AWS makes in every region of an account. */
export function isDefaultVpc({ round }: Pick<NetworkPlace, 'round'>): boolean {
  return round === 1;
}

/** Production, staging and sandbox hold more than platform and data. */
function largestFirst(a: AccountPlan, b: AccountPlan): number {
  return teamsOf(b).length - teamsOf(a).length;
}

function homeAt(plan: AccountPlan, rank: number): { plan: AccountPlan; region: string }[] {
  const region = plan.regions[rank];
  return region === undefined ? [] : [{ plan, region }];
}

/** Distributes services over the networks round-robin, so that each network has several. */
function placeWorkload(random: Random, directory: PrincipalDirectory, places: readonly NetworkPlace[], index: number): OwnedWorkload {
  const place = places[index % places.length] ?? random.pick(places);
  const all = teamsOf(place.plan).flatMap((team) => team.services.map(([service]): [Team, string] => [team, service]));
  const [team, service] = random.pick(all);
  const { region, environment, vpc } = place;
  return directory.addPrincipals(createWorkload(random, { team, service, environment, account: place.plan.id, region, vpc }));
}
