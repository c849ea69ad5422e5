import type { OrganizationBuilder } from './builder.ts';
import type { Random } from './random.ts';
import type { ResourceOf } from './types.ts';
import type { OwnedWorkload } from './workload.ts';
import { isDefaultVpc, type NetworkPlace } from './workload-plan.ts';

/** The networks of an organization, to place things in. */
export class Network {
  readonly vpcs: readonly ResourceOf<'ec2:vpc'>[];
  readonly #builder: OrganizationBuilder;
  readonly #subnets = new Map<string, ResourceOf<'ec2:subnet'>[]>();
  readonly #groups = new Map<string, ResourceOf<'ec2:security-group'>[]>();
  readonly #addresses = new Map<string, number>();

  constructor(builder: OrganizationBuilder, places: readonly NetworkPlace[], workloads: readonly OwnedWorkload[]) {
    this.#builder = builder;
    this.vpcs = places.map((place) => addVpc(builder, place));
    for (const subnet of builder.repeat('ec2:subnet', (index) => addSubnet(builder, this.vpcs, index))) {
      listIn(this.#subnets, subnet.attributes.vpc).push(subnet);
    }
    const bornAt = new Map(this.vpcs.map((vpc) => [vpc.id, vpc.createdAt]));
    for (const group of builder.repeat('ec2:security-group', (index) => addGroup(builder, { vpc: this.vpcs[index], workloads, bornAt }))) {
      listIn(this.#groups, group.attributes.vpc).push(group);
    }
  }

  subnetsOf(vpc: string): readonly ResourceOf<'ec2:subnet'>[] {
    return this.#subnets.get(vpc) ?? [];
  }

  subnetFor(random: Random, vpc: string): ResourceOf<'ec2:subnet'> {
    return random.pick(this.subnetsOf(vpc));
  }

  /** One or two groups of the VPC; those of the workload's own people where there are. */
  groupsFor(random: Random, workload: OwnedWorkload): string[] {
    const all = this.#groups.get(workload.vpc) ?? [];
    const own = all.filter((group) => this.#builder.workloadOf(group) === workload);
    const first = random.pick(own.length > 0 ? own : all);
    const second = random.pick(all);
    return first === second || random.chance(0.7) ? [first.id] : [first.id, second.id];
  }

  /** The next free address of a subnet. */
  address(subnet: ResourceOf<'ec2:subnet'>): string {
    const taken = this.#addresses.get(subnet.id) ?? 0;
    this.#addresses.set(subnet.id, taken + 1);
    const [a = '10', b = '0', c = '0'] = subnet.attributes.cidr.split('.');
    return `${a}.${b}.${Number(c) + (Math.floor(taken / 240) % 16)}.${10 + (taken % 240)}`;
  }
}

function listIn<V>(map: Map<string, V[]>, key: string): V[] {
  const known = map.get(key);
  if (known !== undefined) return known;
  const list: V[] = [];
  map.set(key, list);
  return list;
}

function addVpc(builder: OrganizationBuilder, place: NetworkPlace): ResourceOf<'ec2:vpc'> {
  const { vpc, cidr, keeper, environment, region, round } = place;
  const isDefault = isDefaultVpc(place);
  const nameTag = isDefault ? {} : { nameTag: `${environment}-${region}${round > 1 ? `-${round}` : ''}` };
  const common = builder.common({
    type: 'ec2:vpc',
    workload: keeper,
    id: vpc,
    arnResource: `vpc/${vpc}`,
    bornAt: builder.earlyBirth(),
    neglect: isDefault ? 15 : 0.2,
    ...nameTag,
  });
  return builder.add({ ...common, attributes: { cidr, isDefault } }, keeper);
}

/** Every VPC gets its first subnet before any gets a second. */
function addSubnet(builder: OrganizationBuilder, vpcs: readonly ResourceOf<'ec2:vpc'>[], index: number): ResourceOf<'ec2:subnet'> {
  const vpc = vpcs[index % vpcs.length] ?? builder.random.pick(vpcs);
  const layer = Math.floor(index / vpcs.length);
  const workload = builder.workloadOf(vpc);
  const id = `subnet-0${builder.random.hex(16)}`;
  const letter = 'abc'.charAt(Math.floor(layer / 2) % 3);
  const isPublic = vpc.attributes.isDefault || layer % 2 === 1;
  // One in each of the three zones; the others were added by hand.
  const isDefaultForZone = vpc.attributes.isDefault && layer % 2 === 0 && layer < 6;
  const common = builder.common({
    type: 'ec2:subnet',
    workload,
    id,
    arnResource: `subnet/${id}`,
    nameTag: `${workload.environment}-${isPublic ? 'public' : 'private'}-${letter}`,
    parents: [vpc.id],
    bornAt: vpc.createdAt,
    neglect: vpc.attributes.isDefault ? 15 : 0.3,
  });
  const cidr = `${vpc.attributes.cidr.split('.').slice(0, 2).join('.')}.${(layer % 16) * 16}.0/20`;
  return builder.add(
    { ...common, attributes: { vpc: vpc.id, cidr, zone: `${vpc.region}${letter}`, isPublic, isDefaultForZone } },
    workload,
  );
}

/** Every VPC has its default group; the others are made by those who work in it. */
function addGroup(
  builder: OrganizationBuilder,
  {
    vpc,
    workloads,
    bornAt,
  }: { vpc: ResourceOf<'ec2:vpc'> | undefined; workloads: readonly OwnedWorkload[]; bornAt: ReadonlyMap<string, string> },
): ResourceOf<'ec2:security-group'> {
  const workload = vpc === undefined ? builder.random.pick(workloads) : builder.workloadOf(vpc);
  const id = `sg-0${builder.random.hex(16)}`;
  const groupName =
    vpc === undefined
      ? builder.named(workload, 'ec2:security-group', builder.random.pick(['sg', 'alb-sg', 'db-sg', 'internal', 'web']))
      : 'default';
  const common = builder.common({
    type: 'ec2:security-group',
    workload,
    id,
    name: groupName,
    arnResource: `security-group/${id}`,
    parents: [workload.vpc],
    notBefore: bornAt.get(workload.vpc),
    neglect: vpc === undefined ? 1 : 13,
  });
  const description = vpc === undefined ? `${workload.service} ${workload.environment}` : 'default VPC security group';
  return builder.add({ ...common, attributes: { vpc: workload.vpc, groupName, description } }, workload);
}
