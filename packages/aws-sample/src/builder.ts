import { costShape, SPIKY_CURVE, STEADY_CURVE } from './cost.ts';
import type { Random } from './random.ts';
import type { ResourceType } from './resource-types.ts';
import { generateTags } from './tagging.ts';
import type { IamPrincipal, OrganizationResource, ResourceBase, Tags, Truth } from './types.ts';
import { nameStem, type OwnedWorkload, trueTags } from './workload.ts';

/** What is given of a resource; the builder adds what all resources have. */
export interface ResourceInput<T extends ResourceType> {
  type: T;
  workload: OwnedWorkload;
  /** After the fifth colon of the ARN: `instance/i-1`. */
  arnResource: string;
  /** Where the ARN leaves out the region, or region and account. */
  arnPlace?: 'global' | 'worldwide';
  id: string;
  /** Left out for what has no name but its `Name` tag. */
  name?: string;
  /** What its `Name` tag says, for what people name by tag. */
  nameTag?: string;
  parents?: readonly string[];
  /** ISO instant at which its parent was created: nothing is older than its parent. */
  notBefore?: string | undefined;
  /** The ISO instant at which it was made along with something else. */
  bornAt?: string;
  /** USD in 30 days. */
  dollars?: number;
  curve?: number;
  /** How many times as likely as usual it is that it was never tagged. */
  neglect?: number;
  extras?: Tags;
}

const HOUR_MS = 3_600_000;
const OLDEST_MS = 4 * 365 * 24 * HOUR_MS;
const EARLY_MS = 120 * 24 * HOUR_MS;
const MAX_USER_TAGS = 50;

/** An organization under construction. What others refer to is added before what refers to it. */
export class OrganizationBuilder {
  readonly random: Random;
  readonly resources: OrganizationResource[] = [];
  readonly truth = new Map<string, Truth>();
  readonly #now: number;
  readonly #names = new Set<string>();
  readonly #workloads = new Map<string, OwnedWorkload>();
  readonly #counts: ReadonlyMap<ResourceType, number>;

  constructor(random: Random, counts: ReadonlyMap<ResourceType, number>, now: number) {
    this.random = random;
    this.#counts = counts;
    this.#now = now;
  }

  /** Creates as many resources of one type as the organization has. */
  repeat<R>(type: ResourceType, make: (index: number) => R): R[] {
    return Array.from({ length: this.count(type) }, (_, index) => make(index));
  }

  count(type: ResourceType): number {
    return this.#counts.get(type) ?? 0;
  }

  add<R extends OrganizationResource>(resource: R, workload: OwnedWorkload): R {
    this.resources.push(resource);
    this.#workloads.set(resource.arn, workload);
    return resource;
  }

  /** The workload of a resource that was added before. */
  workloadOf(resource: { arn: string }): OwnedWorkload {
    const workload = this.#workloads.get(resource.arn);
    if (workload === undefined) throw new RangeError(`${resource.arn} was not added to the builder`);
    return workload;
  }

  /** Everything but the attributes, with tags that may be wrong. Records the true ones. */
  common<T extends ResourceType>(plan: ResourceInput<T>): ResourceBase & { type: T } {
    const { type, workload, id } = plan;
    const arn = arnOf(plan);
    const { tags, flaw } = generateTags(this.random, {
      truth: trueTags(workload, type),
      discipline: workload.discipline,
      neglect: plan.neglect ?? 1,
      nameTag: plan.nameTag,
      extras: this.#extras(plan),
    });
    this.truth.set(arn, { tags: trueTags(workload, type), flaw });
    return {
      type,
      arn,
      id,
      name: plan.name ?? tags?.Name ?? id,
      account: workload.account,
      region: plan.type === 'cloudfront:distribution' ? 'global' : workload.region,
      tags,
      createdAt: plan.bornAt ?? this.birth(plan.notBefore),
      parents: plan.parents ?? [],
      createdBy: this.#maker(workload)?.arn,
      cost: this.#cost(plan),
    };
  }

  /** An instant after `notBefore`, or else after the company's first months, late ones more often. */
  birth(notBefore?: string): string {
    const latest = this.#now - HOUR_MS;
    const earliest = notBefore === undefined ? this.#now - OLDEST_MS + EARLY_MS : Date.parse(notBefore);
    const luck = this.random.next();
    const share = notBefore === undefined ? Math.sqrt(luck) : luck;
    return new Date(earliest + Math.floor(Math.max(0, latest - earliest) * share)).toISOString();
  }

  /** An instant in the company's first months, when its networks were created. */
  earlyBirth(): string {
    return new Date(this.#now - OLDEST_MS + Math.floor(this.random.next() * EARLY_MS)).toISOString();
  }

  /** The wanted name, or the first of `name-2`, `name-3`, … that is free in the scope. */
  unique(scope: string, name: string): string {
    let candidate = name;
    for (let next = 2; this.#names.has(`${scope}/${candidate}`); next += 1) candidate = `${name}-${next}`;
    this.#names.add(`${scope}/${candidate}`);
    return candidate;
  }

  /** A name after the workload, unique for the type within account and region. */
  named(workload: OwnedWorkload, type: ResourceType, part: string): string {
    const stem = nameStem(this.random, workload);
    return this.unique(`${type}/${workload.account}/${workload.region}`, part === '' ? stem : `${stem}-${part}`);
  }

  #maker(workload: OwnedWorkload): IamPrincipal | undefined {
    return this.random.chance(0.45) && workload.makers.length > 0 ? this.random.pick(workload.makers) : undefined;
  }

  #cost({ dollars = 0, curve = STEADY_CURVE }: ResourceInput<ResourceType>) {
    return costShape(dollars, curve, curve === SPIKY_CURVE ? this.random.int(52) : 0);
  }

  #extras({ workload, type, extras = {} }: ResourceInput<ResourceType>): Tags {
    const { random } = this;
    const all: Record<string, string> = { ...extras };
    if (random.chance(0.5)) all.ManagedBy = random.chance(0.8) ? 'terraform' : 'cdk';
    if (random.chance(0.12) && workload.makers.length > 0) all.CreatedBy = random.pick(workload.makers).arn;
    if (random.chance(0.03)) Object.assign(all, cloudFormationTags(workload, type, random));
    if (this.truth.size % 331 === 17) addBuildTags(all, random);
    return all;
  }
}

function arnOf({ type, workload, arnResource, arnPlace }: ResourceInput<ResourceType>): string {
  const service = type.slice(0, type.indexOf(':'));
  const region = arnPlace === undefined ? workload.region : '';
  const account = arnPlace === 'worldwide' ? '' : workload.account;
  return `arn:aws:${service}:${region}:${account}:${arnResource}`;
}

function cloudFormationTags(workload: OwnedWorkload, type: ResourceType, random: Random): Tags {
  const stack = `${workload.stem}-stack`;
  return {
    ManagedBy: 'cloudformation',
    'aws:cloudformation:stack-name': stack,
    'aws:cloudformation:stack-id': `arn:aws:cloudformation:${workload.region}:${workload.account}:stack/${stack}/${random.hex(8)}-${random.hex(4)}-${random.hex(4)}-${random.hex(4)}-${random.hex(12)}`,
    'aws:cloudformation:logical-id': `${type.replace(/.*:/, '').replace(/\W/g, '')}${random.hex(8).toUpperCase()}`,
  };
}

/** Adds tags as tools do that write one for each build, up to or near AWS's limit of user tags. */
function addBuildTags(tags: Record<string, string>, random: Random): void {
  const wanted = MAX_USER_TAGS - 8 - random.int(4);
  for (let index = 1; Object.keys(tags).length < wanted; index += 1) tags[`build-${index}`] = `r${random.int(90_000)}`;
}
