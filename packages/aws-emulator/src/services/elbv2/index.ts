import type { ResourceOf } from '@fairway-mcp/aws-sample';
import { QUERY_ERRORS } from '../../common-errors.ts';
import type { Resource } from '../../resources.ts';
import type { Call, QueryOperation, QueryService } from '../../service.ts';
import { ServiceError } from '../../wire/errors.ts';
import { outOfRange } from '../../wire/json-input.ts';
import type { QueryInput } from '../../wire/query-input.ts';
import { items, type XmlRecord } from '../../wire/xml.ts';

type Balancer = ResourceOf<'elasticloadbalancing:loadbalancer'>;
type TargetGroup = ResourceOf<'elasticloadbalancing:targetgroup'>;

const MAX_PER_PAGE = 400;
const MAX_TAGGED = 20;

const describeLoadBalancers: QueryOperation = (input, call) => {
  const all = chosen(call.state.of(call.account, call.region, 'elasticloadbalancing:loadbalancer'), input, 'LoadBalancerArns', () =>
    notFound('LoadBalancerNotFound', 'One or more load balancers not found'),
  );
  const { found, next } = page(input, call, all);
  return {
    LoadBalancers: items(
      'member',
      found.map((balancer) => describe(balancer, call)),
    ),
    NextMarker: next,
  };
};

const describeTargetGroups: QueryOperation = (input, call) => {
  const balancer = input.text('LoadBalancerArn');
  const all = chosen(call.state.of(call.account, call.region, 'elasticloadbalancing:targetgroup'), input, 'TargetGroupArns', () =>
    notFound('TargetGroupNotFound', 'One or more target groups not found'),
  );
  if (balancer !== undefined && call.state.byArn(balancer) === undefined)
    throw notFound('LoadBalancerNotFound', 'One or more load balancers not found');
  const { found, next } = page(
    input,
    call,
    balancer === undefined ? all : all.filter(({ attributes }) => attributes.loadBalancer === balancer),
  );
  return { TargetGroups: items('member', found.map(targetGroup)), NextMarker: next };
};

const describeTags: QueryOperation = (input, call) => {
  const arns = input.list('ResourceArns.member');
  if (arns.length === 0) throw new ServiceError('ValidationError', 'At least one resource ARN must be specified');
  if (arns.length > MAX_TAGGED) {
    const message = `1 validation error detected: Value at 'resourceArns' failed to satisfy constraint: Member must have length less than or equal to ${MAX_TAGGED}`;
    throw new ServiceError('ValidationError', message);
  }
  return {
    TagDescriptions: items(
      'member',
      arns.map((arn) => tagDescription(arn, call)),
    ),
  };
};

function tagDescription(arn: string, { state, account, region }: Call): XmlRecord {
  const resource = state.byArn(arn);
  if (resource === undefined || resource.account !== account || resource.region !== region) throw missing(arn);
  return {
    ResourceArn: arn,
    Tags: items(
      'member',
      Object.entries(resource.tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
    ),
  };
}

function missing(arn: string): ServiceError {
  if (arn.includes(':targetgroup/')) return notFound('TargetGroupNotFound', `Target groups '${arn}' not found`);
  if (arn.includes(':loadbalancer/')) return notFound('LoadBalancerNotFound', `Load balancer '${arn}' not found`);
  return new ServiceError('ValidationError', `'${arn}' is not a valid load balancer or target group ARN`);
}

function notFound(code: string, message: string): ServiceError {
  return new ServiceError(code, message);
}

function chosen<R extends Resource>(all: readonly R[], input: QueryInput, arnParameter: string, missing: () => ServiceError): readonly R[] {
  const arns = new Set(input.list(`${arnParameter}.member`));
  const names = new Set(input.list('Names.member'));
  if (arns.size + names.size === 0) return all;
  const found = all.filter(({ arn, name }) => arns.has(arn) || names.has(name));
  if (found.length < arns.size + names.size) throw missing();
  return found;
}

function page<R extends Resource>(input: QueryInput, call: Call, all: readonly R[]): { found: R[]; next: string | undefined } {
  const limit = input.integer('PageSize') ?? MAX_PER_PAGE;
  const problem = outOfRange('pageSize', limit, 1, MAX_PER_PAGE);
  if (problem !== undefined) throw new ServiceError('ValidationError', problem);
  const listing = `elbv2/${input.text('Action')}/${call.account}/${call.region}/${all.length}`;
  const { items: found, next } = call.pager.page(all, { listing, limit, token: input.text('Marker') });
  return { found, next };
}

function describe({ arn, name, region, createdAt, attributes }: Balancer, { account, state }: Call): XmlRecord {
  const { kind, scheme, vpc, subnets, securityGroups } = attributes;
  const zones = subnets.map((subnet) => {
    const resource = state.byArn(`arn:aws:ec2:${region}:${account}:subnet/${subnet}`);
    const zone = resource?.type === 'ec2:subnet' ? resource.attributes.zone : `${region}a`;
    return { ZoneName: zone, SubnetId: subnet, LoadBalancerAddresses: items('member', []) };
  });
  const host = `${scheme === 'internal' ? 'internal-' : ''}${name}-${arn.slice(-10)}`;
  return {
    LoadBalancerArn: arn,
    DNSName: kind === 'application' ? `${host}.${region}.elb.amazonaws.com` : `${host}.elb.${region}.amazonaws.com`,
    CanonicalHostedZoneId: 'Z215JYRZR1TBD5',
    CreatedTime: createdAt,
    LoadBalancerName: name,
    Scheme: scheme,
    VpcId: vpc,
    State: { Code: 'active' },
    Type: kind,
    AvailabilityZones: items('member', zones),
    SecurityGroups: kind === 'application' ? items('member', securityGroups) : undefined,
    IpAddressType: 'ipv4',
  };
}

function targetGroup({ arn, name, attributes }: TargetGroup): XmlRecord {
  const { protocol, port, targetType, vpc, loadBalancer } = attributes;
  const isHttp = protocol === 'HTTP';
  return {
    TargetGroupArn: arn,
    TargetGroupName: name,
    Protocol: protocol,
    Port: port,
    VpcId: vpc,
    HealthCheckProtocol: protocol,
    HealthCheckPort: 'traffic-port',
    HealthCheckEnabled: true,
    HealthCheckIntervalSeconds: 30,
    HealthCheckTimeoutSeconds: 5,
    HealthyThresholdCount: 5,
    UnhealthyThresholdCount: 2,
    HealthCheckPath: isHttp ? '/' : undefined,
    Matcher: isHttp ? { HttpCode: '200' } : undefined,
    LoadBalancerArns: items('member', loadBalancer === undefined ? [] : [loadBalancer]),
    TargetType: targetType,
    ProtocolVersion: isHttp ? 'HTTP1' : undefined,
    IpAddressType: 'ipv4',
  };
}

/** Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/ */
export const elbv2: QueryService = {
  name: 'elasticloadbalancing',
  protocol: 'query',
  version: '2015-12-01',
  namespace: 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/',
  errors: { ...QUERY_ERRORS, badToken: { code: 'ValidationError', status: 400, message: 'Invalid marker' } },
  operations: { DescribeLoadBalancers: describeLoadBalancers, DescribeTargetGroups: describeTargetGroups, DescribeTags: describeTags },
};
