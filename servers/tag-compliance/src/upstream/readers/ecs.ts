import { AwsError, listed } from '@fairway-mcp/aws';
import type { Resource } from '../../inventory/resource.ts';
import { inChunks } from './chunks.ts';
import { list, present, type Reader, toInstant, toTags, type Visit } from './reader.ts';

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeClusters.html, API_DescribeServices.html */
const CLUSTERS_AT_ONCE = 100;
const SERVICES_AT_ONCE = 10;

const LIST_CLUSTERS = 'ecs:ListClusters';

const clusters: Reader = {
  type: 'ecs:cluster',
  actions: [LIST_CLUSTERS, 'ecs:DescribeClusters'],
  async read(at) {
    const described = await inChunks(at, await clusterArns(at), CLUSTERS_AT_ONCE, (arns) => describeClusters(at, arns));
    return { resources: described, gaps: [] };
  },
};

const services: Reader = {
  type: 'ecs:service',
  actions: [LIST_CLUSTERS, 'ecs:ListServices', 'ecs:DescribeServices'],
  async read(at) {
    const ofClusters = await inChunks(at, await clusterArns(at), 1, async ([cluster = '']) => {
      const arns = await serviceArns(at, cluster);
      return inChunks(at, arns, SERVICES_AT_ONCE, (some) => describeServices(at, cluster, some));
    });
    return { resources: ofClusters, gaps: [] };
  },
};

async function clusterArns(at: Visit): Promise<string[]> {
  const { client, ListClustersCommand } = await at.open('ecs');
  return list(withoutPages(at), {
    action: LIST_CLUSTERS,
    ask: (nextToken) => client.send(new ListClustersCommand({ maxResults: 100, nextToken }), at.options),
    items: (page) => page.clusterArns,
    next: (page) => page.nextToken,
  });
}

async function serviceArns(at: Visit, cluster: string): Promise<string[]> {
  const { client, ListServicesCommand } = await at.open('ecs');
  return list(withoutPages(at), {
    action: 'ecs:ListServices',
    ask: (nextToken) => client.send(new ListServicesCommand({ cluster, maxResults: 100, nextToken }), at.options),
    items: (page) => page.serviceArns,
    next: (page) => page.nextToken,
  }).catch((error: unknown) => {
    // The cluster was deleted after it had been listed.
    if (error instanceof AwsError && error.failure === 'not_found') return [];
    throw error;
  });
}

async function describeClusters(at: Visit, arns: readonly string[]): Promise<Resource[]> {
  const action = 'ecs:DescribeClusters';
  const { client, DescribeClustersCommand } = await at.open('ecs');
  const page = await at.ask(action, client.send(new DescribeClustersCommand({ clusters: [...arns], include: ['TAGS'] }), at.options));
  const found = listed(action, page.clusters).flatMap(({ clusterArn: arn, clusterName, tags }): Resource[] =>
    arn === undefined
      ? []
      : [
          {
            arn,
            type: 'ecs:cluster',
            account: at.account,
            region: at.region,
            name: clusterName ?? arn,
            tags: toTags(tags),
            createdAt: undefined,
            parents: [],
          },
        ],
  );
  at.page(found.length);
  return found;
}

async function describeServices(at: Visit, cluster: string, arns: readonly string[]): Promise<Resource[]> {
  const action = 'ecs:DescribeServices';
  const { client, DescribeServicesCommand } = await at.open('ecs');
  const page = await at.ask(
    action,
    client.send(new DescribeServicesCommand({ cluster, services: [...arns], include: ['TAGS'] }), at.options),
  );
  const found = listed(action, page.services).flatMap((service): Resource[] =>
    service.serviceArn === undefined
      ? []
      : [
          {
            arn: service.serviceArn,
            type: 'ecs:service',
            account: at.account,
            region: at.region,
            name: service.serviceName ?? service.serviceArn,
            tags: toTags(service.tags),
            createdAt: toInstant(service.createdAt),
            parents: present([service.clusterArn, ...(service.networkConfiguration?.awsvpcConfiguration?.subnets ?? [])]),
          },
        ],
  );
  at.page(found.length);
  return found;
}

/** Names alone are no resources yet: they are not to be counted as seen. */
function withoutPages(at: Visit): Visit {
  return { ...at, page: () => undefined };
}

export const ecsReaders = [clusters, services];
