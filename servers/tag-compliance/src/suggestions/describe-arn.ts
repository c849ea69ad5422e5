import { parseArn } from '@fairway-mcp/aws/arn';
import { typeOfParsedArn } from '../inventory/arn-type.ts';
import { isAwsId, tokensOf } from './tokens.ts';

/** What an ARN by itself says about its resource. */
export interface ArnDescription {
  service: string;
  /** `service:type`, as in tag policies. */
  type: string;
  /** `global` where the ARN has none. */
  region: string;
  /** Empty where the ARN has none (S3, and what AWS owns). */
  account: string;
  /** The part after the type: `i-0abc`, `main/api`, `/aws/lambda/resize`. */
  id: string;
  /** The part of the id that a user chose; else the id. */
  name: string;
  /** The words of the name and of other parts that a user chose (a cluster, a path). */
  tokens: readonly string[];
}

/** Types whose id is a path: all of it is the name. */
const PATH_NAMES = new Set(['logs:log-group', 'ssm:parameter', 'ecr:repository', 's3:object', 'codeartifact:repository']);

/** Types that write the name first and then what AWS adds to it: a version, an alias, an id. */
const NAME_FIRST = new Set([
  'lambda:function',
  'lambda:layer',
  'ecs:task-definition',
  'batch:job-definition',
  'codepipeline:pipeline',
  'mq:broker',
]);

/** @returns `undefined` when the text is not an ARN. */
export function describeArn(arn: string): ArnDescription | undefined {
  const parts = parseArn(arn);
  if (parts === undefined) return undefined;
  const type = typeOfParsedArn(parts);
  const id = idOf(parts.resource, type);
  const chosen = chosenParts(id, type);
  return {
    service: parts.service,
    type,
    region: parts.region || 'global',
    account: /^\d{12}$/.test(parts.account) ? parts.account : '',
    id,
    name: (PATH_NAMES.has(type) ? id : NAME_FIRST.has(type) ? chosen[0] : chosen.at(-1)) || id,
    tokens: [...new Set(chosen.flatMap(tokensOf))],
  };
}

function idOf(resource: string, type: string): string {
  if (type === 'autoscaling:autoScalingGroup') return resource.slice(resource.lastIndexOf('/') + 1);
  if (type === 'secretsmanager:secret') return resource.replace(/^secret:/, '').replace(/-[A-Za-z0-9]{6}$/, '');
  if (type === 'ssm:parameter') return resource.replace(/^parameter/, '');
  const word = type.slice(type.indexOf(':') + 1);
  const own =
    resource.startsWith(`${word}/`) || resource.startsWith(`${word}:`) ? resource.slice(word.length + 1) : resource.replace(/^\//, '');
  return type === 'logs:log-group' ? own.replace(/:\*$/, '') : own;
}

/** Kinds that ARNs contain between type and name, such as those of load balancers and web ACLs. */
const KINDS = new Set(['app', 'net', 'gwy', 'regional', 'global', 'webacl', 'service-role', 'aws-service-role', 'role']);

function chosenParts(id: string, type: string): string[] {
  const parts = id.split(/[/:]/).filter((part) => part !== '' && part !== '*');
  const chosen = parts.filter((part, index) => !isAwsId(part) && !(index < parts.length - 1 && KINDS.has(part)));
  return type === 's3:object' ? chosen.slice(0, 1) : chosen;
}
