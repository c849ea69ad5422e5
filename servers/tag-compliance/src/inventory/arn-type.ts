import { type Arn, parseArn } from '@fairway-mcp/aws/arn';

/** The types of ARNs that end in a bare name. */
const BARE_NAME_TYPES: Readonly<Record<string, string>> = {
  codecommit: 'repository',
  codepipeline: 'pipeline',
  'execute-api': 'api',
  iam: 'root',
  s3: 'bucket',
  sns: 'topic',
  sqs: 'queue',
};

/** Services that write `collection/id/collection/id`, where the last collection is the type. */
const NESTED = new Set(['amplify', 'apigateway', 'cassandra', 'dynamodb', 'kinesis', 'timestream']);

/**
 * The type of an ARN in the notation of AWS tag policies and of the Tagging API: `ec2:instance`, `s3:bucket`, `rds:db`,
 * `elasticloadbalancing:loadbalancer`. It is the service and the type word that the ARN itself holds; only services whose ARNs
 * hold none (S3, SNS, SQS, …) need a rule of their own. `unknown` when the text is not an ARN.
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_supported-resources-enforcement.html
 */
export function typeOfArn(arn: string): string {
  const parts = parseArn(arn);
  return parts === undefined ? 'unknown' : typeOfParsedArn(parts);
}

/** The same for an ARN that is parsed already. */
export function typeOfParsedArn(parts: Arn): string {
  return `${parts.service}:${typeWord(parts) || 'resource'}`;
}

function typeWord({ service, account, resource }: Arn): string {
  if (service === 's3' && account === '') return resource.includes('/') ? 'object' : 'bucket';
  if (service === 'sns') return resource.includes(':') ? 'subscription' : 'topic';
  if (service === 'wafv2') return resource.split('/')[1] ?? 'webacl';
  if (service === 'logs' && resource.includes(':log-stream:')) return 'log-stream';
  if (service === 'execute-api') return 'api';
  if (service === 'codepipeline' && !/^(webhook|actiontype):/.test(resource)) return 'pipeline';
  if (resource.startsWith('/') || NESTED.has(service)) return lastCollection(service, resource);
  const end = resource.search(/[/:]/);
  return end === -1 ? (BARE_NAME_TYPES[service] ?? 'resource') : resource.slice(0, end);
}

function lastCollection(service: string, resource: string): string {
  const segments = resource.split('/').filter((segment, index) => segment !== '' && !(index <= 1 && segment === service));
  return segments[2 * Math.floor((segments.length - 1) / 2)] ?? 'resource';
}
