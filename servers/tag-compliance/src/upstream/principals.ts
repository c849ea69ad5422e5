import { parseArn } from '@fairway-mcp/aws/arn';
import type { Surroundings } from '../inventory/source.ts';
import { list, toTags } from './readers/listing.ts';
import type { RegionClient } from './region-client.ts';
import type { Tags } from './tagging.ts';

type Principal = Surroundings['principals'][number];

/** The ARN of the IAM role that a resource runs as, for the types that have one. Each step is one call. */
const ROLE_OF: Readonly<Record<string, (aws: RegionClient, arn: string) => Promise<string | undefined>>> = {
  'ec2:instance': instanceRole,
  'lambda:function': functionRole,
  'ecs:service': serviceRole,
};

/** IAM actions of everything here, for the README. */
export const PRINCIPAL_ACTIONS = [
  'ec2:DescribeInstances',
  'iam:GetInstanceProfile',
  'lambda:GetFunctionConfiguration',
  'ecs:DescribeServices',
  'ecs:DescribeTaskDefinition',
  'iam:ListRoleTags',
  'iam:ListUserTags',
] as const;

/** The role that a resource runs as, with its tags; `undefined` when it has none or its type cannot have one. @throws AwsError */
export async function runsAs(aws: RegionClient, type: string, arn: string): Promise<Principal | undefined> {
  const role = await ROLE_OF[type]?.(aws, arn);
  return role === undefined ? undefined : principal(aws, role, 'runs as');
}

/** The user or role that created a resource according to its tags, with its own tags. @throws AwsError */
export async function createdBy(aws: RegionClient, tags: Tags): Promise<Principal | undefined> {
  const arn = creatorArn(tags, `arn:${aws.partition}:iam::${aws.account}`);
  return arn === undefined ? undefined : principal(aws, arn, 'created by');
}

/** Tag keys that name the creator of a resource. The first is set by AWS, the others are conventions. */
const CREATOR_KEYS = ['aws:createdBy', 'CreatedBy', 'createdBy', 'created-by', 'created_by', 'Creator', 'creator'];

/**
 * The IAM user or role in the value of such a tag: an ARN, or `IAMUser:AIDA…:alice`. A bare name is not looked up, because it is
 * ambiguous. A session is traced to its role if its ARN names it.
 * Source: https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/aws-tags.html
 * @param iam what IAM ARNs of the resource's account begin with
 */
export function creatorArn(tags: Tags, iam: string): string | undefined {
  for (const key of CREATOR_KEYS) {
    const value = tags[key];
    if (value === undefined) continue;
    const user = /^IAMUser:[A-Z0-9]+:([\w+=,.@-]+)$/.exec(value)?.[1];
    if (user !== undefined) return `${iam}:user/${user}`;
    const parts = parseArn(value);
    if (parts === undefined) continue;
    const session = parts.service === 'sts' ? /^assumed-role\/([^/]+)\//.exec(parts.resource)?.[1] : undefined;
    if (session !== undefined) return `arn:${parts.partition}:iam::${parts.account}:role/${session}`;
    if (parts.service === 'iam' && /^(user|role)\//.test(parts.resource)) return value;
  }
  return undefined;
}

/** @returns nothing for a principal of another account, whose tags cannot be seen from here. @throws AwsError */
async function principal(aws: RegionClient, arn: string, relation: Principal['relation']): Promise<Principal | undefined> {
  const parts = parseArn(arn);
  if (parts === undefined || parts.account !== aws.account) return undefined;
  const name = parts.resource.slice(parts.resource.lastIndexOf('/') + 1);
  const tags = parts.resource.startsWith('user/') ? await userTags(aws, name) : await roleTags(aws, name);
  return { arn, relation, tags };
}

/** @throws AwsError */
export async function roleTags(aws: RegionClient, RoleName: string): Promise<Tags> {
  const { client, ListRoleTagsCommand } = await aws.open('iam');
  const tags = await list(aws, {
    action: 'iam:ListRoleTags',
    request: (Marker) => client.send(new ListRoleTagsCommand({ RoleName, Marker }), aws.options),
    items: (page) => page.Tags,
    next: (page) => page.Marker,
  });
  return toTags(tags);
}

async function userTags(aws: RegionClient, UserName: string): Promise<Tags> {
  const { client, ListUserTagsCommand } = await aws.open('iam');
  const tags = await list(aws, {
    action: 'iam:ListUserTags',
    request: (Marker) => client.send(new ListUserTagsCommand({ UserName, Marker }), aws.options),
    items: (page) => page.Tags,
    next: (page) => page.Marker,
  });
  return toTags(tags);
}

async function functionRole(aws: RegionClient, arn: string): Promise<string | undefined> {
  const { client, GetFunctionConfigurationCommand } = await aws.open('lambda');
  const command = new GetFunctionConfigurationCommand({ FunctionName: arn });
  return (await aws.call('lambda:GetFunctionConfiguration', client.send(command, aws.options))).Role;
}

async function instanceRole(aws: RegionClient, arn: string): Promise<string | undefined> {
  const { client, DescribeInstancesCommand } = await aws.open('ec2');
  const command = new DescribeInstancesCommand({ InstanceIds: [lastOf(arn)] });
  const { Reservations = [] } = await aws.call('ec2:DescribeInstances', client.send(command, aws.options));
  const profile = Reservations[0]?.Instances?.[0]?.IamInstanceProfile?.Arn;
  if (profile === undefined) return undefined;
  const iam = await aws.open('iam');
  const { InstanceProfile } = await aws.call(
    'iam:GetInstanceProfile',
    iam.client.send(new iam.GetInstanceProfileCommand({ InstanceProfileName: lastOf(profile) }), aws.options),
  );
  return InstanceProfile?.Roles?.[0]?.Arn;
}

/** The role of the containers; if they have none, the role that starts them. */
async function serviceRole(aws: RegionClient, arn: string): Promise<string | undefined> {
  const { client, DescribeServicesCommand, DescribeTaskDefinitionCommand } = await aws.open('ecs');
  // service/CLUSTER/NAME; services from before that form are in the cluster that is called `default`.
  const cluster = parseArn(arn)?.resource.split('/').at(-2);
  const command = new DescribeServicesCommand({ services: [arn], ...(cluster !== 'service' && { cluster }) });
  const { services = [] } = await aws.call('ecs:DescribeServices', client.send(command, aws.options));
  const taskDefinition = services[0]?.taskDefinition;
  if (taskDefinition === undefined) return undefined;
  const described = await aws.call(
    'ecs:DescribeTaskDefinition',
    client.send(new DescribeTaskDefinitionCommand({ taskDefinition }), aws.options),
  );
  return described.taskDefinition?.taskRoleArn ?? described.taskDefinition?.executionRoleArn;
}

function lastOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
