/**
 * One name for each service, whatever a source calls it: FOCUS says Amazon Elastic Compute Cloud, where Cost Explorer splits it in two.
 * A name that is not listed stays as it is.
 */
const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  'Amazon Elastic Compute Cloud': ['Amazon Elastic Compute Cloud - Compute', 'EC2 - Other'],
  'Amazon Elastic Load Balancing': ['Elastic Load Balancing'],
  'Amazon Elastic Container Registry': ['Amazon EC2 Container Registry (ECR)'],
  'Amazon CloudWatch': ['AmazonCloudWatch'],
  'AWS Support': [
    'AWS Support (Basic)',
    'AWS Support (Developer)',
    'AWS Support (Business)',
    'AWS Support (Enterprise)',
    'AWS Support [Developer]',
    'AWS Support [Business]',
    'AWS Support [Enterprise]',
    'AWS Premium Support',
  ],
};

const CANONICAL: ReadonlyMap<string, string> = new Map(
  Object.entries(OTHER_NAMES).flatMap(([name, others]) => others.map((other) => [other, name])),
);

/** Under which service tax is booked, in every source: Cost Explorer names no other, FOCUS names the taxed one. */
export const TAX_SERVICE = 'Tax';

export function canonicalService(name: string): string {
  return CANONICAL.get(name) ?? name;
}

/** All names that sources have for a service, its canonical one first: what a source must look for. */
export function namesOfService(canonical: string): readonly string[] {
  return [canonical, ...(Object.hasOwn(OTHER_NAMES, canonical) ? (OTHER_NAMES[canonical] ?? []) : [])];
}

/** What people call services. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  ec2: 'Amazon Elastic Compute Cloud',
  s3: 'Amazon Simple Storage Service',
  rds: 'Amazon Relational Database Service',
  lambda: 'AWS Lambda',
  ecs: 'Amazon Elastic Container Service',
  dynamodb: 'Amazon DynamoDB',
  cloudfront: 'Amazon CloudFront',
  cloudwatch: 'Amazon CloudWatch',
  efs: 'Amazon Elastic File System',
  sqs: 'Amazon Simple Queue Service',
  sns: 'Amazon Simple Notification Service',
  kms: 'AWS Key Management Service',
};

/** The service that somebody means by a name. */
export function serviceNamed(name: string): string {
  const short = name.toLowerCase();
  return Object.hasOwn(SHORT_NAMES, short) ? (SHORT_NAMES[short] ?? name) : canonicalService(name);
}
