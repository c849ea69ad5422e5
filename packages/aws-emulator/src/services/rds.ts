import type { OrganizationResource, ResourceOf, Tags } from '@fairway-mcp/aws-sample';
import { QUERY_ERRORS } from '../common-errors.ts';
import type { Call, QueryOperation, QueryService } from '../service.ts';
import { ServiceError } from '../wire/errors.ts';
import type { QueryInput } from '../wire/query-input.ts';
import { type Items, items, type XmlRecord } from '../wire/xml.ts';

type Database = ResourceOf<'rds:db'>;
type Cluster = ResourceOf<'rds:cluster'>;

const MAX_RECORDS = 100;
const LEAST_RECORDS = 20;

const describeDatabases: QueryOperation = (input, call) => {
  const all = chosen(call.index.of(call.account, call.region, 'rds:db'), input.text('DBInstanceIdentifier'), (name) => {
    throw new ServiceError('DBInstanceNotFound', `DBInstance ${name} not found.`, { status: 404 });
  });
  const { found, next } = page(input, call, all, {
    'db-instance-id': ({ id, arn }) => [id, arn],
    'db-cluster-id': ({ attributes }) => (attributes.cluster === undefined ? [] : [attributes.cluster]),
    'dbi-resource-id': ({ attributes }) => [attributes.resourceId],
    engine: ({ attributes }) => [attributes.engine],
  });
  return { DBInstances: items('DBInstance', found.map(database)), Marker: next };
};

const describeClusters: QueryOperation = (input, call) => {
  const all = chosen(call.index.of(call.account, call.region, 'rds:cluster'), input.text('DBClusterIdentifier'), (name) => {
    throw new ServiceError('DBClusterNotFoundFault', `DBCluster ${name} not found.`, { status: 404 });
  });
  const { found, next } = page(input, call, all, {
    'db-cluster-id': ({ id, arn }) => [id, arn],
    'db-cluster-resource-id': ({ attributes }) => [attributes.resourceId],
    engine: ({ attributes }) => [attributes.engine],
  });
  return { DBClusters: items('DBCluster', found.map(cluster)), Marker: next };
};

const listTags: QueryOperation = (input, call) => {
  const arn = input.required('ResourceName');
  const resource = call.index.byArn(arn);
  const isOurs = resource !== undefined && resource.account === call.account && resource.region === call.region;
  if (isOurs && (resource.type === 'rds:db' || resource.type === 'rds:cluster')) return { TagList: tagList(resource.tags) };
  const [, kind, name] = /^arn:aws:rds:[^:]*:\d*:(db|cluster):(.+)$/.exec(arn) ?? [];
  if (kind === 'db') throw new ServiceError('DBInstanceNotFound', `DBInstance not found: ${name}`, { status: 404 });
  if (kind === 'cluster') throw new ServiceError('DBClusterNotFoundFault', `DBCluster not found: ${name}`, { status: 404 });
  throw new ServiceError('InvalidParameterValue', `The specified resource name does not match an RDS resource in this region.`);
};

/** Identifiers and ARNs name the same thing. */
function chosen<R extends OrganizationResource>(
  all: readonly R[],
  name: string | undefined,
  missing: (name: string) => never,
): readonly R[] {
  if (name === undefined || name === '') return all;
  const found = all.filter(({ id, arn }) => id === name.toLowerCase() || arn === name);
  return found.length > 0 ? found : missing(name);
}

function page<R extends Database | Cluster>(
  input: QueryInput,
  call: Call,
  all: readonly R[],
  known: Readonly<Record<string, (resource: R) => readonly string[]>>,
): { found: R[]; next: string | undefined } {
  const limit = input.integer('MaxRecords') ?? MAX_RECORDS;
  if (limit < LEAST_RECORDS || limit > MAX_RECORDS) {
    throw new ServiceError(
      'InvalidParameterValue',
      `Invalid value ${limit} for MaxRecords. Must be between ${LEAST_RECORDS} and ${MAX_RECORDS}`,
    );
  }
  const filters = input
    .structures('Filters.Filter')
    .map((filter) => ({ name: filter.required('Name'), values: filter.list('Values.Value') }));
  const checks = filters.map(({ name, values }) => {
    const read = known[name];
    if (read === undefined) throw new ServiceError('InvalidParameterValue', `Unrecognized filter name: ${name}`);
    return (resource: R) => read(resource).some((value) => values.includes(value));
  });
  const { items: found, next } = call.pager.page(all, {
    listing: `rds/${input.text('Action')}/${call.account}/${call.region}/${JSON.stringify(filters)}`,
    limit,
    token: input.text('Marker'),
    matches: (resource) => checks.every((check) => check(resource)),
  });
  return { found, next };
}

function tagList(tags: Tags | undefined): Items {
  return items(
    'Tag',
    Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
  );
}

const PORTS: Readonly<Record<string, number>> = { postgres: 5432, 'aurora-postgresql': 5432 };

function database({ id, arn, region, createdAt, attributes, tags }: Database): XmlRecord {
  const { engine, vpc, subnets, securityGroups } = attributes;
  const port = PORTS[engine] ?? 3306;
  return {
    DBInstanceIdentifier: id,
    DBInstanceClass: attributes.instanceClass,
    Engine: engine,
    DBInstanceStatus: 'available',
    MasterUsername: 'admin',
    Endpoint: { Address: `${id}.c9akciq32abc.${region}.rds.amazonaws.com`, Port: port },
    AllocatedStorage: attributes.storageGiB,
    InstanceCreateTime: createdAt,
    BackupRetentionPeriod: 7,
    VpcSecurityGroups: items(
      'VpcSecurityGroupMembership',
      securityGroups.map((group) => ({ VpcSecurityGroupId: group, Status: 'active' })),
    ),
    AvailabilityZone: attributes.zone,
    DBSubnetGroup: subnetGroup(vpc, subnets),
    MultiAZ: attributes.multiZone,
    EngineVersion: attributes.engineVersion,
    AutoMinorVersionUpgrade: true,
    ReadReplicaDBInstanceIdentifiers: items('ReadReplicaDBInstanceIdentifier', []),
    LicenseModel: 'general-public-license',
    PubliclyAccessible: false,
    StorageType: attributes.cluster === undefined ? 'gp3' : 'aurora',
    DBClusterIdentifier: attributes.cluster,
    StorageEncrypted: true,
    DbiResourceId: attributes.resourceId,
    DBInstanceArn: arn,
    DeletionProtection: false,
    TagList: tagList(tags),
  };
}

function subnetGroup(vpc: string, subnets: readonly string[]): XmlRecord {
  return {
    DBSubnetGroupName: `${vpc}-private`,
    DBSubnetGroupDescription: 'private subnets',
    VpcId: vpc,
    SubnetGroupStatus: 'Complete',
    Subnets: items(
      'Subnet',
      subnets.map((subnet) => ({ SubnetIdentifier: subnet, SubnetStatus: 'Active' })),
    ),
  };
}

function cluster({ id, arn, region, createdAt, attributes, tags }: Cluster): XmlRecord {
  const { engine, members } = attributes;
  const host = `c9akciq32abc.${region}.rds.amazonaws.com`;
  return {
    AllocatedStorage: 1,
    AvailabilityZones: items(
      'AvailabilityZone',
      ['a', 'b', 'c'].map((letter) => region + letter),
    ),
    BackupRetentionPeriod: 7,
    DBClusterIdentifier: id,
    DBSubnetGroup: `${attributes.vpc}-private`,
    Status: 'available',
    Endpoint: `${id}.cluster-${host}`,
    ReaderEndpoint: `${id}.cluster-ro-${host}`,
    MultiAZ: members.length > 1,
    Engine: engine,
    EngineVersion: attributes.engineVersion,
    Port: PORTS[engine] ?? 3306,
    MasterUsername: 'admin',
    DBClusterMembers: items(
      'DBClusterMember',
      members.map((member, index) => ({ DBInstanceIdentifier: member, IsClusterWriter: index === 0, PromotionTier: 1 })),
    ),
    StorageEncrypted: true,
    DbClusterResourceId: attributes.resourceId,
    DBClusterArn: arn,
    ClusterCreateTime: createdAt,
    EngineMode: 'provisioned',
    DeletionProtection: false,
    TagList: tagList(tags),
  };
}

/** Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/ */
export const rds: QueryService = {
  name: 'rds',
  protocol: 'query',
  version: '2014-10-31',
  namespace: 'http://rds.amazonaws.com/doc/2014-10-31/',
  errors: { ...QUERY_ERRORS, badToken: { code: 'InvalidParameterValue', status: 400, message: 'Invalid value for Marker.' } },
  operations: { DescribeDBInstances: describeDatabases, DescribeDBClusters: describeClusters, ListTagsForResource: listTags },
};
