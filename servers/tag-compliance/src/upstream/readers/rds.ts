import { list, present, toInstant, toTags } from './listing.ts';
import type { Reader } from './reader.ts';

/** Instances of the engines that share this API (Neptune, DocumentDB) are listed too: their ARNs are those of RDS. */
const instances: Reader = {
  type: 'rds:db',
  actions: ['rds:DescribeDBInstances'],
  async read(aws) {
    const { client, DescribeDBInstancesCommand } = await aws.open('rds');
    const resources = await list(aws, {
      action: 'rds:DescribeDBInstances',
      request: (Marker) => client.send(new DescribeDBInstancesCommand({ MaxRecords: 100, Marker }), aws.options),
      items: (page) =>
        page.DBInstances?.flatMap((db) =>
          db.DBInstanceArn === undefined
            ? []
            : [
                {
                  arn: db.DBInstanceArn,
                  type: 'rds:db',
                  account: aws.account,
                  region: aws.region,
                  name: db.DBInstanceIdentifier ?? db.DBInstanceArn,
                  tags: toTags(db.TagList),
                  createdAt: toInstant(db.InstanceCreateTime),
                  parents: present([
                    db.DBClusterIdentifier && aws.arn('rds', `cluster:${db.DBClusterIdentifier}`),
                    db.DBSubnetGroup?.VpcId,
                  ]),
                },
              ],
        ),
      next: (page) => page.Marker,
    });
    return { resources, gaps: [] };
  },
};

const clusters: Reader = {
  type: 'rds:cluster',
  actions: ['rds:DescribeDBClusters'],
  async read(aws) {
    const { client, DescribeDBClustersCommand } = await aws.open('rds');
    const resources = await list(aws, {
      action: 'rds:DescribeDBClusters',
      request: (Marker) => client.send(new DescribeDBClustersCommand({ MaxRecords: 100, Marker }), aws.options),
      items: (page) =>
        page.DBClusters?.flatMap((cluster) =>
          cluster.DBClusterArn === undefined
            ? []
            : [
                {
                  arn: cluster.DBClusterArn,
                  type: 'rds:cluster',
                  account: aws.account,
                  region: aws.region,
                  name: cluster.DBClusterIdentifier ?? cluster.DBClusterArn,
                  tags: toTags(cluster.TagList),
                  createdAt: toInstant(cluster.ClusterCreateTime),
                  parents: [],
                },
              ],
        ),
      next: (page) => page.Marker,
    });
    return { resources, gaps: [] };
  },
};

export const rdsReaders = [instances, clusters];
