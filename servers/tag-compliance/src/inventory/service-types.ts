/** The names that Cost Explorer gives to services, each with the resource types whose costs appear under it. */
const SERVICES: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    'Amazon Elastic Compute Cloud - Compute': ['ec2:instance'],
    'EC2 - Other': ['ec2:volume', 'ec2:snapshot', 'ec2:natgateway'],
    'Amazon Virtual Private Cloud': ['ec2:network-interface', 'ec2:natgateway'],
    'Amazon Relational Database Service': ['rds:db', 'rds:cluster'],
    'Amazon Simple Storage Service': ['s3:bucket'],
    'AWS Lambda': ['lambda:function'],
    'Amazon Elastic Container Service': ['ecs:service'],
    'Amazon DynamoDB': ['dynamodb:table'],
    'Amazon Elastic File System': ['elasticfilesystem:file-system'],
    'Amazon Elastic Load Balancing': ['elasticloadbalancing:loadbalancer'],
    'Amazon Simple Notification Service': ['sns:topic'],
    'Amazon Simple Queue Service': ['sqs:queue'],
    'AWS Key Management Service': ['kms:key'],
    'AWS Secrets Manager': ['secretsmanager:secret'],
    AmazonCloudWatch: ['logs:log-group', 'cloudwatch:alarm'],
    'Amazon EC2 Container Registry (ECR)': ['ecr:repository'],
    'AWS Step Functions': ['states:stateMachine'],
    'Amazon CloudFront': ['cloudfront:distribution'],
  }),
);

/** The names of all services in the list above. */
export function knownServices(): string[] {
  return [...SERVICES.keys()];
}

/** The resource types whose costs appear under a service's name; empty for a service that is not in the list. */
export function typesOf(service: string): readonly string[] {
  return SERVICES.get(service) ?? [];
}

/** The names under which the costs of these resource types appear. Types that AWS does not charge for have none. */
export function servicesOf(types: Iterable<string>): string[] {
  const wanted = new Set(types);
  return [...SERVICES].flatMap(([service, billed]) => (billed.some((type) => wanted.has(type)) ? [service] : []));
}

/**
 * Some services have the costs of several resource types under one name. The usage type tells which one a cost is for: the first pattern
 * that matches decides. A usage type begins with a short name of the region, as in `EUC1-EBS:VolumeUsage.gp3`.
 * Source: https://docs.aws.amazon.com/cur/latest/userguide/product-columns.html and the price lists of the services
 */
const USAGE: ReadonlyMap<string, readonly [RegExp, string][]> = new Map(
  Object.entries<readonly [RegExp, string][]>({
    'EC2 - Other': [
      [/EBS:Volume/, 'ec2:volume'],
      [/EBS:(Snapshot|FastSnapshot)/, 'ec2:snapshot'],
      [/NatGateway/, 'ec2:natgateway'],
    ],
    'Amazon Virtual Private Cloud': [[/NatGateway/, 'ec2:natgateway']],
    'Amazon Relational Database Service': [
      [/Aurora/, 'rds:cluster'],
      [/./, 'rds:db'],
    ],
    AmazonCloudWatch: [
      [/(TimedStorage|DataProcessing|Logs|VendedLog)/, 'logs:log-group'],
      [/Alarm/, 'cloudwatch:alarm'],
    ],
  }),
);

/** The resource type that a cost is for, or `other: SERVICE` where it is for none, such as data transfer, requests, IP addresses, support. */
export function typeOfUsage(service: string, usageType: string): string {
  const rules = USAGE.get(service);
  const billed = typesOf(service);
  const type =
    rules === undefined ? (billed.length === 1 ? billed[0] : undefined) : rules.find(([pattern]) => pattern.test(usageType))?.[1];
  return type ?? `other: ${service}`;
}

/** Whether a service has anything that can carry tags. Support plans and Cost Explorer itself have nothing. */
export function isTaggable(service: string): boolean {
  return !/^AWS (Premium )?Support\b|^AWS Cost Explorer$/.test(service);
}
