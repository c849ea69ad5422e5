import type { Attachments } from './attachments.ts';
import type { OrganizationBuilder } from './builder.ts';
import { OFFICE_HOURS_CURVE, SPIKY_CURVE, STEADY_CURVE } from './cost.ts';
import type { Network } from './network.ts';
import type { Random } from './random.ts';
import type { ResourceOf } from './types.ts';
import type { OwnedWorkload } from './workload.ts';

/** USD for 30 days of running, roughly as listed for eu-central-1. */
const INSTANCE_PRICES = [
  ['t3.micro', 8.6],
  ['t3.small', 17.3],
  ['t3.medium', 34.6],
  ['t3.large', 69.1],
  ['m6i.large', 82.8],
  ['m6i.xlarge', 165.6],
  ['c6i.2xlarge', 279.4],
  ['r6i.2xlarge', 437.8],
  ['r6i.4xlarge', 875.5],
  ['g5.2xlarge', 1091.5],
] as const;

const IMAGES = ['ami-0c1c30571d2dae5c9', 'ami-0faab6bdbac9486fb', 'ami-04e601abe3e1a910f'];

export function addInstances(
  builder: OrganizationBuilder,
  { network, workloads, attachments }: { network: Network; workloads: readonly OwnedWorkload[]; attachments: Attachments },
): ResourceOf<'ec2:instance'>[] {
  return builder.repeat('ec2:instance', () => addInstance(builder, builder.random.pick(workloads), network, attachments));
}

function addInstance(
  builder: OrganizationBuilder,
  workload: OwnedWorkload,
  network: Network,
  attachments: Attachments,
): ResourceOf<'ec2:instance'> {
  const { random } = builder;
  const id = `i-0${random.hex(16)}`;
  const subnet = network.subnetFor(random, workload.vpc);
  const running = random.chance(0.88);
  const [instanceType, price] = pickInstanceType(random, workload);
  const role = random.pick(['web', 'api', 'worker', 'batch', 'bastion']);
  const nameTag = builder.named(workload, 'ec2:instance', `${role}-${1 + random.int(3)}`);
  const grouped = random.chance(0.2) ? { extras: { 'aws:autoscaling:groupName': `${workload.stem}-asg` } } : {};
  const common = builder.common({
    type: 'ec2:instance',
    workload,
    id,
    arnResource: `instance/${id}`,
    nameTag,
    parents: [subnet.id, workload.vpc],
    notBefore: subnet.createdAt,
    dollars: running ? price : 0,
    curve: workload.environment === 'production' ? STEADY_CURVE : OFFICE_HOURS_CURVE,
    ...grouped,
  });
  const place = placeIn(subnet, workload, network, random);
  const owner = { workload, bornAt: common.createdAt };
  const attributes = {
    ...place,
    instanceType,
    state: running ? ('running' as const) : ('stopped' as const),
    image: random.pick(IMAGES),
    instanceProfile: random.chance(0.7) ? workload.role.instanceProfile : undefined,
    networkInterface: attachments.networkInterface({ ...owner, ...place, description: '', interfaceType: 'interface', instance: id }),
    rootVolume: attachments.rootVolume({ ...owner, zone: place.zone, instance: id, nameTag: `${nameTag}-root` }),
  };
  return builder.add({ ...common, attributes }, workload);
}

function pickInstanceType(random: Random, { environment }: OwnedWorkload): (typeof INSTANCE_PRICES)[number] {
  if (environment === 'production') return random.pick(INSTANCE_PRICES.slice(2));
  return random.pick(INSTANCE_PRICES.slice(0, random.chance(0.9) ? 5 : 10));
}

function placeIn(subnet: ResourceOf<'ec2:subnet'>, workload: OwnedWorkload, network: Network, random: Random) {
  return {
    vpc: workload.vpc,
    subnet: subnet.id,
    zone: subnet.attributes.zone,
    privateIp: network.address(subnet),
    securityGroups: network.groupsFor(random, workload),
  };
}

export function addSnapshots(builder: OrganizationBuilder, volumes: readonly ResourceOf<'ec2:volume'>[]): void {
  const { random } = builder;
  builder.repeat('ec2:snapshot', () => {
    const volume = random.pick(volumes);
    const workload = builder.workloadOf(volume);
    const gone = random.chance(0.15);
    const id = `snap-0${random.hex(16)}`;
    const byBackup = random.chance(0.15) ? { extras: { 'aws:backup:source-resource': volume.arn } } : {};
    const common = builder.common({
      type: 'ec2:snapshot',
      workload,
      id,
      arnResource: `snapshot/${id}`,
      nameTag: `${workload.stem}-${random.pick(['daily', 'weekly', 'before-upgrade'])}`,
      parents: gone ? [] : [volume.id],
      notBefore: volume.createdAt,
      dollars: volume.attributes.sizeGiB * 0.054 * random.next(),
      neglect: 2.5,
      ...byBackup,
    });
    const attributes = {
      volume: gone ? `vol-0${random.hex(16)}` : volume.id,
      sizeGiB: volume.attributes.sizeGiB,
      description: random.pick(['', `Created for policy-0${random.hex(16)}`, `${workload.service} snapshot`]),
      encrypted: volume.attributes.encrypted,
    };
    builder.add({ ...common, attributes }, workload);
  });
}

const RUNTIMES = [
  ['nodejs22.x', 'index.handler'],
  ['python3.13', 'app.handler'],
  ['java21', 'example.Handler::handleRequest'],
  ['provided.al2023', 'bootstrap'],
] as const;

export function addFunctions(
  builder: OrganizationBuilder,
  { network, workloads }: { network: Network; workloads: readonly OwnedWorkload[] },
): ResourceOf<'lambda:function'>[] {
  const { random } = builder;
  return builder.repeat('lambda:function', () => {
    const workload = random.pick(workloads);
    const name = builder.named(workload, 'lambda:function', random.pick(['handler', 'webhook', 'cron', 'cleanup', 'export', 'stream']));
    const inside = random.chance(0.25);
    const common = builder.common({
      type: 'lambda:function',
      workload,
      id: name,
      name,
      arnResource: `function:${name}`,
      parents: inside ? [workload.vpc] : [],
      dollars: random.longTail(0.4, 2.4),
      curve: SPIKY_CURVE,
    });
    const [runtime, handler] = random.pick(RUNTIMES);
    const attributes = {
      runtime,
      handler,
      role: workload.role.arn,
      memoryMiB: random.pick([128, 256, 512, 1024, 2048]),
      timeoutSeconds: random.pick([3, 15, 30, 60, 300, 900]),
      codeBytes: 2_000 + random.int(9_000_000),
      vpc: inside ? workload.vpc : undefined,
      subnets: inside ? [network.subnetFor(random, workload.vpc).id] : [],
    };
    return builder.add({ ...common, attributes }, workload);
  });
}

export function addClusters(builder: OrganizationBuilder, workloads: readonly OwnedWorkload[]): ResourceOf<'ecs:cluster'>[] {
  return builder.repeat('ecs:cluster', () => {
    const workload = builder.random.pick(workloads);
    const name = builder.named(workload, 'ecs:cluster', '');
    return builder.add(
      { ...builder.common({ type: 'ecs:cluster', workload, id: name, name, arnResource: `cluster/${name}` }), attributes: {} },
      workload,
    );
  });
}

interface ServiceSites {
  network: Network;
  workloads: readonly OwnedWorkload[];
  clusters: readonly ResourceOf<'ecs:cluster'>[];
  targetGroups: readonly ResourceOf<'elasticloadbalancing:targetgroup'>[];
}

/** Services run in a cluster of their own network where there is one, else in the cluster of other people. */
export function addServices(builder: OrganizationBuilder, { network, workloads, clusters, targetGroups }: ServiceSites): void {
  const { random } = builder;
  const neighbours = Map.groupBy(workloads, ({ vpc }) => vpc);
  const groups = Map.groupBy(targetGroups, ({ attributes }) => attributes.vpc);
  builder.repeat('ecs:service', () => {
    const cluster = random.pick(clusters);
    const host = builder.workloadOf(cluster);
    const workload = random.chance(0.6) ? host : random.pick(neighbours.get(host.vpc) ?? [host]);
    const stem = builder.named(workload, 'ecs:service', random.pick(['api', 'web', 'consumer', 'scheduler']));
    const fargate = random.chance(0.75);
    const desired = 1 + random.int(workload.environment === 'production' ? 8 : 2);
    const served = groups.get(workload.vpc);
    const common = builder.common({
      type: 'ecs:service',
      workload,
      id: stem,
      name: stem,
      arnResource: `service/${cluster.name}/${stem}`,
      parents: [cluster.arn],
      notBefore: cluster.createdAt,
      dollars: fargate ? desired * random.pick([9, 18, 36, 72]) : 0,
    });
    const attributes = {
      cluster: cluster.arn,
      launchType: fargate ? ('FARGATE' as const) : ('EC2' as const),
      desired,
      taskDefinition: `arn:aws:ecs:${workload.region}:${workload.account}:task-definition/${stem}:${1 + random.int(80)}`,
      taskRole: workload.role.arn,
      targetGroup: served !== undefined && random.chance(0.6) ? random.pick(served).arn : undefined,
      subnets: network
        .subnetsOf(workload.vpc)
        .slice(0, 2)
        .map(({ id }) => id),
    };
    builder.add({ ...common, attributes }, workload);
  });
}
