import { SPIKY_CURVE } from './cost.ts';
import type { Draft, Plan } from './draft.ts';
import type { ResourceOf } from './types.ts';
import type { StaffedWorkload } from './workload.ts';

type PlainType =
  | 'kms:key'
  | 'secretsmanager:secret'
  | 'logs:log-group'
  | 'cloudwatch:alarm'
  | 'ecr:repository'
  | 'states:stateMachine'
  | 'cloudfront:distribution';

interface Watched {
  workloads: readonly StaffedWorkload[];
  functions: readonly ResourceOf<'lambda:function'>[];
  instances: readonly ResourceOf<'ec2:instance'>[];
}

/** Types whose listing is only through the Tagging API here. */
export function addTaggingOnly(draft: Draft, { workloads, functions, instances }: Watched): void {
  const { random } = draft;
  const anyone = () => random.pick(workloads);
  addEach(draft, 'kms:key', () => keyPlan(draft, anyone()));
  addEach(draft, 'secretsmanager:secret', () => secretPlan(draft, anyone()));
  addEach(draft, 'logs:log-group', () => logGroupPlan(draft, functions, anyone()));
  addEach(draft, 'cloudwatch:alarm', () => alarmPlan(draft, instances));
  addEach(draft, 'ecr:repository', () => repositoryPlan(draft, anyone()));
  addEach(draft, 'states:stateMachine', () => machinePlan(draft, anyone()));
  addEach(draft, 'cloudfront:distribution', () => distributionPlan(draft, anyone()));
}

function addEach<T extends PlainType>(draft: Draft, type: T, plan: () => Omit<Plan<PlainType>, 'type'>): void {
  draft.repeat(type, () => {
    const { workload, ...rest } = plan();
    draft.add({ ...draft.common<PlainType>({ ...rest, workload, type }), attributes: {} }, workload);
  });
}

function uuid({ random }: Draft): string {
  return `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-a${random.hex(3)}-${random.hex(12)}`;
}

function keyPlan(draft: Draft, workload: StaffedWorkload) {
  const id = uuid(draft);
  return { workload, id, arnResource: `key/${id}`, dollars: 1, neglect: 1.5 };
}

function secretPlan(draft: Draft, workload: StaffedWorkload) {
  const { random } = draft;
  const wanted = `${workload.environment}/${workload.service}/${random.pick(['db', 'api-key', 'oauth', 'smtp'])}`;
  const name = draft.unique(`secret/${workload.account}/${workload.region}`, wanted);
  return { workload, id: name, name, arnResource: `secret:${name}-${random.base32(6)}`, dollars: 0.4 };
}

function logGroupPlan(draft: Draft, functions: readonly ResourceOf<'lambda:function'>[], anyone: StaffedWorkload) {
  const { random } = draft;
  const source = functions.length > 0 && random.chance(0.75) ? random.pick(functions) : undefined;
  const workload = source === undefined ? anyone : draft.workloadOf(source);
  const wanted = source === undefined ? `/ecs/${workload.stem}` : `/aws/lambda/${source.name}`;
  const name = draft.unique(`logs/${workload.account}/${workload.region}`, wanted);
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

function alarmPlan(draft: Draft, instances: readonly ResourceOf<'ec2:instance'>[]) {
  const { random } = draft;
  const watched = random.pick(instances);
  const workload = draft.workloadOf(watched);
  const name = draft.named(workload, 'cloudwatch:alarm', random.pick(['cpu-high', 'status-check', 'disk-full']));
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

function repositoryPlan(draft: Draft, workload: StaffedWorkload) {
  const name = draft.unique(`ecr/${workload.account}/${workload.region}`, `${workload.team.name}/${workload.service}`);
  return { workload, id: name, name, arnResource: `repository/${name}`, dollars: draft.random.longTail(1.5, 1.3) };
}

function machinePlan(draft: Draft, workload: StaffedWorkload) {
  const name = draft.named(workload, 'states:stateMachine', draft.random.pick(['order-flow', 'nightly', 'import']));
  return { workload, id: name, name, arnResource: `stateMachine:${name}`, dollars: draft.random.longTail(0.8, 1.8), curve: SPIKY_CURVE };
}

function distributionPlan(draft: Draft, workload: StaffedWorkload) {
  const id = `E${draft.random.base32(13)}`;
  return { workload, id, arnResource: `distribution/${id}`, arnPlace: 'global' as const, dollars: draft.random.longTail(30, 1.8) };
}
