import { EC2_ERRORS } from '../../common-errors.ts';
import type { QueryService } from '../../service.ts';
import { describeNatGateways, describeNetworkInterfaces } from './attached.ts';
import { startInstances, stopInstances } from './instance-states.ts';
import { describeInstances } from './instances.ts';
import { describeSecurityGroups, describeSubnets, describeVpcs } from './network.ts';
import { describeSnapshots, describeVolumes } from './storage.ts';
import { createTags, deleteTags } from './tag-writes.ts';
import { describeRegions, describeTags } from './tags.ts';

/** Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/ */
export const ec2: QueryService = {
  name: 'ec2',
  protocol: 'ec2',
  version: '2016-11-15',
  namespace: 'http://ec2.amazonaws.com/doc/2016-11-15/',
  errors: EC2_ERRORS,
  operations: {
    DescribeInstances: describeInstances,
    DescribeVolumes: describeVolumes,
    DescribeSnapshots: describeSnapshots,
    DescribeVpcs: describeVpcs,
    DescribeSubnets: describeSubnets,
    DescribeSecurityGroups: describeSecurityGroups,
    DescribeNatGateways: describeNatGateways,
    DescribeNetworkInterfaces: describeNetworkInterfaces,
    DescribeTags: describeTags,
    DescribeRegions: describeRegions,
    CreateTags: createTags,
    DeleteTags: deleteTags,
    StartInstances: startInstances,
    StopInstances: stopInstances,
  },
};
