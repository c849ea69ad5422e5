import type { Attachments } from './attachments.ts';
import type { OrganizationBuilder } from './builder.ts';
import type { Network } from './network.ts';
import type { ResourceOf } from './types.ts';
import type { OwnedWorkload } from './workload.ts';

interface Sites {
  network: Network;
  workloads: readonly OwnedWorkload[];
  attachments: Attachments;
}

/** Elastic Load Balancing takes names of at most 32 characters; this leaves room for a number behind. */
const LONGEST_NAME = 28;

function shortName(builder: OrganizationBuilder, workload: OwnedWorkload, part: string): string {
  const name = `${workload.stem}-${part}`.slice(0, LONGEST_NAME).replace(/-+$/, '');
  return builder.unique(`elasticloadbalancing/${workload.account}/${workload.region}`, name);
}

export function addLoadBalancers(
  builder: OrganizationBuilder,
  { network, workloads, attachments }: Sites,
): ResourceOf<'elasticloadbalancing:loadbalancer'>[] {
  return builder.repeat('elasticloadbalancing:loadbalancer', () =>
    addLoadBalancer(builder, builder.random.pick(workloads), network, attachments),
  );
}

function addLoadBalancer(
  builder: OrganizationBuilder,
  workload: OwnedWorkload,
  network: Network,
  attachments: Attachments,
): ResourceOf<'elasticloadbalancing:loadbalancer'> {
  const { random } = builder;
  const kind = random.chance(0.7) ? ('application' as const) : ('network' as const);
  const name = shortName(builder, workload, kind === 'application' ? 'alb' : 'nlb');
  const subnets = network.subnetsOf(workload.vpc).slice(0, 3);
  const common = builder.common({
    type: 'elasticloadbalancing:loadbalancer',
    workload,
    id: name,
    name,
    arnResource: `loadbalancer/${kind === 'application' ? 'app' : 'net'}/${name}/${random.hex(16)}`,
    parents: [workload.vpc],
    dollars: 19.4 + random.longTail(4, 1.3),
  });
  const securityGroups = kind === 'application' ? network.groupsFor(random, workload) : [];
  const subnet = random.pick(subnets);
  if (kind === 'network') {
    attachments.networkInterface({
      workload,
      bornAt: common.createdAt,
      vpc: workload.vpc,
      subnet: subnet.id,
      zone: subnet.attributes.zone,
      privateIp: network.address(subnet),
      securityGroups,
      description: `ELB ${common.arn.slice(common.arn.indexOf('/') + 1)}`,
      interfaceType: 'network_load_balancer',
      instance: undefined,
    });
  }
  const scheme = random.chance(0.5) ? ('internet-facing' as const) : ('internal' as const);
  return builder.add(
    { ...common, attributes: { kind, scheme, vpc: workload.vpc, subnets: subnets.map(({ id }) => id), securityGroups } },
    workload,
  );
}

export function addTargetGroups(
  builder: OrganizationBuilder,
  balancers: readonly ResourceOf<'elasticloadbalancing:loadbalancer'>[],
): ResourceOf<'elasticloadbalancing:targetgroup'>[] {
  const { random } = builder;
  return builder.repeat('elasticloadbalancing:targetgroup', () => {
    const balancer = random.pick(balancers);
    const workload = builder.workloadOf(balancer);
    const serves = random.chance(0.85);
    const name = shortName(builder, workload, random.pick(['tg', 'blue', 'green', 'api-tg']));
    const common = builder.common({
      type: 'elasticloadbalancing:targetgroup',
      workload,
      id: name,
      name,
      arnResource: `targetgroup/${name}/${random.hex(16)}`,
      parents: serves ? [balancer.arn, workload.vpc] : [workload.vpc],
      notBefore: balancer.createdAt,
      neglect: 2,
    });
    const attributes = {
      protocol: balancer.attributes.kind === 'application' ? ('HTTP' as const) : ('TCP' as const),
      port: random.pick([80, 443, 3000, 8080]),
      targetType: random.chance(0.6) ? ('ip' as const) : ('instance' as const),
      vpc: workload.vpc,
      loadBalancer: serves ? balancer.arn : undefined,
    };
    return builder.add({ ...common, attributes }, workload);
  });
}

export function addNatGateways(builder: OrganizationBuilder, { network, attachments }: Omit<Sites, 'workloads'>): void {
  const { random } = builder;
  const vpcs = network.vpcs.filter((vpc) => !vpc.attributes.isDefault);
  builder.repeat('ec2:natgateway', (index) => {
    const vpc = vpcs[index % vpcs.length] ?? random.pick(vpcs);
    const workload = builder.workloadOf(vpc);
    const subnets = network.subnetsOf(vpc.id);
    const subnet = subnets.find(({ attributes }) => attributes.isPublic) ?? random.pick(subnets);
    const id = `nat-0${random.hex(16)}`;
    const common = builder.common({
      type: 'ec2:natgateway',
      workload,
      id,
      arnResource: `natgateway/${id}`,
      nameTag: `${workload.environment}-nat-${subnet.attributes.zone.slice(-1)}`,
      parents: [subnet.id, vpc.id],
      notBefore: subnet.createdAt,
      dollars: 37.4 + random.longTail(25, 1.2),
      neglect: 1.5,
    });
    const place = { vpc: vpc.id, subnet: subnet.id, privateIp: network.address(subnet) };
    const networkInterface = attachments.networkInterface({
      workload,
      bornAt: common.createdAt,
      ...place,
      zone: subnet.attributes.zone,
      securityGroups: [],
      description: `Interface for NAT Gateway ${id}`,
      interfaceType: 'nat_gateway',
      instance: undefined,
    });
    // TEST-NET-3 of RFC 5737: addresses that belong to nobody.
    builder.add({ ...common, attributes: { ...place, publicIp: `203.0.113.${1 + (index % 254)}`, networkInterface } }, workload);
  });
}
