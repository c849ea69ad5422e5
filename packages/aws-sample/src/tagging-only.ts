import type { OrganizationBuilder, ResourceInput } from './builder.ts';
import { SPIKY_CURVE } from './cost.ts';
import type { ResourceOf } from './types.ts';
import type { OwnedWorkload } from './workload.ts';

type PlainType =
  | 'kms:key'
  | 'secretsmanager:secret'
  | 'logs:log-group'
  | 'cloudwatch:alarm'
  | 'ecr:repository'
  | 'states:stateMachine'
  | 'cloudfront:distribution';

interface Watched {
  workloads: readonly OwnedWorkload[];
  functions: readonly ResourceOf<'lambda:function'>[];
  instances: readonly ResourceOf<'ec2:instance'>[];
}

/** Types whose listing is only through the Tagging API here. */
export function addTaggingOnly(builder: OrganizationBuilder, { workloads, functions, instances }: Watched): void {
  const { random } = builder;
  const anyone = () => random.pick(workloads);
  addEach(builder, 'kms:key', () => keyPlan(builder, anyone()));
  addEach(builder, 'secretsmanager:secret', () => secretPlan(builder, anyone()));
  addEach(builder, 'logs:log-group', () => logGroupPlan(builder, functions, anyone()));
  addEach(builder, 'cloudwatch:alarm', () => alarmPlan(builder, instances));
  addEach(builder, 'ecr:repository', () => repositoryPlan(builder, anyone()));
  addEach(builder, 'states:stateMachine', () => machinePlan(builder, anyone()));
  addEach(builder, 'cloudfront:distribution', () => distributionPlan(builder, anyone()));
}

function addEach<T extends PlainType>(builder: OrganizationBuilder, type: T, plan: () => Omit<ResourceInput<PlainType>, 'type'>): void {
  builder.repeat(type, () => {
    const { workload, ...rest } = plan();
    builder.add({ ...builder.common<PlainType>({ ...rest, workload, type }), attributes: {} }, workload);
  });
}

function uuid({ random }: OrganizationBuilder): string {
  return `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-a${random.hex(3)}-${random.hex(12)}`;
}

function keyPlan(builder: OrganizationBuilder, workload: OwnedWorkload) {
  const id = uuid(builder);
  return { workload, id, arnResource: `key/${id}`, dollars: 1, neglect: 1.5 };
}

function secretPlan(builder: OrganizationBuilder, workload: OwnedWorkload) {
  const { random } = builder;
  const wanted = `${workload.environment}/${workload.service}/${random.pick(['db', 'api-key', 'oauth', 'smtp'])}`;
  const name = builder.unique(`secret/${workload.account}/${workload.region}`, wanted);
  return { workload, id: name, name, arnResource: `secret:${name}-${random.base32(6)}`, dollars: 0.4 };
}

function logGroupPlan(builder: OrganizationBuilder, functions: readonly ResourceOf<'lambda:function'>[], anyone: OwnedWorkload) {
  const { random } = builder;
  const source = functions.length > 0 && random.chance(0.75) ? random.pick(functions) : undefined;
  const workload = source === undefined ? anyone : builder.workloadOf(source);
  const wanted = source === undefined ? `/ecs/${workload.stem}` : `/aws/lambda/${source.name}`;
  const name = builder.unique(`logs/${workload.account}/${workload.region}`, wanted);
  const parents = source === undefined ? [] : [source.arn];
  return {
    workload,
    id: name,
    name,
    arnResource: `log-group:${name}`,
    parents,
    notBefore: source?.createdAt,
    dollars: random.longTail(0.6, 2.2),
    neglect: 3,
  };
}

function alarmPlan(builder: OrganizationBuilder, instances: readonly ResourceOf<'ec2:instance'>[]) {
  const { random } = builder;
  const watched = random.pick(instances);
  const workload = builder.workloadOf(watched);
  const name = builder.named(workload, 'cloudwatch:alarm', random.pick(['cpu-high', 'status-check', 'disk-full']));
  return {
    workload,
    id: name,
    name,
    arnResource: `alarm:${name}`,
    parents: [watched.id],
    notBefore: watched.createdAt,
    dollars: 0.1,
    neglect: 1.5,
  };
}

function repositoryPlan(builder: OrganizationBuilder, workload: OwnedWorkload) {
  const name = builder.unique(`ecr/${workload.account}/${workload.region}`, `${workload.team.name}/${workload.service}`);
  return { workload, id: name, name, arnResource: `repository/${name}`, dollars: builder.random.longTail(1.5, 1.3) };
}

function machinePlan(builder: OrganizationBuilder, workload: OwnedWorkload) {
  const name = builder.named(workload, 'states:stateMachine', builder.random.pick(['order-flow', 'nightly', 'import']));
  return { workload, id: name, name, arnResource: `stateMachine:${name}`, dollars: builder.random.longTail(0.8, 1.8), curve: SPIKY_CURVE };
}

function distributionPlan(builder: OrganizationBuilder, workload: OwnedWorkload) {
  const id = `E${builder.random.base32(13)}`;
  return { workload, id, arnResource: `distribution/${id}`, arnPlace: 'global' as const, dollars: builder.random.longTail(30, 1.8) };
}
