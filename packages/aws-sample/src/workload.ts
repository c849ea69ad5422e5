import { COMPANY, type Environment, ownerOf, SHORT_ENVIRONMENT, type Team } from './company.ts';
import type { Random } from './random.ts';
import type { ResourceType } from './resource-types.ts';
import { DATA_TYPES } from './tag-policy.ts';
import type { IamPrincipal, Tags } from './types.ts';

/** One service in one environment, which resources belong to and get their true tags from. */
export interface Workload {
  team: Team;
  service: string;
  environment: Environment;
  account: string;
  region: string;
  /** The VPC of its resources that need a network. */
  vpc: string;
  /** The beginning of its resources' names: `payments-ledger-prod`. */
  stem: string;
  /** How well its resources are tagged: 0 hardly, 1 nearly always right. */
  discipline: number;
  truth: { plain: Tags; data: Tags };
}

/** A workload with its principals in IAM. */
export interface OwnedWorkload extends Workload {
  /** The role that its code runs as. */
  role: IamPrincipal;
  /** Principals that may have created its resources; all in its account. */
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

/** Each team names things in its own pattern. */
function stemOf(team: Team, service: string, environment: Environment): string {
  const short = SHORT_ENVIRONMENT[environment];
  const patterns = [
    `${team.name}-${service}-${short}`,
    `${service}-${short}`,
    `${short}-${service}`,
    `${team.name}-${short}-${service}`,
    `${service}-${environment}`,
  ];
  return patterns[(team.costCenter.charCodeAt(3) + team.name.length) % patterns.length] ?? service;
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
