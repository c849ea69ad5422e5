import type { OrganizationBuilder } from './builder.ts';
import { SPIKY_CURVE } from './cost.ts';
import type { Network } from './network.ts';
import type { ResourceOf } from './types.ts';
import { type OwnedWorkload, worldwide } from './workload.ts';

interface Sites {
  network: Network;
  workloads: readonly OwnedWorkload[];
}

/** USD for 30 days, one zone. */
const CLASS_PRICES = [
  ['db.t4g.micro', 13],
  ['db.t4g.medium', 56],
  ['db.m6g.large', 139],
  ['db.r6g.large', 191],
  ['db.r6g.xlarge', 382],
  ['db.r6g.4xlarge', 1530],
] as const;

const ENGINES = [
  ['postgres', '17.4'],
  ['mysql', '8.4.5'],
  ['mariadb', '11.4.5'],
] as const;

const CLUSTER_ENGINES = [
  ['aurora-postgresql', '16.8'],
  ['aurora-mysql', '8.0.mysql_aurora.3.08.2'],
] as const;

/** Clusters and their members, then databases that stand alone. */
export function addDatabases(builder: OrganizationBuilder, sites: Sites): void {
  const clusters = addDatabaseClusters(builder, sites);
  builder.repeat('rds:db', (index) => {
    const cluster = clusters[index] ?? (builder.random.chance(0.15) && clusters.length > 0 ? builder.random.pick(clusters) : undefined);
    const id = addDatabase(builder, sites, cluster?.resource);
    cluster?.members.push(id);
  });
}

function addDatabaseClusters(
  builder: OrganizationBuilder,
  { network, workloads }: Sites,
): { resource: ResourceOf<'rds:cluster'>; members: string[] }[] {
  const { random } = builder;
  return builder.repeat('rds:cluster', () => {
    const workload = random.pick(workloads);
    const name = builder.named(workload, 'rds:cluster', 'aurora');
    const members: string[] = [];
    const common = builder.common({
      type: 'rds:cluster',
      workload,
      id: name,
      name,
      arnResource: `cluster:${name}`,
      parents: [workload.vpc],
      dollars: random.longTail(35, 1.4),
    });
    const [engine, engineVersion] = random.pick(CLUSTER_ENGINES);
    const attributes = {
      engine,
      engineVersion,
      storageGiB: 10 + random.int(2000),
      vpc: workload.vpc,
      subnets: subnetIds(network, workload.vpc),
      resourceId: `cluster-${random.base32(26)}`,
      members,
    };
    return { resource: builder.add({ ...common, attributes }, workload), members };
  });
}

function addDatabase(builder: OrganizationBuilder, { network, workloads }: Sites, cluster: ResourceOf<'rds:cluster'> | undefined): string {
  const { random } = builder;
  const workload = cluster === undefined ? random.pick(workloads) : builder.workloadOf(cluster);
  const name = builder.named(workload, 'rds:db', cluster === undefined ? 'db' : 'instance');
  const [engine, engineVersion] =
    cluster === undefined ? random.pick(ENGINES) : [cluster.attributes.engine, cluster.attributes.engineVersion];
  const [instanceClass, price] = random.pick(workload.environment === 'production' ? CLASS_PRICES.slice(1) : CLASS_PRICES.slice(0, 4));
  const multiZone = cluster === undefined && workload.environment === 'production' && random.chance(0.6);
  const storageGiB = cluster === undefined ? random.pick([20, 50, 100, 200, 500, 1000]) : 1;
  const common = builder.common({
    type: 'rds:db',
    workload,
    id: name,
    name,
    arnResource: `db:${name}`,
    parents: cluster === undefined ? [workload.vpc] : [cluster.arn, workload.vpc],
    notBefore: cluster?.createdAt,
    dollars: price * (multiZone ? 2 : 1) + storageGiB * 0.137,
  });
  const subnets = network.subnetsOf(workload.vpc);
  const attributes = {
    engine,
    engineVersion,
    instanceClass,
    storageGiB,
    multiZone,
    zone: random.pick(subnets).attributes.zone,
    vpc: workload.vpc,
    subnets: subnetIds(network, workload.vpc),
    securityGroups: network.groupsFor(random, workload),
    cluster: cluster?.id,
    resourceId: `db-${random.base32(26)}`,
  };
  return builder.add({ ...common, attributes }, workload).id;
}

function subnetIds(network: Network, vpc: string): string[] {
  return network.subnetsOf(vpc).map(({ id }) => id);
}

export function addBuckets(builder: OrganizationBuilder, workloads: readonly OwnedWorkload[]): ResourceOf<'s3:bucket'>[] {
  const { random } = builder;
  return builder.repeat('s3:bucket', () => {
    const workload = random.pick(workloads);
    const part = random.pick(['assets', 'logs', 'exports', 'backups', 'uploads', 'terraform-state', 'reports']);
    const name = builder.unique('s3', worldwide(`${random.chance(0.94) ? workload.stem : random.pick(['test', 'tmp', 'share'])}-${part}`));
    const common = builder.common({
      type: 's3:bucket',
      workload,
      id: name,
      name,
      arnResource: name,
      arnPlace: 'worldwide',
      dollars: random.longTail(3, 2.2),
    });
    return builder.add({ ...common, attributes: {} }, workload);
  });
}

export function addTables(builder: OrganizationBuilder, workloads: readonly OwnedWorkload[]): void {
  const { random } = builder;
  builder.repeat('dynamodb:table', () => {
    const workload = random.pick(workloads);
    const name = builder.named(workload, 'dynamodb:table', random.pick(['sessions', 'orders', 'locks', 'events', 'idempotency']));
    const common = builder.common({
      type: 'dynamodb:table',
      workload,
      id: name,
      name,
      arnResource: `table/${name}`,
      dollars: random.longTail(6, 1.9),
      curve: SPIKY_CURVE,
    });
    const items = Math.floor(random.longTail(20_000, 2));
    const attributes = {
      tableId: `${random.hex(8)}-${random.hex(4)}-${random.hex(4)}-${random.hex(4)}-${random.hex(12)}`,
      billing: random.chance(0.8) ? ('PAY_PER_REQUEST' as const) : ('PROVISIONED' as const),
      items,
      bytes: items * (100 + random.int(900)),
      hashKey: random.pick(['pk', 'id', 'key']),
    };
    builder.add({ ...common, attributes }, workload);
  });
}

export function addFileSystems(builder: OrganizationBuilder, workloads: readonly OwnedWorkload[]): void {
  const { random } = builder;
  builder.repeat('elasticfilesystem:file-system', () => {
    const workload = random.pick(workloads);
    const id = `fs-0${random.hex(16)}`;
    const gib = random.longTail(80, 1.6);
    const common = builder.common({
      type: 'elasticfilesystem:file-system',
      workload,
      id,
      arnResource: `file-system/${id}`,
      nameTag: `${workload.stem}-shared`,
      dollars: gib * 0.36,
    });
    builder.add({ ...common, attributes: { bytes: Math.floor(gib * 1_073_741_824), encrypted: random.chance(0.9) } }, workload);
  });
}
