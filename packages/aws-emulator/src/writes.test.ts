import {
  DynamoDBClient,
  ListTagsOfResourceCommand,
  TagResourceCommand as TagTable,
  UntagResourceCommand as UntagTable,
} from '@aws-sdk/client-dynamodb';
import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeInstancesCommand,
  DescribeTagsCommand,
  EC2Client,
  StartInstancesCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import {
  GetFunctionCommand,
  LambdaClient,
  ListTagsCommand,
  TagResourceCommand as TagFunction,
  UntagResourceCommand as UntagFunction,
} from '@aws-sdk/client-lambda';
import {
  AddTagsToResourceCommand,
  CreateDBSnapshotCommand,
  DeleteDBSnapshotCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  ListTagsForResourceCommand,
  RDSClient,
  RemoveTagsFromResourceCommand,
} from '@aws-sdk/client-rds';
import {
  GetResourcesCommand,
  ResourceGroupsTaggingAPIClient,
  TagResourcesCommand,
  UntagResourcesCommand,
} from '@aws-sdk/client-resource-groups-tagging-api';
import { DeleteBucketTaggingCommand, GetBucketTaggingCommand, PutBucketTaggingCommand, S3Client } from '@aws-sdk/client-s3';
import {
  ListTagsForResourceCommand as ListTopicTags,
  SNSClient,
  TagResourceCommand as TagTopic,
  UntagResourceCommand as UntagTopic,
} from '@aws-sdk/client-sns';
import { ListQueuesCommand, ListQueueTagsCommand, SQSClient, TagQueueCommand, UntagQueueCommand } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it } from 'vitest';
import { busiest, EmulatorHarness, NOW, ORGANIZATION, useEmulator } from './emulator.fixture.ts';
import type { Resource } from './resources.ts';

const harness = useEmulator();
afterEach(() => harness.aws.reset());

type Tags = Readonly<Record<string, string>>;
type TagList = readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined;

function toRecord(list: TagList): Tags {
  return Object.fromEntries((list ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
}

function toList(tags: Tags): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** The tags of one resource as the Tagging API shows them; `undefined` when it does not list the resource. */
async function taggingApi(
  { arn, account, region }: Pick<Resource, 'arn' | 'account' | 'region'>,
  shared = harness,
): Promise<Tags | undefined> {
  const client = shared.client(ResourceGroupsTaggingAPIClient, { account, region });
  const { ResourceTagMappingList = [] } = await client.send(new GetResourcesCommand({ ResourceARNList: [arn] }));
  return ResourceTagMappingList[0] && toRecord(ResourceTagMappingList[0].Tags);
}

function userTags(tags: Tags | undefined): string[] {
  return Object.keys(tags ?? {}).filter((key) => !key.startsWith('aws:'));
}

/** The tagging operations of each service, on a resource that has a few tags. */
interface Tagged {
  name: string;
  resource: Resource;
  read(): Promise<Tags>;
  tag(tags: Tags): Promise<unknown>;
  untag(keys: string[]): Promise<unknown>;
}

function pick(type: Parameters<typeof busiest>[0]): Resource {
  const found = busiest(type).resources.find(({ tags }) => userTags(tags).length > 0 && userTags(tags).length < 20);
  if (found === undefined) throw new Error(`the organization has no tagged ${type}`);
  return found;
}

const instance = pick('ec2:instance');
const database =
  busiest('rds:db').resources.find(({ attributes, tags }) => attributes.cluster === undefined && userTags(tags).length > 0) ??
  pick('rds:db');
const bucket =
  busiest('s3:bucket').resources.find(
    ({ tags }) => userTags(tags).length > 1 && userTags(tags).length < 20 && !Object.keys(tags ?? {}).some((key) => key.startsWith('aws:')),
  ) ?? pick('s3:bucket');
const [lambdaFunction, table, queue, topic] = [pick('lambda:function'), pick('dynamodb:table'), pick('sqs:queue'), pick('sns:topic')];

const ec2 = () => harness.client(EC2Client, instance);
const rds = () => harness.client(RDSClient, database);
const s3 = () => harness.client(S3Client, bucket, { forcePathStyle: true } as object);
const lambda = () => harness.client(LambdaClient, lambdaFunction);
const dynamodb = () => harness.client(DynamoDBClient, table);
const sqs = () => harness.client(SQSClient, queue);
const sns = () => harness.client(SNSClient, topic);

async function queueUrl(): Promise<string> {
  const { QueueUrls = [] } = await sqs().send(new ListQueuesCommand({ QueueNamePrefix: queue.name }));
  return QueueUrls.find((url) => url.endsWith(`/${queue.name}`)) ?? '';
}

async function bucketTags(): Promise<Tags> {
  return toRecord((await s3().send(new GetBucketTaggingCommand({ Bucket: bucket.name }))).TagSet);
}

const SERVICES: readonly Tagged[] = [
  {
    name: 'ec2',
    resource: instance,
    read: async () =>
      toRecord((await ec2().send(new DescribeInstancesCommand({ InstanceIds: [instance.id] }))).Reservations?.[0]?.Instances?.[0]?.Tags),
    tag: (tags) => ec2().send(new CreateTagsCommand({ Resources: [instance.id], Tags: toList(tags) })),
    untag: (keys) => ec2().send(new DeleteTagsCommand({ Resources: [instance.id], Tags: keys.map((Key) => ({ Key })) })),
  },
  {
    name: 'rds',
    resource: database,
    read: async () => toRecord((await rds().send(new ListTagsForResourceCommand({ ResourceName: database.arn }))).TagList),
    tag: (tags) => rds().send(new AddTagsToResourceCommand({ ResourceName: database.arn, Tags: toList(tags) })),
    untag: (TagKeys) => rds().send(new RemoveTagsFromResourceCommand({ ResourceName: database.arn, TagKeys })),
  },
  {
    name: 's3',
    resource: bucket,
    read: bucketTags,
    tag: async (tags) =>
      s3().send(new PutBucketTaggingCommand({ Bucket: bucket.name, Tagging: { TagSet: toList({ ...(await bucketTags()), ...tags }) } })),
    untag: async (keys) => {
      const rest = Object.entries(await bucketTags()).filter(([key]) => !keys.includes(key));
      return s3().send(new PutBucketTaggingCommand({ Bucket: bucket.name, Tagging: { TagSet: toList(Object.fromEntries(rest)) } }));
    },
  },
  {
    name: 'lambda',
    resource: lambdaFunction,
    read: async () => (await lambda().send(new ListTagsCommand({ Resource: lambdaFunction.arn }))).Tags ?? {},
    tag: (Tags) => lambda().send(new TagFunction({ Resource: lambdaFunction.arn, Tags })),
    untag: (TagKeys) => lambda().send(new UntagFunction({ Resource: lambdaFunction.arn, TagKeys })),
  },
  {
    name: 'dynamodb',
    resource: table,
    read: async () => toRecord((await dynamodb().send(new ListTagsOfResourceCommand({ ResourceArn: table.arn }))).Tags),
    tag: (tags) => dynamodb().send(new TagTable({ ResourceArn: table.arn, Tags: toList(tags) })),
    untag: (TagKeys) => dynamodb().send(new UntagTable({ ResourceArn: table.arn, TagKeys })),
  },
  {
    name: 'sqs',
    resource: queue,
    read: async () => (await sqs().send(new ListQueueTagsCommand({ QueueUrl: await queueUrl() }))).Tags ?? {},
    tag: async (Tags) => sqs().send(new TagQueueCommand({ QueueUrl: await queueUrl(), Tags })),
    untag: async (TagKeys) => sqs().send(new UntagQueueCommand({ QueueUrl: await queueUrl(), TagKeys })),
  },
  {
    name: 'sns',
    resource: topic,
    read: async () => toRecord((await sns().send(new ListTopicTags({ ResourceArn: topic.arn }))).Tags),
    tag: (tags) => sns().send(new TagTopic({ ResourceArn: topic.arn, Tags: toList(tags) })),
    untag: (TagKeys) => sns().send(new UntagTopic({ ResourceArn: topic.arn, TagKeys })),
  },
];

describe.each(SERVICES)('tagging through $name', ({ resource, read, tag, untag }) => {
  it('adds and replaces tags, which every service shows afterwards', async () => {
    const before = resource.tags ?? {};
    const [key = 'Owner'] = userTags(before);
    await tag({ [key]: 'changed', Added: 'a value + more' });
    const after = { ...before, [key]: 'changed', Added: 'a value + more' };
    expect(await read()).toEqual(after);
    expect(await taggingApi(resource)).toEqual(after);
  });

  it('removes tags, which every service shows afterwards', async () => {
    const [key = ''] = userTags(resource.tags);
    await tag({ Added: '1' });
    await untag([key, 'NeverThere']);
    const { [key]: _removed, ...rest } = resource.tags ?? {};
    expect(await read()).toEqual({ ...rest, Added: '1' });
    expect(await taggingApi(resource)).toEqual({ ...rest, Added: '1' });
  });

  it('rejects reserved and overlong tags and changes nothing', async () => {
    await expect(tag({ 'aws:mine': '1' })).rejects.toThrow();
    await expect(tag({ ['k'.repeat(129)]: '1' })).rejects.toThrow();
    await expect(tag({ Fine: 'v'.repeat(257) })).rejects.toThrow();
    expect(await read()).toEqual(resource.tags ?? {});
  });

  it('rejects more than 50 tags and changes nothing', async () => {
    await expect(tag(Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`many-${index}`, '1'])))).rejects.toThrow();
    expect(await read()).toEqual(resource.tags ?? {});
  });

  it('has taken effect when the answer is lost', async () => {
    const write = { account: resource.account, after: 0, times: 1 };
    const operations = ['CreateTags', 'AddTagsToResource', 'PutBucketTagging', 'TagResource', 'TagQueue'];
    for (const operation of operations) harness.aws.faults.add({ ...write, kind: 'lost_answer', operation });
    await expect(tag({ Added: 'unknown' })).rejects.toThrow();
    harness.aws.faults.clear();
    expect(await read()).toMatchObject({ Added: 'unknown' });
  });

  it('has no effect when the request is lost or denied', async () => {
    for (const kind of ['lost_request', 'access_denied', 'throttled', 'unavailable'] as const) {
      const operations = ['CreateTags', 'AddTagsToResource', 'PutBucketTagging', 'TagResource', 'TagQueue'];
      for (const operation of operations) harness.aws.faults.add({ kind, operation });
      await expect(tag({ Added: kind })).rejects.toThrow();
      harness.aws.faults.clear();
    }
    expect(await read()).toEqual(resource.tags ?? {});
  });
});

describe('EC2 tags', () => {
  it('are deleted by key and value only where the value matches', async () => {
    await ec2().send(new CreateTagsCommand({ Resources: [instance.id], Tags: toList({ One: '1', Two: '2' }) }));
    await ec2().send(new DeleteTagsCommand({ Resources: [instance.id], Tags: toList({ One: '1', Two: 'other' }) }));
    const { Tags: rows = [] } = await ec2().send(new DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: [instance.id] }] }));
    expect(toRecord(rows)).toMatchObject({ Two: '2' });
    expect(toRecord(rows)).not.toHaveProperty('One');
  });

  it('are set on all resources of a request or on none', async () => {
    const missing = 'vol-0123456789abcdef0';
    const both = new CreateTagsCommand({ Resources: [instance.id, missing], Tags: toList({ One: '1' }) });
    await expect(ec2().send(both)).rejects.toMatchObject({ name: 'InvalidVolume.NotFound' });
    expect(await taggingApi(instance)).not.toHaveProperty('One');
    const nonsense = new CreateTagsCommand({ Resources: ['nonsense'], Tags: toList({ One: '1' }) });
    await expect(ec2().send(nonsense)).rejects.toMatchObject({ name: 'InvalidID' });
  });

  it('are not changed by a dry run, which says that it would have succeeded', async () => {
    const dry = new CreateTagsCommand({ Resources: [instance.id], Tags: toList({ One: '1' }), DryRun: true });
    await expect(ec2().send(dry)).rejects.toMatchObject({ name: 'DryRunOperation', $metadata: { httpStatusCode: 412 } });
    expect(await taggingApi(instance)).not.toHaveProperty('One');
  });
});

describe('EC2 instances', () => {
  const running = busiest('ec2:instance').resources.find(({ attributes }) => attributes.state === 'running') ?? instance;
  const client = (shared = harness) => shared.client(EC2Client, running);
  const stateOf = async (shared = harness) =>
    (await client(shared).send(new DescribeInstancesCommand({ InstanceIds: [running.id] }))).Reservations?.[0]?.Instances?.[0]?.State?.Name;

  it('are stopping, then stopped; pending, then running', async () => {
    const { StoppingInstances } = await client().send(new StopInstancesCommand({ InstanceIds: [running.id] }));
    expect(StoppingInstances).toMatchObject([
      { InstanceId: running.id, PreviousState: { Code: 16, Name: 'running' }, CurrentState: { Code: 64, Name: 'stopping' } },
    ]);
    await expect(client().send(new StartInstancesCommand({ InstanceIds: [running.id] }))).rejects.toMatchObject({
      name: 'IncorrectInstanceState',
    });
    expect([await stateOf(), await stateOf(), await stateOf()]).toEqual(['stopping', 'stopped', 'stopped']);
    const { StartingInstances } = await client().send(new StartInstancesCommand({ InstanceIds: [running.id] }));
    expect(StartingInstances?.[0]?.CurrentState?.Name).toBe('pending');
    expect([await stateOf(), await stateOf()]).toEqual(['pending', 'running']);
  });

  it('stay as they are when they are already there', async () => {
    const { StartingInstances } = await client().send(new StartInstancesCommand({ InstanceIds: [running.id] }));
    expect(StartingInstances).toMatchObject([{ PreviousState: { Name: 'running' }, CurrentState: { Name: 'running' } }]);
    expect(await stateOf()).toBe('running');
  });

  it('are found by a filter for their new state, with their tags', async () => {
    await client().send(new StopInstancesCommand({ InstanceIds: [running.id] }));
    const { Reservations = [] } = await client().send(
      new DescribeInstancesCommand({ Filters: [{ Name: 'instance-state-name', Values: ['stopping'] }] }),
    );
    expect(Reservations.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId }) => InstanceId))).toEqual([running.id]);
  });

  it('change none of several when one does not exist', async () => {
    const both = new StopInstancesCommand({ InstanceIds: [running.id, 'i-0123456789abcdef0'] });
    await expect(client().send(both)).rejects.toMatchObject({ name: 'InvalidInstanceID.NotFound' });
    expect(await stateOf()).toBe('running');
  });

  it.each([
    [0, ['stopped', 'stopped']],
    [2, ['stopping', 'stopping', 'stopped']],
  ])('take as many reads to change as the test asks for: %i', async (transitionReads, states) => {
    const own = new EmulatorHarness();
    await own.start({ transitionReads });
    try {
      await client(own).send(new StopInstancesCommand({ InstanceIds: [running.id] }));
      const seen: (string | undefined)[] = [];
      for (const _ of states) seen.push(await stateOf(own));
      expect(seen).toEqual(states);
    } finally {
      await own.stop();
    }
  });
});

describe('RDS snapshots', () => {
  const create = (DBSnapshotIdentifier: string, tags: Tags = {}) =>
    rds().send(new CreateDBSnapshotCommand({ DBInstanceIdentifier: database.id, DBSnapshotIdentifier, Tags: toList(tags) }));
  const statusOf = async (DBSnapshotIdentifier: string) =>
    (await rds().send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier }))).DBSnapshots?.[0]?.Status;

  it('are creating, then available, with the tags that they were created with', async () => {
    const { DBSnapshot } = await create('Before-Upgrade', { Owner: 'data' });
    expect(DBSnapshot).toMatchObject({ DBSnapshotIdentifier: 'before-upgrade', DBInstanceIdentifier: database.id, Status: 'creating' });
    expect([await statusOf('before-upgrade'), await statusOf('before-upgrade')]).toEqual(['creating', 'available']);
    const arn = DBSnapshot?.DBSnapshotArn ?? '';
    expect(await taggingApi({ ...database, arn })).toEqual({ Owner: 'data' });
    await rds().send(new AddTagsToResourceCommand({ ResourceName: arn, Tags: toList({ Stage: 'test' }) }));
    const { DBSnapshots } = await rds().send(new DescribeDBSnapshotsCommand({ DBInstanceIdentifier: database.id }));
    expect(DBSnapshots).toMatchObject([
      { PercentProgress: 100, SnapshotCreateTime: new Date(NOW), TagList: toList({ Owner: 'data', Stage: 'test' }) },
    ]);
  });

  it('are rejected when the name is taken or malformed, or the instance does not exist', async () => {
    await create('once');
    await expect(create('once')).rejects.toMatchObject({ name: 'DBSnapshotAlreadyExistsFault' });
    await expect(create('two--hyphens')).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    const missing = new CreateDBSnapshotCommand({ DBInstanceIdentifier: 'nowhere', DBSnapshotIdentifier: 'x' });
    await expect(rds().send(missing)).rejects.toMatchObject({ name: 'DBInstanceNotFoundFault' });
    await expect(statusOf('nowhere')).rejects.toMatchObject({ name: 'DBSnapshotNotFoundFault' });
  });

  it('are gone after they have been deleted, which they can be once they are available', async () => {
    await create('short-lived');
    const drop = () => rds().send(new DeleteDBSnapshotCommand({ DBSnapshotIdentifier: 'short-lived' }));
    await expect(drop()).rejects.toMatchObject({ name: 'InvalidDBSnapshotStateFault' });
    await statusOf('short-lived');
    await statusOf('short-lived');
    await drop();
    expect((await rds().send(new DescribeDBSnapshotsCommand({}))).DBSnapshots).toEqual([]);
  });

  it('exist when the answer to their creation is lost', async () => {
    harness.aws.faults.add({ kind: 'lost_answer', operation: 'CreateDBSnapshot' });
    await expect(create('unknown')).rejects.toThrow();
    harness.aws.faults.clear();
    expect(await statusOf('unknown')).toBe('creating');
    await expect(create('unknown')).rejects.toMatchObject({ name: 'DBSnapshotAlreadyExistsFault' });
  });
});

describe('S3 bucket tags', () => {
  it('are replaced as a whole, and deleted as a whole', async () => {
    await s3().send(new PutBucketTaggingCommand({ Bucket: bucket.name, Tagging: { TagSet: toList({ Only: 'one + two' }) } }));
    expect(await bucketTags()).toEqual({ Only: 'one + two' });
    await s3().send(new DeleteBucketTaggingCommand({ Bucket: bucket.name }));
    await expect(bucketTags()).rejects.toMatchObject({ name: 'NoSuchTagSet' });
    expect(await taggingApi(bucket)).toEqual({});
  });

  it('that AWS set cannot be removed', async () => {
    const system = ORGANIZATION.resources.find(
      ({ type, tags }) => type === 's3:bucket' && Object.keys(tags ?? {}).some((key) => key.startsWith('aws:')),
    );
    if (system === undefined) throw new Error('the organization has no bucket that CloudFormation made');
    const client = harness.client(S3Client, system, { forcePathStyle: true } as object);
    const put = new PutBucketTaggingCommand({ Bucket: system.name, Tagging: { TagSet: toList({ Mine: '1' }) } });
    await expect(client.send(put)).rejects.toMatchObject({ name: 'InvalidTag' });
  });
});

describe('the Tagging API', () => {
  const client = (where: Resource) => harness.client(ResourceGroupsTaggingAPIClient, where);

  it('tags resources of several services at once, which these show afterwards', async () => {
    const { account, region } = instance;
    const here = ORGANIZATION.resources.filter(
      (resource) => resource.account === account && resource.region === region && userTags(resource.tags).length < 20,
    );
    const arns = [...Map.groupBy(here, ({ type }) => type).values()].flatMap(([first]) => first?.arn ?? []).slice(0, 20);
    const { FailedResourcesMap } = await client(instance).send(new TagResourcesCommand({ ResourceARNList: arns, Tags: { Campaign: '7' } }));
    expect(FailedResourcesMap).toEqual({});
    for (const arn of arns) expect(await taggingApi({ ...instance, arn })).toMatchObject({ Campaign: '7' });
    await client(instance).send(new UntagResourcesCommand({ ResourceARNList: arns, TagKeys: ['Campaign'] }));
    for (const arn of arns) expect(await taggingApi({ ...instance, arn })).not.toHaveProperty('Campaign');
  });

  it('lists what failed and tags the others', async () => {
    const missing = `arn:aws:ec2:${instance.region}:${instance.account}:instance/i-0123456789abcdef0`;
    const volume = ORGANIZATION.resources.find(
      ({ type, account, region }) => type === 'ec2:subnet' && account === instance.account && region === instance.region,
    );
    const foreign = ORGANIZATION.resources.find(({ account }) => account !== instance.account)?.arn ?? '';
    const arns = [missing, foreign, instance.arn, volume?.arn ?? ''];
    const { FailedResourcesMap = {} } = await client(instance).send(
      new TagResourcesCommand({ ResourceARNList: arns, Tags: { Campaign: '7' } }),
    );
    expect(Object.keys(FailedResourcesMap).toSorted()).toEqual([missing, foreign].toSorted());
    expect(FailedResourcesMap[missing]).toMatchObject({ StatusCode: 400, ErrorCode: 'InvalidParameterException' });
    expect(await taggingApi(instance)).toMatchObject({ Campaign: '7' });
  });

  it("lists what the resource's own service rejected", async () => {
    harness.aws.faults.add({ kind: 'access_denied', service: 'ec2', operation: 'CreateTags' });
    const { FailedResourcesMap = {} } = await client(instance).send(
      new TagResourcesCommand({ ResourceARNList: [instance.arn], Tags: { Campaign: '7' } }),
    );
    expect(FailedResourcesMap[instance.arn]).toMatchObject({
      ErrorCode: 'AccessDeniedException',
      ErrorMessage: expect.stringContaining('ec2:CreateTags'),
    });
    expect(await taggingApi(instance)).not.toHaveProperty('Campaign');
  });

  it('takes at most 20 resources and at most 50 tags', async () => {
    const arns = Array.from({ length: 21 }, (_, index) => `${instance.arn}${index}`);
    const tags = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, '1']));
    const calls = [
      { ResourceARNList: arns, Tags: { One: '1' } },
      { ResourceARNList: [instance.arn], Tags: tags },
    ];
    for (const call of calls) {
      await expect(client(instance).send(new TagResourcesCommand(call))).rejects.toMatchObject({ name: 'InvalidParameterException' });
    }
  });

  it('shows what was never tagged once it has been, and still when it has lost its tags', async () => {
    const untagged = ORGANIZATION.resources.find(({ type, tags }) => type === 'ec2:volume' && tags === undefined);
    if (untagged === undefined) throw new Error('the organization has no untagged volume');
    expect(await taggingApi(untagged)).toBeUndefined();
    await harness.client(EC2Client, untagged).send(new CreateTagsCommand({ Resources: [untagged.id], Tags: toList({ One: '1' }) }));
    expect(await taggingApi(untagged)).toEqual({ One: '1' });
    await harness.client(EC2Client, untagged).send(new DeleteTagsCommand({ Resources: [untagged.id] }));
    expect(await taggingApi(untagged)).toEqual({});
  });
});

describe('two emulators of one organization', () => {
  it('do not share what is written, and each can be reset', async () => {
    const other = new EmulatorHarness();
    await other.start({});
    try {
      await ec2().send(new CreateTagsCommand({ Resources: [instance.id], Tags: toList({ Mine: '1' }) }));
      expect(await taggingApi(instance)).toHaveProperty('Mine');
      expect(await taggingApi(instance, other)).toEqual(instance.tags);
      harness.aws.reset();
      expect(await taggingApi(instance)).toEqual(instance.tags);
    } finally {
      await other.stop();
    }
  });
});

describe('Lambda functions', () => {
  it('show their tags with their configuration', async () => {
    await lambda().send(new TagFunction({ Resource: lambdaFunction.arn, Tags: { One: '1' } }));
    const { Tags } = await lambda().send(new GetFunctionCommand({ FunctionName: lambdaFunction.name }));
    expect(Tags).toMatchObject({ One: '1' });
  });
});

describe('RDS databases', () => {
  it('show their tags when they are described', async () => {
    await rds().send(new AddTagsToResourceCommand({ ResourceName: database.arn, Tags: toList({ One: '1' }) }));
    const { DBInstances } = await rds().send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: database.id }));
    expect(toRecord(DBInstances?.[0]?.TagList)).toMatchObject({ One: '1' });
  });
});
