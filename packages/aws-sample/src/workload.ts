import { COMPANY, type Environment, ownerOf, SHORT_ENVIRONMENT, type Team } from './company.ts';
import type { Random } from './random.ts';
import type { ResourceType } from './resource-types.ts';
import { DATA_TYPES } from './tag-policy.ts';
import type { IamPrincipal, Tags } from './types.ts';

/** One service in one environment: what resources are made for, and where their true tags come from. */
export interface Workload {
  team: Team;
  service: string;
  environment: Environment;
  account: string;
  region: string;
  /** Where what it needs a network for is placed. */
  vpc: string;
  /** How its people begin names: `payments-ledger-prod`. */
  stem: string;
  /** How well its people tag: 0 hardly, 1 nearly always right. */
  discipline: number;
  truth: { plain: Tags; data: Tags };
}

/** A workload with what its people made for it in IAM. */
export interface StaffedWorkload extends Workload {
  /** What its code runs as. */
  role: IamPrincipal;
  /** Who may have made its resources by hand or by pipeline; all in its account. */
  makers: readonly IamPrincipal[];
}

const DATA: ReadonlySet<ResourceType> = new Set(DATA_TYPES);

export function trueTags(workload: Workload, type: ResourceType): Tags {
  return DATA.has(type) ? workload.truth.data : workload.truth.plain;
}

export function createWorkload(
  random: Random,
  place: Pick<Workload, 'team' | 'service' | 'environment' | 'account' | 'region' | 'vpc'>,
): Workload {
  const classification = place.team.services.find(([name]) => name === place.service)?.[1] ?? 'internal';
  const plain: Tags = {
    CostCenter: place.team.costCenter,
    Environment: place.environment,
    Owner: ownerOf(place.team),
    Application: place.service,
  };
  const carelessness = place.environment === 'sandbox' ? 0.55 : place.environment === 'development' ? 0.35 : 0.22;
  return {
    ...place,
    stem: stemOf(place.team, place.service, place.environment),
    discipline: 1 - carelessness * (0.4 + 1.2 * random.next()),
    truth: { plain, data: { ...plain, DataClassification: classification } },
  };
}

/** Each team has its own habit of naming. */
function stemOf(team: Team, service: string, environment: Environment): string {
  const short = SHORT_ENVIRONMENT[environment];
  const habits = [
    `${team.name}-${service}-${short}`,
    `${service}-${short}`,
    `${short}-${service}`,
    `${team.name}-${short}-${service}`,
    `${service}-${environment}`,
  ];
  return habits[(team.costCenter.charCodeAt(3) + team.name.length) % habits.length] ?? service;
}

const OPAQUE_STEMS = ['test', 'tmp', 'poc', 'new', 'demo', 'migration', 'backup', 'temp-do-not-delete', 'v2', 'hackathon'];

/**
 * How a name for a workload begins. Most tell the truth; a few tell nothing, and fewer were copied from another
 * environment and mislead.
 */
export function nameStem(random: Random, workload: Workload): string {
  const luck = random.next();
  if (luck < 0.05) return random.pick(OPAQUE_STEMS);
  if (luck > 0.985) return stemOf(workload.team, workload.service, random.pick(['production', 'staging', 'development']));
  return workload.stem;
}

/** Names that must be unique in the whole world begin with the company. */
export function worldwide(stem: string): string {
  return `${COMPANY}-${stem}`;
}
