import {
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  ElasticLoadBalancingV2Client,
  paginateDescribeLoadBalancers,
  paginateDescribeTargetGroups,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  DescribeDBInstancesCommand,
  ListTagsForResourceCommand as ListDatabaseTagsCommand,
  paginateDescribeDBClusters,
  paginateDescribeDBInstances,
  RDSClient,
} from '@aws-sdk/client-rds';
import {
  GetTopicAttributesCommand,
  ListTagsForResourceCommand as ListTopicTagsCommand,
  paginateListTopics,
  SNSClient,
} from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import { all, busiest, IRREGULAR_PAGES, tagTable, trueTable, useEmulator } from '../emulator.fixture.ts';

const harness = useEmulator({ paging: IRREGULAR_PAGES });

describe('RDS', () => {
  it('lists databases and clusters with their tags, page by page', async () => {
    const { resources, ...place } = busiest('rds:db');
    const client = harness.client(RDSClient, place);
    const found = await all(paginateDescribeDBInstances({ client, pageSize: 20 }, {}), ({ DBInstances }) => DBInstances);
    expect(tagTable(found.map(({ DBInstanceArn: id, TagList: tags }) => ({ id, tags })))).toEqual(trueTable(resources, ({ arn }) => arn));
    expect(found[0]).toMatchObject({
      DBInstanceClass: resources[0]?.attributes.instanceClass,
      InstanceCreateTime: new Date(resources[0]?.createdAt ?? ''),
      DBSubnetGroup: { VpcId: resources[0]?.attributes.vpc },
    });
    const clusters = busiest('rds:cluster');
    const elsewhere = harness.client(RDSClient, clusters);
    const rows = await all(paginateDescribeDBClusters({ client: elsewhere }, {}), ({ DBClusters }) => DBClusters);
    expect(tagTable(rows.map(({ DBClusterArn: id, TagList: tags }) => ({ id, tags })))).toEqual(
      trueTable(clusters.resources, ({ arn }) => arn),
    );
    const members = rows.map(({ DBClusterMembers = [] }) => DBClusterMembers.map(({ DBInstanceIdentifier }) => DBInstanceIdentifier));
    expect(members).toEqual(clusters.resources.map(({ attributes }) => attributes.members));
  });

  it('lists the tags of a resource, and rejects one that does not exist', async () => {
    const { resources, ...place } = busiest('rds:db');
    const client = harness.client(RDSClient, place);
    const arn = resources[0]?.arn ?? '';
    const { TagList = [] } = await client.send(new ListDatabaseTagsCommand({ ResourceName: arn }));
    expect(TagList).toHaveLength(Object.keys(resources[0]?.tags ?? {}).length);
    await expect(client.send(new ListDatabaseTagsCommand({ ResourceName: `${arn}-not` }))).rejects.toMatchObject({
      name: 'DBInstanceNotFoundFault',
    });
    await expect(client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: 'nobody' }))).rejects.toMatchObject({
      name: 'DBInstanceNotFoundFault',
      $metadata: { httpStatusCode: 404 },
    });
    await expect(client.send(new DescribeDBInstancesCommand({ MaxRecords: 19 }))).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    await expect(client.send(new DescribeDBInstancesCommand({ Marker: 'made-up' }))).rejects.toMatchObject({
      name: 'InvalidParameterValue',
    });
  });
});

describe('Elastic Load Balancing', () => {
  it('lists load balancers and target groups page by page; their tags come from DescribeTags', async () => {
    const { resources, ...place } = busiest('elasticloadbalancing:loadbalancer');
    const client = harness.client(ElasticLoadBalancingV2Client, place);
    const found = await all(paginateDescribeLoadBalancers({ client, pageSize: 3 }, {}), ({ LoadBalancers }) => LoadBalancers);
    expect(found.map(({ LoadBalancerArn }) => LoadBalancerArn)).toEqual(resources.map(({ arn }) => arn));
    expect(found.map(({ Type }) => Type)).toEqual(resources.map(({ attributes }) => attributes.kind));
    const { TagDescriptions = [] } = await client.send(
      new DescribeTagsCommand({ ResourceArns: resources.slice(0, 20).map(({ arn }) => arn) }),
    );
    expect(tagTable(TagDescriptions.map(({ ResourceArn: id, Tags: tags }) => ({ id, tags })))).toEqual(
      trueTable(resources.slice(0, 20), ({ arn }) => arn),
    );
    const groups = busiest('elasticloadbalancing:targetgroup');
    const rows = await all(
      paginateDescribeTargetGroups({ client: harness.client(ElasticLoadBalancingV2Client, groups) }, {}),
      ({ TargetGroups }) => TargetGroups,
    );
    expect(rows.map(({ TargetGroupArn, LoadBalancerArns }) => [TargetGroupArn, LoadBalancerArns])).toEqual(
      groups.resources.map(({ arn, attributes }) => [arn, attributes.loadBalancer === undefined ? [] : [attributes.loadBalancer]]),
    );
  });

  it('accepts at most 20 ARNs, and names those that do not exist', async () => {
    const { resources, ...place } = busiest('elasticloadbalancing:loadbalancer');
    const client = harness.client(ElasticLoadBalancingV2Client, place);
    const arn = resources[0]?.arn ?? '';
    await expect(client.send(new DescribeTagsCommand({ ResourceArns: new Array(21).fill(arn) }))).rejects.toMatchObject({
      name: 'ValidationError',
    });
    await expect(client.send(new DescribeTagsCommand({ ResourceArns: [`${arn}0`] }))).rejects.toMatchObject({
      name: 'LoadBalancerNotFoundException',
    });
    await expect(client.send(new DescribeLoadBalancersCommand({ Names: ['nobody'] }))).rejects.toMatchObject({
      name: 'LoadBalancerNotFoundException',
    });
    await expect(client.send(new DescribeLoadBalancersCommand({ PageSize: 401 }))).rejects.toMatchObject({ name: 'ValidationError' });
  });
});

describe('SNS', () => {
  it('lists topics page by page, and the tags and attributes of each', async () => {
    const { resources, ...place } = busiest('sns:topic');
    const client = harness.client(SNSClient, place);
    const found = await all(paginateListTopics({ client }, {}), ({ Topics }) => Topics);
    expect(found.map(({ TopicArn }) => TopicArn)).toEqual(resources.map(({ arn }) => arn));
    for (const { arn, tags = {}, attributes } of resources) {
      const { Tags = [] } = await client.send(new ListTopicTagsCommand({ ResourceArn: arn }));
      expect(Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]))).toEqual(tags);
      const { Attributes } = await client.send(new GetTopicAttributesCommand({ TopicArn: arn }));
      expect(Attributes).toMatchObject({ TopicArn: arn, Owner: place.account, DisplayName: attributes.displayName });
    }
  });

  it('answers with a different error for a missing topic in each operation', async () => {
    const { resources, ...place } = busiest('sns:topic');
    const client = harness.client(SNSClient, place);
    const arn = `${resources[0]?.arn}-not`;
    await expect(client.send(new ListTopicTagsCommand({ ResourceArn: arn }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(client.send(new GetTopicAttributesCommand({ TopicArn: arn }))).rejects.toMatchObject({ name: 'NotFoundException' });
  });
});
