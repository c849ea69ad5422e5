import { parseArn } from '@fairway-mcp/aws/arn';
import type { Surroundings } from '../inventory/source.ts';
import { list, toTags, type Visit } from './readers/reader.ts';
import type { Tags } from './tagging.ts';

type Principal = Surroundings['principals'][number];

/** The ARN of the IAM role that a resource runs as, for the types that have one. Each step is one call. */
const ROLE_OF: Readonly<Record<string, (at: Visit, arn: string) => Promise<string | undefined>>> = {
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
export async function runsAs(at: Visit, type: string, arn: string): Promise<Principal | undefined> {
  const role = await ROLE_OF[type]?.(at, arn);
  return role === undefined ? undefined : principal(at, role, 'runs as');
}

/** The user or role that made a resource, as its tags tell, with its own tags. @throws AwsError */
export async function createdBy(at: Visit, tags: Tags): Promise<Principal | undefined> {
  const arn = creatorArn(tags, `arn:${at.partition}:iam::${at.account}`);
  return arn === undefined ? undefined : principal(at, arn, 'created by');
}

/** Tag keys that say who made a resource. The first is AWS's own, the others are habits. */
const CREATOR_KEYS = ['aws:createdBy', 'CreatedBy', 'createdBy', 'created-by', 'created_by', 'Creator', 'creator'];

/**
 * The IAM user or role behind what people and AWS write into such tags: an ARN, or `IAMUser:AIDA…:alice`. A bare name is not looked
 * up: it may be anybody's. A session is traced to its role where its ARN names it.
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
async function principal(at: Visit, arn: string, relation: Principal['relation']): Promise<Principal | undefined> {
  const parts = parseArn(arn);
  if (parts === undefined || parts.account !== at.account) return undefined;
  const name = parts.resource.slice(parts.resource.lastIndexOf('/') + 1);
  const tags = parts.resource.startsWith('user/') ? await userTags(at, name) : await roleTags(at, name);
  return { arn, relation, tags };
}

/** @throws AwsError */
export async function roleTags(at: Visit, RoleName: string): Promise<Tags> {
  const { client, ListRoleTagsCommand } = await at.open('iam');
  const tags = await list(at, {
    action: 'iam:ListRoleTags',
    ask: (Marker) => client.send(new ListRoleTagsCommand({ RoleName, Marker }), at.options),
    items: (page) => page.Tags,
    next: (page) => page.Marker,
  });
  return toTags(tags);
}

async function userTags(at: Visit, UserName: string): Promise<Tags> {
  const { client, ListUserTagsCommand } = await at.open('iam');
  const tags = await list(at, {
    action: 'iam:ListUserTags',
    ask: (Marker) => client.send(new ListUserTagsCommand({ UserName, Marker }), at.options),
    items: (page) => page.Tags,
    next: (page) => page.Marker,
  });
  return toTags(tags);
}

async function functionRole(at: Visit, arn: string): Promise<string | undefined> {
  const { client, GetFunctionConfigurationCommand } = await at.open('lambda');
  const command = new GetFunctionConfigurationCommand({ FunctionName: arn });
  return (await at.ask('lambda:GetFunctionConfiguration', client.send(command, at.options))).Role;
}

async function instanceRole(at: Visit, arn: string): Promise<string | undefined> {
  const { client, DescribeInstancesCommand } = await at.open('ec2');
  const command = new DescribeInstancesCommand({ InstanceIds: [lastOf(arn)] });
  const { Reservations = [] } = await at.ask('ec2:DescribeInstances', client.send(command, at.options));
  const profile = Reservations[0]?.Instances?.[0]?.IamInstanceProfile?.Arn;
  if (profile === undefined) return undefined;
  const iam = await at.open('iam');
  const { InstanceProfile } = await at.ask(
    'iam:GetInstanceProfile',
    iam.client.send(new iam.GetInstanceProfileCommand({ InstanceProfileName: lastOf(profile) }), at.options),
  );
  return InstanceProfile?.Roles?.[0]?.Arn;
}

/** What the containers run as; where they have no role, the one that starts them. */
async function serviceRole(at: Visit, arn: string): Promise<string | undefined> {
  const { client, DescribeServicesCommand, DescribeTaskDefinitionCommand } = await at.open('ecs');
  // service/CLUSTER/NAME; services from before that form are in the cluster that is called `default`.
  const cluster = parseArn(arn)?.resource.split('/').at(-2);
  const command = new DescribeServicesCommand({ services: [arn], ...(cluster !== 'service' && { cluster }) });
  const { services = [] } = await at.ask('ecs:DescribeServices', client.send(command, at.options));
  const taskDefinition = services[0]?.taskDefinition;
  if (taskDefinition === undefined) return undefined;
  const described = await at.ask(
    'ecs:DescribeTaskDefinition',
    client.send(new DescribeTaskDefinitionCommand({ taskDefinition }), at.options),
  );
  return described.taskDefinition?.taskRoleArn ?? described.taskDefinition?.executionRoleArn;
}

function lastOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
