import type { ResourceOf } from '@fairway-mcp/aws-sample';
import { QUERY_ERRORS } from '../../common-errors.ts';
import type { QueryOperation, QueryService } from '../../service.ts';
import { ServiceError } from '../../wire/errors.ts';
import { items, type XmlRecord } from '../../wire/xml.ts';
import { chosen, page, tagList } from './listing.ts';
import { createSnapshot, deleteSnapshot, describeSnapshots } from './snapshots.ts';
import { addTagsToResource, listTags, removeTagsFromResource } from './tags.ts';

type Database = ResourceOf<'rds:db'>;
type Cluster = ResourceOf<'rds:cluster'>;

const describeDatabases: QueryOperation = (input, call) => {
  const all = chosen(call.state.of(call.account, call.region, 'rds:db'), input.text('DBInstanceIdentifier'), (name) => {
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
  const all = chosen(call.state.of(call.account, call.region, 'rds:cluster'), input.text('DBClusterIdentifier'), (name) => {
    throw new ServiceError('DBClusterNotFoundFault', `DBCluster ${name} not found.`, { status: 404 });
  });
  const { found, next } = page(input, call, all, {
    'db-cluster-id': ({ id, arn }) => [id, arn],
    'db-cluster-resource-id': ({ attributes }) => [attributes.resourceId],
    engine: ({ attributes }) => [attributes.engine],
  });
  return { DBClusters: items('DBCluster', found.map(cluster)), Marker: next };
};

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
  operations: {
    DescribeDBInstances: describeDatabases,
    DescribeDBClusters: describeClusters,
    DescribeDBSnapshots: describeSnapshots,
    CreateDBSnapshot: createSnapshot,
    DeleteDBSnapshot: deleteSnapshot,
    ListTagsForResource: listTags,
    AddTagsToResource: addTagsToResource,
    RemoveTagsFromResource: removeTagsFromResource,
  },
};
