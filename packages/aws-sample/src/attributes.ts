/** What services return about their resources, as far as a listing needs it. Ids refer to resources of the same organization. */
import type { ResourceType } from './resource-types.ts';

export interface VpcAttributes {
  cidr: string;
  isDefault: boolean;
}

export interface SubnetAttributes {
  vpc: string;
  cidr: string;
  zone: string;
  isPublic: boolean;
  /** AWS made it in its zone along with the default VPC. */
  isDefaultForZone: boolean;
}

export interface SecurityGroupAttributes {
  vpc: string;
  groupName: string;
  description: string;
}

export interface InstanceAttributes {
  instanceType: string;
  /** In a generated organization only `running` and `stopped`. */
  state: 'pending' | 'running' | 'stopping' | 'stopped';
  image: string;
  vpc: string;
  subnet: string;
  zone: string;
  privateIp: string;
  securityGroups: readonly string[];
  networkInterface: string | undefined;
  rootVolume: string | undefined;
  /** ARN of the instance profile. */
  instanceProfile: string | undefined;
}

export interface VolumeAttributes {
  sizeGiB: number;
  volumeType: 'gp2' | 'gp3' | 'io2' | 'st1';
  zone: string;
  encrypted: boolean;
  instance: string | undefined;
  device: string | undefined;
}

export interface SnapshotAttributes {
  /** The volume may have been deleted since. */
  volume: string;
  sizeGiB: number;
  description: string;
  encrypted: boolean;
}

export interface NatGatewayAttributes {
  vpc: string;
  subnet: string;
  privateIp: string;
  publicIp: string;
  networkInterface: string | undefined;
}

export interface NetworkInterfaceAttributes {
  vpc: string;
  subnet: string;
  zone: string;
  privateIp: string;
  securityGroups: readonly string[];
  description: string;
  /** `interface` for one that a user created, else the service that AWS created it for. */
  interfaceType: 'interface' | 'nat_gateway' | 'lambda' | 'network_load_balancer';
  instance: string | undefined;
}

export interface DatabaseAttributes {
  engine: string;
  engineVersion: string;
  instanceClass: string;
  storageGiB: number;
  multiZone: boolean;
  zone: string;
  vpc: string;
  subnets: readonly string[];
  securityGroups: readonly string[];
  /** Identifier of its cluster. */
  cluster: string | undefined;
  resourceId: string;
}

export interface DatabaseClusterAttributes {
  engine: string;
  engineVersion: string;
  storageGiB: number;
  vpc: string;
  subnets: readonly string[];
  resourceId: string;
  /** Identifiers of its instances; the first writes. */
  members: readonly string[];
}

export interface FunctionAttributes {
  runtime: string;
  handler: string;
  /** ARN of the role that it runs as. */
  role: string;
  memoryMiB: number;
  timeoutSeconds: number;
  codeBytes: number;
  vpc: string | undefined;
  subnets: readonly string[];
}

export interface EcsServiceAttributes {
  /** ARN of its cluster. */
  cluster: string;
  launchType: 'FARGATE' | 'EC2';
  desired: number;
  taskDefinition: string;
  /** ARN of the role that its tasks run as. */
  taskRole: string;
  /** ARN of the target group that it serves. */
  targetGroup: string | undefined;
  subnets: readonly string[];
}

export interface TableAttributes {
  tableId: string;
  billing: 'PAY_PER_REQUEST' | 'PROVISIONED';
  items: number;
  bytes: number;
  hashKey: string;
}

export interface FileSystemAttributes {
  bytes: number;
  encrypted: boolean;
}

export interface LoadBalancerAttributes {
  kind: 'application' | 'network';
  scheme: 'internet-facing' | 'internal';
  vpc: string;
  subnets: readonly string[];
  securityGroups: readonly string[];
}

export interface TargetGroupAttributes {
  protocol: 'HTTP' | 'TCP';
  port: number;
  targetType: 'instance' | 'ip';
  vpc: string;
  /** ARN of the load balancer that sends to it. */
  loadBalancer: string | undefined;
}

export interface TopicAttributes {
  displayName: string;
  isFifo: boolean;
}

export interface QueueAttributes {
  isFifo: boolean;
  /** ARN of the queue that takes what cannot be handled. */
  deadLetterQueue: string | undefined;
}

/** Nothing beyond what every resource has: types that only the Tagging API lists here. */
export type NoAttributes = Readonly<Record<never, never>>;

interface Described {
  'ec2:vpc': VpcAttributes;
  'ec2:subnet': SubnetAttributes;
  'ec2:security-group': SecurityGroupAttributes;
  'ec2:instance': InstanceAttributes;
  'ec2:volume': VolumeAttributes;
  'ec2:snapshot': SnapshotAttributes;
  'ec2:natgateway': NatGatewayAttributes;
  'ec2:network-interface': NetworkInterfaceAttributes;
  'rds:db': DatabaseAttributes;
  'rds:cluster': DatabaseClusterAttributes;
  'lambda:function': FunctionAttributes;
  'ecs:service': EcsServiceAttributes;
  'dynamodb:table': TableAttributes;
  'elasticfilesystem:file-system': FileSystemAttributes;
  'elasticloadbalancing:loadbalancer': LoadBalancerAttributes;
  'elasticloadbalancing:targetgroup': TargetGroupAttributes;
  'sns:topic': TopicAttributes;
  'sqs:queue': QueueAttributes;
}

export type AttributesOf = { [T in ResourceType]: T extends keyof Described ? Described[T] : NoAttributes };
