import type { ResourceOf, Tags } from '@fairway-mcp/aws-sample';
import { JSON_ERRORS } from '../../common-errors.ts';
import type { Resource } from '../../resources.ts';
import type { Call, JsonOperation, JsonService } from '../../service.ts';
import { ServiceError } from '../../wire/errors.ts';
import type { JsonInput } from '../../wire/json-input.ts';

type Cluster = ResourceOf<'ecs:cluster'>;
type Service = ResourceOf<'ecs:service'>;

const MAX_CLUSTERS = 100;
const MAX_SERVICES = 10;
const MAX_RESULTS = 100;
const DEFAULT_SERVICES = 10;

const listClusters: JsonOperation = (input, call) => {
  const { arns, next } = page(input, call, {
    all: call.state.of(call.account, call.region, 'ecs:cluster'),
    usual: MAX_RESULTS,
    listing: 'clusters',
  });
  return { clusterArns: arns, nextToken: next };
};

const listServices: JsonOperation = (input, call) => {
  const cluster = findCluster(input.text('cluster'), call);
  const launchType = input.text('launchType');
  const all = servicesOf(cluster, call).filter(({ attributes }) => launchType === undefined || attributes.launchType === launchType);
  const { arns, next } = page(input, call, { all, usual: DEFAULT_SERVICES, listing: `services/${cluster.arn}/${launchType}` });
  return { serviceArns: arns, nextToken: next };
};

const describeClusters: JsonOperation = (input, call) => {
  const names = input.texts('clusters');
  if (names.length > MAX_CLUSTERS) throw invalid(`Clusters cannot have more than ${MAX_CLUSTERS} elements`);
  const withTags = input.texts('include').includes('TAGS');
  const all = call.state.of(call.account, call.region, 'ecs:cluster');
  const { found, failures } = pick(
    all,
    names.length === 0 ? ['default'] : names,
    (name) => `arn:aws:ecs:${call.region}:${call.account}:cluster/${name}`,
  );
  return { clusters: found.map((cluster) => describeCluster(cluster, withTags, call)), failures };
};

const describeServices: JsonOperation = (input, call) => {
  const names = input.texts('services');
  if (names.length === 0) throw invalid('Services cannot be empty.');
  if (names.length > MAX_SERVICES) throw invalid(`Services cannot have more than ${MAX_SERVICES} elements`);
  const cluster = findCluster(input.text('cluster'), call);
  const withTags = input.texts('include').includes('TAGS');
  const missing = (name: string) => `arn:aws:ecs:${call.region}:${call.account}:service/${cluster.name}/${name}`;
  const { found, failures } = pick(servicesOf(cluster, call), names, missing);
  return { services: found.map((service) => describeService(service, withTags)), failures };
};

const describeTaskDefinition: JsonOperation = (input, { state, account, region }) => {
  const arn = input.text('taskDefinition') ?? '';
  const service = state.of(account, region, 'ecs:service').find(({ attributes }) => attributes.taskDefinition === arn);
  if (service === undefined) throw new ServiceError('ClientException', 'Unable to describe task definition.');
  const [, family = '', revision = ''] = /task-definition\/(.+):(\d+)$/.exec(arn) ?? [];
  return {
    taskDefinition: {
      taskDefinitionArn: arn,
      family,
      revision: Number(revision),
      status: 'ACTIVE',
      taskRoleArn: service.attributes.taskRole,
      networkMode: 'awsvpc',
      containerDefinitions: [{ name: service.name, image: service.name, essential: true }],
      requiresCompatibilities: [service.attributes.launchType],
    },
    tags: [],
  };
};

const listTags: JsonOperation = (input, call) => {
  const arn = input.text('resourceArn') ?? '';
  const resource = call.state.byArn(arn);
  if (resource?.type !== 'ecs:cluster' && resource?.type !== 'ecs:service')
    throw invalid('The specified resource could not be found. Check the ARN and try again.');
  return { tags: tagList(resource.tags) };
};

function invalid(message: string): ServiceError {
  return new ServiceError('InvalidParameterException', message);
}

/** By name or ARN; without either, the cluster named `default`. */
function findCluster(text: string | undefined, { state, account, region }: Call): Cluster {
  const wanted = text ?? 'default';
  const found = state.of(account, region, 'ecs:cluster').find(({ arn, name }) => arn === wanted || name === wanted);
  if (found === undefined) throw new ServiceError('ClusterNotFoundException', 'Cluster not found.');
  return found;
}

function servicesOf({ arn }: Cluster, { state, account, region }: Call): Service[] {
  return state.of(account, region, 'ecs:service').filter(({ attributes }) => attributes.cluster === arn);
}

function page(input: JsonInput, call: Call, { all, usual, listing }: { all: readonly Resource[]; usual: number; listing: string }) {
  const limit = input.integer('maxResults') ?? usual;
  if (limit < 1 || limit > MAX_RESULTS) throw invalid(`maxResults must be between 1 and ${MAX_RESULTS}`);
  const place = `ecs/${call.account}/${call.region}/${listing}`;
  const { items, next } = call.pager.page(all, { listing: place, limit, token: input.text('nextToken') });
  return { arns: items.map(({ arn }) => arn), next };
}

function pick<R extends Resource>(all: readonly R[], names: readonly string[], missingArn: (name: string) => string) {
  const found: R[] = [];
  const failures: { arn: string; reason: string }[] = [];
  for (const name of names) {
    const resource = all.find((candidate) => candidate.arn === name || candidate.name === name);
    if (resource === undefined) failures.push({ arn: name.startsWith('arn:') ? name : missingArn(name), reason: 'MISSING' });
    else found.push(resource);
  }
  return { found, failures };
}

function tagList(tags: Tags | undefined): { key: string; value: string }[] {
  return Object.entries(tags ?? {}).map(([key, value]) => ({ key, value }));
}

function describeCluster(cluster: Cluster, withTags: boolean, call: Call): object {
  const services = servicesOf(cluster, call);
  return {
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    status: 'ACTIVE',
    registeredContainerInstancesCount: 0,
    runningTasksCount: services.reduce((sum, { attributes }) => sum + attributes.desired, 0),
    pendingTasksCount: 0,
    activeServicesCount: services.length,
    statistics: [],
    tags: withTags ? tagList(cluster.tags) : [],
    settings: [],
    capacityProviders: [],
    defaultCapacityProviderStrategy: [],
  };
}

function describeService({ arn, name, createdAt, createdBy, tags, attributes }: Service, withTags: boolean): object {
  const { cluster, launchType, desired, taskDefinition, targetGroup, subnets } = attributes;
  const network = { awsvpcConfiguration: { subnets, securityGroups: [], assignPublicIp: 'DISABLED' } };
  return {
    serviceArn: arn,
    serviceName: name,
    clusterArn: cluster,
    loadBalancers: targetGroup === undefined ? [] : [{ targetGroupArn: targetGroup, containerName: name, containerPort: 8080 }],
    serviceRegistries: [],
    status: 'ACTIVE',
    desiredCount: desired,
    runningCount: desired,
    pendingCount: 0,
    launchType,
    platformVersion: launchType === 'FARGATE' ? 'LATEST' : undefined,
    taskDefinition,
    deployments: [],
    events: [],
    createdAt: Date.parse(createdAt) / 1000,
    placementConstraints: [],
    placementStrategy: [],
    networkConfiguration: launchType === 'FARGATE' ? network : undefined,
    schedulingStrategy: 'REPLICA',
    // Left out unless asked for, unlike a cluster's.
    tags: withTags ? tagList(tags) : undefined,
    createdBy,
    enableECSManagedTags: false,
    propagateTags: 'NONE',
    enableExecuteCommand: false,
  };
}

/** Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ */
export const ecs: JsonService = {
  name: 'ecs',
  protocol: 'json-1.1',
  target: 'AmazonEC2ContainerServiceV20141113',
  errors: {
    ...JSON_ERRORS,
    internal: { code: 'ServerException', status: 500, message: 'Service Unavailable. Please try again later.' },
    badToken: { code: 'InvalidParameterException', status: 400, message: 'Invalid token.' },
  },
  operations: {
    ListClusters: listClusters,
    DescribeClusters: describeClusters,
    ListServices: listServices,
    DescribeServices: describeServices,
    DescribeTaskDefinition: describeTaskDefinition,
    ListTagsForResource: listTags,
  },
};
