import type { Service } from '../service.ts';
import type { HttpRequest } from '../wire/http.ts';
import { budgets } from './budgets/index.ts';
import { costExplorer } from './cost-explorer/index.ts';
import { dynamodb } from './dynamodb/index.ts';
import { ec2 } from './ec2/index.ts';
import { ecs } from './ecs/index.ts';
import { efs } from './efs/index.ts';
import { elbv2 } from './elbv2/index.ts';
import { iam } from './iam/index.ts';
import { lambda } from './lambda/index.ts';
import { organizations } from './organizations/index.ts';
import { rds } from './rds/index.ts';
import { s3 } from './s3/index.ts';
import { sns } from './sns/index.ts';
import { sqs } from './sqs/index.ts';
import { sts } from './sts/index.ts';
import { tagging } from './tagging/index.ts';

/** Every service that this package emulates, one folder each. Tests of a server add others with the option `services`. */
const SERVICES: readonly Service[] = [
  budgets,
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

/** A service that is not emulated. */
export interface UnknownService {
  isUnknown: true;
  name: string;
}

/** The services of one emulator. */
export class Registry {
  readonly #services: readonly Service[];
  readonly #byName: ReadonlyMap<string, Service>;

  /** @param added replace services of the same name. */
  constructor(added: readonly Service[]) {
    this.#byName = new Map([...SERVICES, ...added].map((service) => [service.name, service]));
    this.#services = [...this.#byName.values()];
  }

  /** The service that a request is for: by its credential scope or, unsigned, by what only one service's requests have. */
  find(name: string | undefined, request: HttpRequest): Service | UnknownService {
    if (name !== undefined) return this.#byName.get(name) ?? { isUnknown: true, name };
    const found = this.#services.find((service) => isAddressed(service, request)) ?? this.#byName.get('s3');
    return found ?? { isUnknown: true, name: 'unsigned' };
  }
}

function isAddressed(service: Service, request: HttpRequest): boolean {
  switch (service.protocol) {
    case 'ec2':
    case 'query':
      return new URLSearchParams(request.body).get('Version') === service.version || request.query.get('Version') === service.version;
    case 'json-1.0':
    case 'json-1.1':
      return request.headers['x-amz-target']?.startsWith(`${service.target}.`) ?? false;
    case 'rest-json':
      return Object.values(service.operations).some(({ method, path }) => method === request.method && path.test(request.path));
    case 'rest-xml':
      return false;
  }
}
