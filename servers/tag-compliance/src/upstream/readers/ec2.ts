import type { Resource } from '../../inventory/resource.ts';
import type { RegionClient } from '../region-client.ts';
import { list, present, toInstant, toTags } from './listing.ts';
import type { Reader } from './reader.ts';

/** Resources of other accounts that are shared with this one appear in its listings; they are counted in their own account. */
function isOwn({ OwnerId }: { OwnerId?: string }, { account }: RegionClient): boolean {
  return OwnerId === undefined || OwnerId === account;
}

interface Found {
  id: string | undefined;
  tags: Parameters<typeof toTags>[0];
  name?: string | undefined;
  createdAt?: Date | undefined;
  parents?: readonly (string | undefined)[];
  isAwsDefault?: boolean | undefined;
}

/** @returns nothing for an item without an id */
function resource(
  aws: RegionClient,
  type: string,
  { id, tags: list, name, createdAt, parents = [], isAwsDefault = false }: Found,
): Resource[] {
  if (id === undefined) return [];
  const tags = toTags(list);
  return [
    {
      arn: aws.arn('ec2', `${type}/${id}`),
      type: `ec2:${type}`,
      account: aws.account,
      region: aws.region,
      // The console shows this tag as the name of resources without a name of their own.
      name: name || tags.Name || id,
      tags,
      createdAt: toInstant(createdAt),
      parents: [...new Set(present(parents))],
      ...(isAwsDefault && { isAwsDefault }),
    },
  ];
}

const instances: Reader = {
  type: 'ec2:instance',
  actions: ['ec2:DescribeInstances'],
  async read(aws) {
    const { client, DescribeInstancesCommand } = await aws.open('ec2');
    const resources = await list(aws, {
      action: 'ec2:DescribeInstances',
      request: (NextToken) => client.send(new DescribeInstancesCommand({ MaxResults: 1000, NextToken }), aws.options),
      items: (page) =>
        page.Reservations?.flatMap(({ Instances = [] }) =>
          Instances.filter(({ State }) => State?.Name !== 'terminated').flatMap((instance) =>
            resource(aws, 'instance', {
              id: instance.InstanceId,
              tags: instance.Tags,
              createdAt: firstSeen(instance),
              parents: [instance.SubnetId, instance.VpcId],
            }),
          ),
        ),
      next: (page) => page.NextToken,
    });
    return { resources, gaps: [] };
  },
};

/** The launch time moves with every start; the first network interface and the root volume keep the time of the first one. */
function firstSeen(instance: {
  LaunchTime?: Date;
  NetworkInterfaces?: { Attachment?: { AttachTime?: Date } }[];
  BlockDeviceMappings?: { Ebs?: { AttachTime?: Date } }[];
}): Date | undefined {
  const times = [
    instance.LaunchTime,
    ...(instance.NetworkInterfaces ?? []).map(({ Attachment }) => Attachment?.AttachTime),
    ...(instance.BlockDeviceMappings ?? []).map(({ Ebs }) => Ebs?.AttachTime),
  ].flatMap((time) => (time === undefined ? [] : [time.getTime()]));
  return times.length === 0 ? undefined : new Date(Math.min(...times));
}

const volumes: Reader = {
  type: 'ec2:volume',
  actions: ['ec2:DescribeVolumes'],
  async read(aws) {
    const { client, DescribeVolumesCommand } = await aws.open('ec2');
    const resources = await list(aws, {
      action: 'ec2:DescribeVolumes',
      request: (NextToken) => client.send(new DescribeVolumesCommand({ MaxResults: 500, NextToken }), aws.options),
      items: (page) =>
        page.Volumes?.flatMap((volume) =>
          resource(aws, 'volume', {
            id: volume.VolumeId,
            tags: volume.Tags,
            createdAt: volume.CreateTime,
            parents: (volume.Attachments ?? []).map(({ InstanceId }) => InstanceId),
          }),
        ),
      next: (page) => page.NextToken,
    });
    return { resources, gaps: [] };
  },
};

const snapshots: Reader = {
  type: 'ec2:snapshot',
  actions: ['ec2:DescribeSnapshots'],
  async read(aws) {
    const { client, DescribeSnapshotsCommand } = await aws.open('ec2');
    const resources = await list(aws, {
      action: 'ec2:DescribeSnapshots',
      request: (NextToken) => client.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'], MaxResults: 1000, NextToken }), aws.options),
      items: (page) =>
        page.Snapshots?.filter((snapshot) => isOwn(snapshot, aws)).flatMap((snapshot) =>
          resource(aws, 'snapshot', {
            id: snapshot.SnapshotId,
            tags: snapshot.Tags,
            createdAt: snapshot.StartTime,
            parents: [snapshot.VolumeId === NO_VOLUME ? undefined : snapshot.VolumeId],
          }),
        ),
      next: (page) => page.NextToken,
    });
    return { resources, gaps: [] };
  },
};

/** The volume id of snapshots that were copied or imported. */
const NO_VOLUME = 'vol-ffffffff';

const securityGroups: Reader = {
  type: 'ec2:security-group',
  actions: ['ec2:DescribeSecurityGroups'],
  async read(aws) {
    const { client, DescribeSecurityGroupsCommand } = await aws.open('ec2');
    const resources = await list(aws, {
      action: 'ec2:DescribeSecurityGroups',
      request: (NextToken) => client.send(new DescribeSecurityGroupsCommand({ MaxResults: 1000, NextToken }), aws.options),
      items: (page) =>
        page.SecurityGroups?.filter((group) => isOwn(group, aws)).flatMap((group) =>
          resource(aws, 'security-group', {
            id: group.GroupId,
            tags: group.Tags,
            name: group.GroupName,
            parents: [group.VpcId],
            // Every VPC has one, which cannot be deleted; no other group may have this name.
            isAwsDefault: group.GroupName === 'default',
          }),
        ),
      next: (page) => page.NextToken,
    });
    return { resources, gaps: [] };
  },
};

const vpcs: Reader = {
  type: 'ec2:vpc',
  actions: ['ec2:DescribeVpcs'],
  async read(aws) {
    const { client, DescribeVpcsCommand } = await aws.open('ec2');
    const resources = await list(aws, {
      action: 'ec2:DescribeVpcs',
      request: (NextToken) => client.send(new DescribeVpcsCommand({ MaxResults: 1000, NextToken }), aws.options),
      items: (page) =>
        page.Vpcs?.filter((vpc) => isOwn(vpc, aws)).flatMap((vpc) =>
          resource(aws, 'vpc', { id: vpc.VpcId, tags: vpc.Tags, isAwsDefault: vpc.IsDefault }),
        ),
      next: (page) => page.NextToken,
    });
    return { resources, gaps: [] };
  },
};

const subnets: Reader = {
  type: 'ec2:subnet',
  actions: ['ec2:DescribeSubnets'],
  async read(aws) {
    const { client, DescribeSubnetsCommand } = await aws.open('ec2');
    const resources = await list(aws, {
      action: 'ec2:DescribeSubnets',
      request: (NextToken) => client.send(new DescribeSubnetsCommand({ MaxResults: 1000, NextToken }), aws.options),
      items: (page) =>
        page.Subnets?.filter((subnet) => isOwn(subnet, aws)).flatMap((subnet) =>
          resource(aws, 'subnet', { id: subnet.SubnetId, tags: subnet.Tags, parents: [subnet.VpcId], isAwsDefault: subnet.DefaultForAz }),
        ),
      next: (page) => page.NextToken,
    });
    return { resources, gaps: [] };
  },
};

const natGateways: Reader = {
  type: 'ec2:natgateway',
  actions: ['ec2:DescribeNatGateways'],
  async read(aws) {
    const { client, DescribeNatGatewaysCommand } = await aws.open('ec2');
    const resources = await list(aws, {
      action: 'ec2:DescribeNatGateways',
      request: (NextToken) => client.send(new DescribeNatGatewaysCommand({ MaxResults: 1000, NextToken }), aws.options),
      items: (page) =>
        // Deleted ones stay in the listing for about an hour.
        page.NatGateways?.filter(({ State }) => State !== 'deleted').flatMap((gateway) =>
          resource(aws, 'natgateway', {
            id: gateway.NatGatewayId,
            tags: gateway.Tags,
            createdAt: gateway.CreateTime,
            parents: [gateway.SubnetId, gateway.VpcId],
          }),
        ),
      next: (page) => page.NextToken,
    });
    return { resources, gaps: [] };
  },
};

const networkInterfaces: Reader = {
  type: 'ec2:network-interface',
  actions: ['ec2:DescribeNetworkInterfaces'],
  async read(aws) {
    const { client, DescribeNetworkInterfacesCommand } = await aws.open('ec2');
    const resources = await list(aws, {
      action: 'ec2:DescribeNetworkInterfaces',
      request: (NextToken) => client.send(new DescribeNetworkInterfacesCommand({ MaxResults: 1000, NextToken }), aws.options),
      items: (page) =>
        page.NetworkInterfaces?.filter((networkInterface) => isOwn(networkInterface, aws)).flatMap((networkInterface) =>
          resource(aws, 'network-interface', {
            id: networkInterface.NetworkInterfaceId,
            tags: networkInterface.TagSet,
            parents: [networkInterface.Attachment?.InstanceId, networkInterface.SubnetId, networkInterface.VpcId],
          }),
        ),
      next: (page) => page.NextToken,
    });
    return { resources, gaps: [] };
  },
};

export const ec2Readers = [instances, volumes, snapshots, securityGroups, vpcs, subnets, natGateways, networkInterfaces];
