import type { Resource } from '../../inventory/resource.ts';
import type { RegionClient } from '../region-client.ts';
import { list, present, toInstant, toTags } from './listing.ts';
import type { Reader } from './reader.ts';
import { type ServiceTags, withTags } from './tags.ts';

const loadBalancers: Reader = {
  type: 'elasticloadbalancing:loadbalancer',
  actions: ['elasticloadbalancing:DescribeLoadBalancers', 'tag:GetResources'],
  fallbackActions: ['elasticloadbalancing:DescribeTags'],
  async read(aws) {
    const { client, DescribeLoadBalancersCommand } = await aws.open('elb');
    const found = await list(aws, {
      action: 'elasticloadbalancing:DescribeLoadBalancers',
      request: (Marker) => client.send(new DescribeLoadBalancersCommand({ PageSize: 400, Marker }), aws.options),
      items: (page) =>
        page.LoadBalancers?.flatMap(({ LoadBalancerArn: arn, LoadBalancerName, CreatedTime, AvailabilityZones = [], VpcId }): Resource[] =>
          arn === undefined
            ? []
            : [
                {
                  arn,
                  type: 'elasticloadbalancing:loadbalancer',
                  account: aws.account,
                  region: aws.region,
                  name: LoadBalancerName ?? arn,
                  tags: {},
                  createdAt: toInstant(CreatedTime),
                  parents: present([...AvailabilityZones.map(({ SubnetId }) => SubnetId), VpcId]),
                },
              ],
        ),
      next: (page) => page.NextMarker,
    });
    return withTags(aws, aws.region, found, describeTags(aws));
  },
};

const targetGroups: Reader = {
  type: 'elasticloadbalancing:targetgroup',
  actions: ['elasticloadbalancing:DescribeTargetGroups', 'tag:GetResources'],
  fallbackActions: ['elasticloadbalancing:DescribeTags'],
  async read(aws) {
    const { client, DescribeTargetGroupsCommand } = await aws.open('elb');
    const found = await list(aws, {
      action: 'elasticloadbalancing:DescribeTargetGroups',
      request: (Marker) => client.send(new DescribeTargetGroupsCommand({ PageSize: 400, Marker }), aws.options),
      items: (page) =>
        page.TargetGroups?.flatMap(({ TargetGroupArn: arn, TargetGroupName, LoadBalancerArns = [], VpcId }): Resource[] =>
          arn === undefined
            ? []
            : [
                {
                  arn,
                  type: 'elasticloadbalancing:targetgroup',
                  account: aws.account,
                  region: aws.region,
                  name: TargetGroupName ?? arn,
                  tags: {},
                  createdAt: undefined,
                  parents: present([...LoadBalancerArns, VpcId]),
                },
              ],
        ),
      next: (page) => page.NextMarker,
    });
    return withTags(aws, aws.region, found, describeTags(aws));
  },
};

function describeTags(aws: RegionClient): ServiceTags {
  const action = 'elasticloadbalancing:DescribeTags';
  return {
    action,
    // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTags.html
    batchSize: 20,
    async read(some) {
      const { client, DescribeTagsCommand } = await aws.open('elb');
      const { TagDescriptions = [] } = await aws.call(
        action,
        client.send(new DescribeTagsCommand({ ResourceArns: some.map(({ arn }) => arn) }), aws.options),
      );
      return new Map(TagDescriptions.map(({ ResourceArn = '', Tags }) => [ResourceArn, toTags(Tags)]));
    },
  };
}

export const elbReaders = [loadBalancers, targetGroups];
