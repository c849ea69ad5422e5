/**
 * Types by service, in the notation of AWS tag policies and ARNs. Of the services that have listings here all that can carry tags, so that
 * another name may be a mistake.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export const WHOLE_SERVICES: Readonly<Record<string, readonly string[]>> = {
  dynamodb: words('table backup export global-table import index stream'),
  ec2: words(
    'instance volume snapshot security-group vpc subnet natgateway network-interface',
    'capacity-block capacity-manager-data-export capacity-reservation capacity-reservation-fleet carrier-gateway client-vpn-endpoint coip-pool',
    'customer-gateway declarative-policies-report dedicated-host dhcp-options egress-only-internet-gateway elastic-gpu elastic-ip',
    'export-image-task export-instance-task fleet fpga-image host-reservation image image-usage-report import-image-task',
    'import-snapshot-task instance-connect-endpoint instance-event-window internet-gateway ipam ipam-external-resource-verification-token',
    'ipam-pool ipam-resource-discovery ipam-resource-discovery-association ipam-scope ipv4pool-ec2 ipv6pool-ec2 key-pair launch-template',
    'local-gateway local-gateway-route-table local-gateway-route-table-virtual-interface-group-association',
    'local-gateway-route-table-vpc-association local-gateway-virtual-interface local-gateway-virtual-interface-group mac-modification-task',
    'network-acl network-insights-access-scope network-insights-access-scope-analysis network-insights-analysis network-insights-path',
    'outpost-lag placement-group prefix-list replace-root-volume-task reserved-instances route-server route-server-endpoint',
    'route-server-peer route-table security-group-rule service-link-virtual-interface spot-fleet-request spot-instances-request',
    'subnet-cidr-reservation traffic-mirror-filter traffic-mirror-filter-rule traffic-mirror-session traffic-mirror-target',
    'transit-gateway transit-gateway-attachment transit-gateway-connect-peer transit-gateway-multicast-domain',
    'transit-gateway-policy-table transit-gateway-route-table transit-gateway-route-table-announcement verified-access-endpoint',
    'verified-access-endpoint-target verified-access-group verified-access-instance verified-access-policy',
    'verified-access-trust-provider vpc-block-public-access-exclusion vpc-encryption-control vpc-endpoint vpc-endpoint-connection',
    'vpc-endpoint-service vpc-endpoint-service-permission vpc-flow-log vpc-peering-connection vpn-concentrator vpn-connection',
    'vpn-connection-device-type vpn-gateway',
  ),
  ecs: words(
    'cluster service capacity-provider container-instance daemon service-deployment service-revision task task-definition task-set',
  ),
  elasticfilesystem: words('file-system access-point'),
  elasticloadbalancing: words('loadbalancer targetgroup listener listener-rule truststore'),
  lambda: words('function capacity-provider code-signing-config event-source-mapping layer'),
  rds: words(
    'db cluster auto-backup cev cluster-auto-backup cluster-endpoint cluster-pg cluster-snapshot deployment es global-cluster integration og pg',
    'proxy proxy-endpoint ri secgrp shardgrp snapshot snapshot-tenant-database subgrp target-group tenant-database',
  ),
  s3: words('bucket access-grant access-grants-instance access-grants-location accesspoint job object storage-lens storage-lens-group'),
  sns: words('topic subscription'),
  sqs: words('queue'),
};

/** Types of other services whose names are often written differently. */
export const OTHER_TYPES: Readonly<Record<string, readonly string[]>> = {
  cloudformation: words('stack'),
  cloudfront: words('distribution'),
  cloudwatch: words('alarm dashboard'),
  ecr: words('repository'),
  eks: words('cluster nodegroup'),
  elasticache: words('cluster replicationgroup'),
  kinesis: words('stream'),
  kms: words('key alias'),
  logs: words('log-group log-stream'),
  secretsmanager: words('secret'),
  ssm: words('parameter document'),
  states: words('stateMachine activity'),
};

/** Other names of services, in lower case; those of CloudFormation among them. */
export const SERVICE_ALIASES: Readonly<Record<string, string>> = {
  alb: 'elasticloadbalancing',
  cloudwatchlogs: 'logs',
  ebs: 'ec2',
  efs: 'elasticfilesystem',
  elb: 'elasticloadbalancing',
  elbv2: 'elasticloadbalancing',
  elasticloadbalancingv2: 'elasticloadbalancing',
  nlb: 'elasticloadbalancing',
  stepfunctions: 'states',
  vpc: 'ec2',
};

/** Other names of types by service, in lower case without separators. */
export const TYPE_ALIASES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ec2: {
    ami: 'image',
    ebs: 'volume',
    ebssnapshot: 'snapshot',
    ebsvolume: 'volume',
    eip: 'elastic-ip',
    eni: 'network-interface',
    flowlog: 'vpc-flow-log',
    nat: 'natgateway',
    sg: 'security-group',
    vm: 'instance',
  },
  elasticfilesystem: { fs: 'file-system' },
  elasticloadbalancing: { alb: 'loadbalancer', elb: 'loadbalancer', lb: 'loadbalancer', nlb: 'loadbalancer', tg: 'targetgroup' },
  lambda: { lambda: 'function', layerversion: 'layer' },
  rds: {
    aurora: 'cluster',
    auroracluster: 'cluster',
    clusterparametergroup: 'cluster-pg',
    database: 'db',
    dbcluster: 'cluster',
    dbclusterparametergroup: 'cluster-pg',
    dbclustersnapshot: 'cluster-snapshot',
    dbinstance: 'db',
    dbparametergroup: 'pg',
    dbproxy: 'proxy',
    dbsnapshot: 'snapshot',
    dbsubnetgroup: 'subgrp',
    eventsubscription: 'es',
    instance: 'db',
    optiongroup: 'og',
    parametergroup: 'pg',
    reservedinstance: 'ri',
    subnetgroup: 'subgrp',
  },
};

function words(...lines: readonly string[]): string[] {
  return lines.flatMap((line) => line.split(' '));
}
