import type { Service } from '../service.ts';
import type { HttpRequest } from '../wire/http.ts';
import { costExplorer } from './cost-explorer/index.ts';
import { dynamodb } from './dynamodb.ts';
import { ec2 } from './ec2/index.ts';
import { ecs } from './ecs.ts';
import { efs } from './efs.ts';
import { elbv2 } from './elbv2.ts';
import { iam } from './iam.ts';
import { lambda } from './lambda.ts';
import { organizations } from './organizations.ts';
import { rds } from './rds.ts';
import { s3 } from './s3.ts';
import { sns } from './sns.ts';
import { sqs } from './sqs.ts';
import { sts } from './sts.ts';
import { tagging } from './tagging.ts';

export const SERVICES: readonly Service[] = [
  costExplorer,
  dynamodb,
  ec2,
  ecs,
  efs,
  elbv2,
  iam,
  lambda,
  organizations,
  rds,
  s3,
  sns,
  sqs,
  sts,
  tagging,
];

const BY_NAME: ReadonlyMap<string, Service> = new Map(SERVICES.map((service) => [service.name, service]));

/** A service that nobody plays here. */
export interface UnknownService {
  isUnknown: true;
  name: string;
}

/** The service that a request is for: by its credential scope or, unsigned, by what only one service's requests have. */
export function findService(name: string | undefined, request: HttpRequest): Service | UnknownService {
  if (name !== undefined) return BY_NAME.get(name) ?? { isUnknown: true, name };
  const found = SERVICES.find((service) => looksMeant(service, request)) ?? BY_NAME.get('s3');
  return found ?? { isUnknown: true, name: 'unsigned' };
}

function looksMeant(service: Service, request: HttpRequest): boolean {
  switch (service.protocol) {
    case 'ec2':
    case 'query':
      return new URLSearchParams(request.body).get('Version') === service.version || request.query.get('Version') === service.version;
    case 'json-1.0':
    case 'json-1.1':
      return request.headers['x-amz-target']?.startsWith(`${service.target}.`) ?? false;
    case 'rest-json':
      return service.routes.some(({ method, path }) => method === request.method && path.test(request.path));
    case 'rest-xml':
      return false;
  }
}
