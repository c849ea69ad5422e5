import { list, present, type Reader, toInstant, toTags } from './reader.ts';

/** Instances of the engines that share this API (Neptune, DocumentDB) are listed too: their ARNs are those of RDS. */
const instances: Reader = {
  type: 'rds:db',
  actions: ['rds:DescribeDBInstances'],
  async read(at) {
    const { client, DescribeDBInstancesCommand } = await at.open('rds');
    const resources = await list(at, {
      action: 'rds:DescribeDBInstances',
      ask: (Marker) => client.send(new DescribeDBInstancesCommand({ MaxRecords: 100, Marker }), at.options),
      items: (page) =>
        page.DBInstances?.flatMap((db) =>
          db.DBInstanceArn === undefined
            ? []
            : [
                {
                  arn: db.DBInstanceArn,
                  type: 'rds:db',
                  account: at.account,
                  region: at.region,
                  name: db.DBInstanceIdentifier ?? db.DBInstanceArn,
                  tags: toTags(db.TagList),
                  createdAt: toInstant(db.InstanceCreateTime),
                  parents: present([db.DBClusterIdentifier && at.arn('rds', `cluster:${db.DBClusterIdentifier}`), db.DBSubnetGroup?.VpcId]),
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
  async read(at) {
    const { client, DescribeDBClustersCommand } = await at.open('rds');
    const resources = await list(at, {
      action: 'rds:DescribeDBClusters',
      ask: (Marker) => client.send(new DescribeDBClustersCommand({ MaxRecords: 100, Marker }), at.options),
      items: (page) =>
        page.DBClusters?.flatMap((cluster) =>
          cluster.DBClusterArn === undefined
            ? []
            : [
                {
                  arn: cluster.DBClusterArn,
                  type: 'rds:cluster',
                  account: at.account,
                  region: at.region,
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
