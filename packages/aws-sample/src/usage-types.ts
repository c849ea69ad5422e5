import type { ResourceType } from './resource-types.ts';
import type { OrganizationResource } from './types.ts';

/** What a type of resource is on the bill. */
export interface BilledUsage {
  /** As Cost Explorer names it. */
  service: string;
  /** As FOCUS names it, where that is another name. */
  serviceName?: string;
  serviceCode: string;
  /** Without the region's prefix. */
  usageType: string;
  operation: string;
  unit: string;
  /** How much of the unit a dollar pays for: whole, so that quantities are exact. */
  unitsPerDollar: number;
}

const EC2 = { serviceName: 'Amazon Elastic Compute Cloud', serviceCode: 'AmazonEC2' } as const;
const RDS = { service: 'Amazon Relational Database Service', serviceCode: 'AmazonRDS' } as const;
const CLOUDWATCH = { service: 'AmazonCloudWatch', serviceCode: 'AmazonCloudWatch' } as const;

/** Service, usage type and operation as the bill names them. Source: the product names of the AWS price list. */
const USAGE: Partial<Record<ResourceType, BilledUsage>> = {
  'ec2:instance': { ...EC2, ...usage('Amazon Elastic Compute Cloud - Compute', 'BoxUsage', 'RunInstances', 'Hrs', 10) },
  'ec2:volume': { ...EC2, ...usage('EC2 - Other', 'EBS:VolumeUsage', 'CreateVolume', 'GB-Mo', 10) },
  'ec2:snapshot': { ...EC2, ...usage('EC2 - Other', 'EBS:SnapshotUsage', 'CreateSnapshot', 'GB-Mo', 20) },
  'ec2:natgateway': { ...EC2, ...usage('EC2 - Other', 'NatGateway-Hours', 'NatGateway', 'Hrs', 20) },
  'rds:db': { ...RDS, ...usage(RDS.service, 'InstanceUsage', 'CreateDBInstance', 'Hrs', 5) },
  'rds:cluster': { ...RDS, ...usage(RDS.service, 'Aurora:StorageUsage', 'CreateDBCluster', 'GB-Mo', 10) },
  's3:bucket': other('AmazonS3', 'Amazon Simple Storage Service', 'TimedStorage-ByteHrs', 'StandardStorage', 'GB-Mo', 40),
  'lambda:function': other('AWSLambda', 'AWS Lambda', 'Lambda-GB-Second', 'Invoke', 'Lambda-GB-Second', 60_000),
  'ecs:service': other('AmazonECS', 'Amazon Elastic Container Service', 'Fargate-vCPU-Hours:perCPU', 'FargateTask', 'Hrs', 25),
  'dynamodb:table': other(
    'AmazonDynamoDB',
    'Amazon DynamoDB',
    'PayPerRequestThroughput',
    'PayPerRequestThroughput',
    'WriteRequestUnits',
    800_000,
  ),
  'elasticfilesystem:file-system': other(
    'AmazonEFS',
    'Amazon Elastic File System',
    'TimedStorage-ByteHrs',
    'Storage:FileSystem',
    'GB-Mo',
    3,
  ),
  'elasticloadbalancing:loadbalancer': {
    ...other('AWSELB', 'Amazon Elastic Load Balancing', 'LoadBalancerUsage', 'LoadBalancing', 'Hrs', 40),
    serviceName: 'Elastic Load Balancing',
  },
  'sns:topic': other('AmazonSNS', 'Amazon Simple Notification Service', 'Requests-Tier1', 'Publish', 'Requests', 2_000_000),
  'sqs:queue': other('AWSQueueService', 'Amazon Simple Queue Service', 'Requests-Tier1', 'Send', 'Requests', 2_500_000),
  'kms:key': other('awskms', 'AWS Key Management Service', 'KMS-Keys', 'Unknown', 'Keys', 1),
  'secretsmanager:secret': other('AWSSecretsManager', 'AWS Secrets Manager', 'AWSSecretsManager-Secrets', 'Unknown', 'Secrets', 2),
  'logs:log-group': { ...CLOUDWATCH, ...usage(CLOUDWATCH.service, 'DataProcessing-Bytes', 'PutLogEvents', 'GB', 2) },
  'cloudwatch:alarm': { ...CLOUDWATCH, ...usage(CLOUDWATCH.service, 'CW:AlarmMonitorUsage', 'Unknown', 'Alarms', 10) },
  'ecr:repository': other('AmazonECR', 'Amazon EC2 Container Registry (ECR)', 'TimedStorage-ByteHrs', 'EcrStorage', 'GB-Mo', 10),
  'states:stateMachine': other('AmazonStates', 'AWS Step Functions', 'StateTransition', 'StateTransition', 'StateTransitions', 40_000),
  'cloudfront:distribution': other('AmazonCloudFront', 'Amazon CloudFront', 'DataTransfer-Out-Bytes', 'GET', 'GB', 10),
};

const UNKNOWN = other('AWSOther', 'AWS Other', 'Usage', 'Unknown', 'Units', 1);

/** What usage types begin with, region by region; in us-east-1 nothing. */
const PREFIXES: Readonly<Record<string, string>> = {
  'eu-central-1': 'EUC1-',
  'eu-west-1': 'EU-',
  'us-west-2': 'USW2-',
  'us-east-2': 'USE2-',
};

/** A larger instance costs more an hour. */
const UNITS_PER_DOLLAR_BY_SIZE: Readonly<Record<string, number>> = { nano: 100, micro: 80, small: 40, medium: 20, large: 10, xlarge: 5 };

/** A resource on the bill, its usage type in full. */
export function billedUsage(resource: OrganizationResource): BilledUsage {
  const known = USAGE[resource.type] ?? UNKNOWN;
  const usageType = usageTypeIn(resource.region, known.usageType);
  const size = sizeOf(resource);
  if (size === undefined) return { ...known, usageType };
  const unitsPerDollar = UNITS_PER_DOLLAR_BY_SIZE[size.slice(size.lastIndexOf('.') + 1)] ?? 2;
  return { ...known, usageType: `${usageType}:${size}`, unitsPerDollar };
}

export function usageTypeIn(region: string, usageType: string): string {
  return (PREFIXES[region] ?? '') + usageType;
}

/** `m5.large`, `db.r6g.large`. */
function sizeOf(resource: OrganizationResource): string | undefined {
  if (resource.type === 'ec2:instance') return resource.attributes.instanceType;
  return resource.type === 'rds:db' ? resource.attributes.instanceClass : undefined;
}

function usage(service: string, usageType: string, operation: string, unit: string, unitsPerDollar: number) {
  return { service, usageType, operation, unit, unitsPerDollar };
}

function other(serviceCode: string, ...rest: Parameters<typeof usage>): BilledUsage {
  return { serviceCode, ...usage(...rest) };
}
