import { RESOURCE_TYPES, type ResourceType } from './resource-types.ts';

/**
 * The share of each type, about as in inventories of mid-sized companies. There are never fewer subnets and security groups than VPCs,
 * so that every VPC has one of each.
 */
const SHARES: Readonly<Record<ResourceType, number>> = {
  'ec2:vpc': 2.5,
  'ec2:subnet': 5,
  'ec2:security-group': 6,
  'ec2:instance': 8.5,
  'ec2:volume': 11,
  's3:bucket': 7,
  'lambda:function': 8,
  'rds:db': 2.5,
  'ec2:network-interface': 11,
  'ec2:snapshot': 9,
  'ec2:natgateway': 0.8,
  'elasticloadbalancing:loadbalancer': 1.8,
  'elasticloadbalancing:targetgroup': 2.5,
  'rds:cluster': 0.8,
  'ecs:cluster': 0.8,
  'ecs:service': 3,
  'dynamodb:table': 3,
  'elasticfilesystem:file-system': 0.8,
  'sns:topic': 2.5,
  'sqs:queue': 3.5,
  'kms:key': 2,
  'secretsmanager:secret': 2.5,
  'logs:log-group': 3.8,
  'cloudwatch:alarm': 2,
  'ecr:repository': 1,
  'states:stateMachine': 0.7,
  'cloudfront:distribution': 0.5,
};

/**
 * How many resources of each type an organization of a size has. The numbers add up to the size. Every type is there when the
 * size allows; a smaller organization has the first types, which the others refer to.
 */
export function countByType(size: number): ReadonlyMap<ResourceType, number> {
  const present = RESOURCE_TYPES.slice(0, size);
  const rest = size - present.length;
  const whole = RESOURCE_TYPES.reduce((sum, type) => sum + SHARES[type], 0);
  const quotas = present.map((type) => ({ type, quota: (rest * SHARES[type]) / whole }));
  const left = rest - quotas.reduce((sum, { quota }) => sum + Math.floor(quota), 0);
  const byRemainder = quotas.toSorted((a, b) => (b.quota % 1) - (a.quota % 1));
  const extra = new Set(byRemainder.slice(0, left).map(({ type }) => type));
  return new Map(quotas.map(({ type, quota }) => [type, 1 + Math.floor(quota) + (extra.has(type) ? 1 : 0)]));
}
