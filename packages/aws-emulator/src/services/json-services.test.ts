import {
  DescribeTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  paginateListTables,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeClustersCommand,
  DescribeServicesCommand,
  ECSClient,
  ListServicesCommand,
  ListTagsForResourceCommand,
  paginateListClusters,
  paginateListServices,
} from '@aws-sdk/client-ecs';
import {
  DescribeEffectivePolicyCommand,
  DescribeOrganizationCommand,
  OrganizationsClient,
  paginateListAccounts,
} from '@aws-sdk/client-organizations';
import { GetQueueAttributesCommand, ListQueuesCommand, ListQueueTagsCommand, paginateListQueues, SQSClient } from '@aws-sdk/client-sqs';
import { resourcesOf, sampleOrganizationsTagPolicy } from '@fairway-mcp/aws-sample';
import { describe, expect, it } from 'vitest';
import { all, busiest, EmulatorHarness, IRREGULAR_PAGES, ORGANIZATION, useEmulator } from '../emulator.fixture.ts';

const harness = useEmulator({ paging: IRREGULAR_PAGES });

/** ECS writes keys and values small. */
function smallTags(tags: readonly { key?: string | undefined; value?: string | undefined }[] = []): object {
  return Object.fromEntries(tags.map(({ key, value }) => [key, value]));
}

describe('ECS', () => {
  const { resources, ...place } = busiest('ecs:service');
  const clusters = resourcesOf(ORGANIZATION, 'ecs:cluster').filter(
    ({ account, region }) => account === place.account && region === place.region,
  );

  it('lists clusters and the services of each, page by page', async () => {
    const client = harness.client(ECSClient, place);
    const arns = await all(paginateListClusters({ client, pageSize: 2 }, {}), ({ clusterArns }) => clusterArns);
    expect(arns).toEqual(clusters.map(({ arn }) => arn));
    const services = await Promise.all(
      arns.map((cluster) => all(paginateListServices({ client }, { cluster }), ({ serviceArns }) => serviceArns)),
    );
    expect(services.flat().toSorted()).toEqual(resources.map(({ arn }) => arn).toSorted());
  });

  it('returns tags only on request', async () => {
    const client = harness.client(ECSClient, place);
    const [service] = resources.filter(({ tags = {} }) => Object.keys(tags).length > 0);
    const input = { cluster: service?.attributes.cluster, services: [service?.name ?? ''] };
    const { services: plain = [] } = await client.send(new DescribeServicesCommand(input));
    expect(plain[0]?.tags).toBeUndefined();
    const { services = [] } = await client.send(new DescribeServicesCommand({ ...input, include: ['TAGS'] }));
    expect(smallTags(services[0]?.tags)).toEqual(service?.tags);
    expect(services[0]?.createdAt).toEqual(new Date(service?.createdAt ?? ''));
    const { tags } = await client.send(new ListTagsForResourceCommand({ resourceArn: service?.arn }));
    expect(smallTags(tags)).toEqual(service?.tags);
    const described = await client.send(
      new DescribeClustersCommand({ clusters: [...clusters.map(({ arn }) => arn), 'gone'], include: ['TAGS'] }),
    );
    expect(described.clusters?.map((cluster) => smallTags(cluster.tags))).toEqual(clusters.map((cluster) => cluster.tags ?? {}));
    expect(described.failures).toEqual([{ arn: `arn:aws:ecs:${place.region}:${place.account}:cluster/gone`, reason: 'MISSING' }]);
  });

  it('describes at most ten services at a time, of a cluster that exists', async () => {
    const client = harness.client(ECSClient, place);
    await expect(client.send(new ListServicesCommand({ cluster: 'gone' }))).rejects.toMatchObject({ name: 'ClusterNotFoundException' });
    await expect(client.send(new ListServicesCommand({}))).rejects.toMatchObject({ name: 'ClusterNotFoundException' });
    const services = new Array<string>(11).fill(resources[0]?.arn ?? '');
    await expect(client.send(new DescribeServicesCommand({ cluster: clusters[0]?.arn, services }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });
});

describe('DynamoDB', () => {
  const { resources, ...place } = busiest('dynamodb:table');

  it('lists tables after a name, and the tags and sizes of each', async () => {
    const client = harness.client(DynamoDBClient, place);
    const names = await all(paginateListTables({ client, pageSize: 100 }, {}), ({ TableNames }) => TableNames);
    expect(names).toEqual(resources.map(({ name }) => name).toSorted());
    for (const { name, arn, attributes, createdAt } of resources.slice(0, 5)) {
      const { Table } = await client.send(new DescribeTableCommand({ TableName: name }));
      expect(Table).toMatchObject({ TableArn: arn, ItemCount: attributes.items, CreationDateTime: new Date(createdAt) });
    }
  });

  it('lists tags of a table, in pages', async () => {
    const client = harness.client(DynamoDBClient, place);
    for (const { arn, tags = {} } of resources) {
      const found: [string | undefined, string | undefined][] = [];
      let token: string | undefined;
      do {
        const { Tags = [], NextToken } = await client.send(
          new ListTagsOfResourceCommand({ ResourceArn: arn, ...(token ? { NextToken: token } : {}) }),
        );
        found.push(...Tags.map(({ Key, Value }): [string | undefined, string | undefined] => [Key, Value]));
        token = NextToken;
      } while (token !== undefined);
      expect(Object.fromEntries(found)).toEqual(tags);
    }
  });

  it('rejects unknown tables and invalid limits', async () => {
    const client = harness.client(DynamoDBClient, place);
    await expect(client.send(new DescribeTableCommand({ TableName: 'nobody' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await expect(client.send(new ListTablesCommand({ Limit: 101 }))).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('SQS', () => {
  const { resources, ...place } = busiest('sqs:queue');

  it('returns pages when a size is requested, else everything at once', async () => {
    const client = harness.client(SQSClient, place);
    const paged = await all(paginateListQueues({ client, pageSize: 10 }, {}), ({ QueueUrls }) => QueueUrls);
    const whole = await client.send(new ListQueuesCommand({}));
    expect(paged.map((url) => url.split('/').at(-1))).toEqual(resources.map(({ name }) => name));
    expect(whole.QueueUrls).toEqual(paged);
    expect(whole.NextToken).toBeUndefined();
  });

  it('returns tags and attributes for the URL that it listed', async () => {
    const client = harness.client(SQSClient, place);
    const { QueueUrls = [] } = await client.send(new ListQueuesCommand({}));
    for (const [index, QueueUrl] of QueueUrls.entries()) {
      const { Tags = {} } = await client.send(new ListQueueTagsCommand({ QueueUrl }));
      expect(Tags).toEqual(resources[index]?.tags ?? {});
    }
    const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl: QueueUrls[0], AttributeNames: ['QueueArn'] }));
    expect(Attributes).toEqual({ QueueArn: resources[0]?.arn });
    await expect(client.send(new ListQueueTagsCommand({ QueueUrl: `${QueueUrls[0]}-not` }))).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
      Code: 'AWS.SimpleQueueService.NonExistentQueue',
    });
  });
});

describe('Organizations', () => {
  const management = { account: ORGANIZATION.accounts[0]?.id ?? '', region: 'us-east-1' };
  const member = { account: ORGANIZATION.accounts[1]?.id ?? '', region: 'us-east-1' };

  it('lists the accounts to the management account only', async () => {
    const client = harness.client(OrganizationsClient, management);
    const accounts = await all(paginateListAccounts({ client, pageSize: 2 }, {}), ({ Accounts }) => Accounts);
    expect(accounts.map(({ Id, Name }) => [Id, Name])).toEqual(ORGANIZATION.accounts.map(({ id, name }) => [id, name]));
    const denied = all(paginateListAccounts({ client: harness.client(OrganizationsClient, member) }, {}), ({ Accounts }) => Accounts);
    await expect(denied).rejects.toMatchObject({ name: 'AccessDeniedException' });
    const { Organization } = await harness.client(OrganizationsClient, member).send(new DescribeOrganizationCommand({}));
    expect(Organization).toMatchObject({ Id: ORGANIZATION.organizationId, MasterAccountId: management.account });
  });

  it('returns the effective tag policy, unless there is none', async () => {
    const command = new DescribeEffectivePolicyCommand({ PolicyType: 'TAG_POLICY' });
    const { EffectivePolicy } = await harness.client(OrganizationsClient, member).send(command);
    expect(JSON.parse(EffectivePolicy?.PolicyContent ?? '')).toEqual(sampleOrganizationsTagPolicy);
    expect(EffectivePolicy?.TargetId).toBe(member.account);
    const without = new EmulatorHarness();
    await without.start({ tagPolicy: null });
    try {
      await expect(without.client(OrganizationsClient, member).send(command)).rejects.toMatchObject({
        name: 'EffectivePolicyNotFoundException',
      });
    } finally {
      await without.stop();
    }
  });
});
