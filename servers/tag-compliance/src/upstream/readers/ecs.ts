import { AwsError, listed } from '@fairway-mcp/aws';
import type { Resource } from '../../inventory/resource.ts';
import type { RegionClient } from '../region-client.ts';
import { inChunks } from './chunks.ts';
import { list, present, toInstant, toTags } from './listing.ts';
import type { Reader } from './reader.ts';

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeClusters.html, API_DescribeServices.html */
const CLUSTERS_AT_ONCE = 100;
const SERVICES_AT_ONCE = 10;

const LIST_CLUSTERS = 'ecs:ListClusters';

const clusters: Reader = {
  type: 'ecs:cluster',
  actions: [LIST_CLUSTERS, 'ecs:DescribeClusters'],
  async read(aws) {
    const described = await inChunks(aws, await clusterArns(aws), CLUSTERS_AT_ONCE, (arns) => describeClusters(aws, arns));
    return { resources: described, gaps: [] };
  },
};

const services: Reader = {
  type: 'ecs:service',
  actions: [LIST_CLUSTERS, 'ecs:ListServices', 'ecs:DescribeServices'],
  async read(aws) {
    const ofClusters = await inChunks(aws, await clusterArns(aws), 1, async ([cluster = '']) => {
      const arns = await serviceArns(aws, cluster);
      return inChunks(aws, arns, SERVICES_AT_ONCE, (some) => describeServices(aws, cluster, some));
    });
    return { resources: ofClusters, gaps: [] };
  },
};

async function clusterArns(aws: RegionClient): Promise<string[]> {
  const { client, ListClustersCommand } = await aws.open('ecs');
  return list(withoutPageCounts(aws), {
    action: LIST_CLUSTERS,
    request: (nextToken) => client.send(new ListClustersCommand({ maxResults: 100, nextToken }), aws.options),
    items: (page) => page.clusterArns,
    next: (page) => page.nextToken,
  });
}

async function serviceArns(aws: RegionClient, cluster: string): Promise<string[]> {
  const { client, ListServicesCommand } = await aws.open('ecs');
  return list(withoutPageCounts(aws), {
    action: 'ecs:ListServices',
    request: (nextToken) => client.send(new ListServicesCommand({ cluster, maxResults: 100, nextToken }), aws.options),
    items: (page) => page.serviceArns,
    next: (page) => page.nextToken,
  }).catch((error: unknown) => {
    // The cluster was deleted after it had been listed.
    if (error instanceof AwsError && error.failure === 'not_found') return [];
    throw error;
  });
}

async function describeClusters(aws: RegionClient, arns: readonly string[]): Promise<Resource[]> {
  const action = 'ecs:DescribeClusters';
  const { client, DescribeClustersCommand } = await aws.open('ecs');
  const page = await aws.call(action, client.send(new DescribeClustersCommand({ clusters: [...arns], include: ['TAGS'] }), aws.options));
  const found = listed(action, page.clusters).flatMap(({ clusterArn: arn, clusterName, tags }): Resource[] =>
    arn === undefined
      ? []
      : [
          {
            arn,
            type: 'ecs:cluster',
            account: aws.account,
            region: aws.region,
            name: clusterName ?? arn,
            tags: toTags(tags),
            createdAt: undefined,
            parents: [],
          },
        ],
  );
  aws.onPage();
  return found;
}

async function describeServices(aws: RegionClient, cluster: string, arns: readonly string[]): Promise<Resource[]> {
  const action = 'ecs:DescribeServices';
  const { client, DescribeServicesCommand } = await aws.open('ecs');
  const page = await aws.call(
    action,
    client.send(new DescribeServicesCommand({ cluster, services: [...arns], include: ['TAGS'] }), aws.options),
  );
  const found = listed(action, page.services).flatMap((service): Resource[] =>
    service.serviceArn === undefined
      ? []
      : [
          {
            arn: service.serviceArn,
            type: 'ecs:service',
            account: aws.account,
            region: aws.region,
            name: service.serviceName ?? service.serviceArn,
            tags: toTags(service.tags),
            createdAt: toInstant(service.createdAt),
            parents: present([service.clusterArn, ...(service.networkConfiguration?.awsvpcConfiguration?.subnets ?? [])]),
          },
        ],
  );
  aws.onPage();
  return found;
}

/** Names alone do not count as listed resources. */
function withoutPageCounts(aws: RegionClient): RegionClient {
  return { ...aws, onPage: () => undefined };
}

export const ecsReaders = [clusters, services];
