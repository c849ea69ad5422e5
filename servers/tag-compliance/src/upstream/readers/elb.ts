import type { Resource } from '../../inventory/resource.ts';
import { list, present, type Reader, toInstant, toTags, type Visit } from './reader.ts';
import { type SlowTags, withTags } from './tags.ts';

const loadBalancers: Reader = {
  type: 'elasticloadbalancing:loadbalancer',
  actions: ['elasticloadbalancing:DescribeLoadBalancers', 'tag:GetResources'],
  fallbackActions: ['elasticloadbalancing:DescribeTags'],
  async read(at) {
    const { client, DescribeLoadBalancersCommand } = await at.open('elb');
    const found = await list(at, {
      action: 'elasticloadbalancing:DescribeLoadBalancers',
      ask: (Marker) => client.send(new DescribeLoadBalancersCommand({ PageSize: 400, Marker }), at.options),
      items: (page) =>
        page.LoadBalancers?.flatMap(({ LoadBalancerArn: arn, LoadBalancerName, CreatedTime, AvailabilityZones = [], VpcId }): Resource[] =>
          arn === undefined
            ? []
            : [
                {
                  arn,
                  type: 'elasticloadbalancing:loadbalancer',
                  account: at.account,
                  region: at.region,
                  name: LoadBalancerName ?? arn,
                  tags: {},
                  createdAt: toInstant(CreatedTime),
                  parents: present([...AvailabilityZones.map(({ SubnetId }) => SubnetId), VpcId]),
                },
              ],
        ),
      next: (page) => page.NextMarker,
    });
    return withTags(at, at.region, found, describeTags(at));
  },
};

const targetGroups: Reader = {
  type: 'elasticloadbalancing:targetgroup',
  actions: ['elasticloadbalancing:DescribeTargetGroups', 'tag:GetResources'],
  fallbackActions: ['elasticloadbalancing:DescribeTags'],
  async read(at) {
    const { client, DescribeTargetGroupsCommand } = await at.open('elb');
    const found = await list(at, {
      action: 'elasticloadbalancing:DescribeTargetGroups',
      ask: (Marker) => client.send(new DescribeTargetGroupsCommand({ PageSize: 400, Marker }), at.options),
      items: (page) =>
        page.TargetGroups?.flatMap(({ TargetGroupArn: arn, TargetGroupName, LoadBalancerArns = [], VpcId }): Resource[] =>
          arn === undefined
            ? []
            : [
                {
                  arn,
                  type: 'elasticloadbalancing:targetgroup',
                  account: at.account,
                  region: at.region,
                  name: TargetGroupName ?? arn,
                  tags: {},
                  createdAt: undefined,
                  parents: present([...LoadBalancerArns, VpcId]),
                },
              ],
        ),
      next: (page) => page.NextMarker,
    });
    return withTags(at, at.region, found, describeTags(at));
  },
};

function describeTags(at: Visit): SlowTags {
  const action = 'elasticloadbalancing:DescribeTags';
  return {
    action,
    // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTags.html
    atOnce: 20,
    async ask(some) {
      const { client, DescribeTagsCommand } = await at.open('elb');
      const { TagDescriptions = [] } = await at.ask(
        action,
        client.send(new DescribeTagsCommand({ ResourceArns: some.map(({ arn }) => arn) }), at.options),
      );
      return new Map(TagDescriptions.map(({ ResourceArn = '', Tags }) => [ResourceArn, toTags(Tags)]));
    },
  };
}

export const elbReaders = [loadBalancers, targetGroups];
