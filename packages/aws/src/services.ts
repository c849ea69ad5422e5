import type { ClientSettings } from './settings.ts';

/** Each service's module: its client and the few commands that are used. Loaded when first needed, so each is a chunk of its own. */
interface Modules {
  athena: typeof import('./services/athena.ts');
  budgets: typeof import('./services/budgets.ts');
  'cost-explorer': typeof import('./services/cost-explorer.ts');
  dynamodb: typeof import('./services/dynamodb.ts');
  ec2: typeof import('./services/ec2.ts');
  ecs: typeof import('./services/ecs.ts');
  efs: typeof import('./services/efs.ts');
  elb: typeof import('./services/elb.ts');
  iam: typeof import('./services/iam.ts');
  lambda: typeof import('./services/lambda.ts');
  rds: typeof import('./services/rds.ts');
  s3: typeof import('./services/s3.ts');
  sns: typeof import('./services/sns.ts');
  sqs: typeof import('./services/sqs.ts');
  sts: typeof import('./services/sts.ts');
  tagging: typeof import('./services/tagging.ts');
}

export type ServiceName = keyof Modules;

/** A connected service: the client, and the commands to send with it. */
export type Service<S extends ServiceName> = Omit<Modules[S], 'connect'> & { client: Awaited<ReturnType<Modules[S]['connect']>> };

const LOADERS: { [S in ServiceName]: () => Promise<Modules[S]> } = {
  athena: () => import('./services/athena.ts'),
  budgets: () => import('./services/budgets.ts'),
  'cost-explorer': () => import('./services/cost-explorer.ts'),
  dynamodb: () => import('./services/dynamodb.ts'),
  ec2: () => import('./services/ec2.ts'),
  ecs: () => import('./services/ecs.ts'),
  efs: () => import('./services/efs.ts'),
  elb: () => import('./services/elb.ts'),
  iam: () => import('./services/iam.ts'),
  lambda: () => import('./services/lambda.ts'),
  rds: () => import('./services/rds.ts'),
  s3: () => import('./services/s3.ts'),
  sns: () => import('./services/sns.ts'),
  sqs: () => import('./services/sqs.ts'),
  sts: () => import('./services/sts.ts'),
  tagging: () => import('./services/tagging.ts'),
};

export async function connectService<S extends ServiceName>(name: S, settings: ClientSettings): Promise<Service<S>> {
  const { connect, ...commands } = await LOADERS[name]();
  return { ...commands, client: await connect(settings) } as Service<S>;
}
