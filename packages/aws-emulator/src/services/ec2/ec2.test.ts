import {
  DescribeInstancesCommand,
  DescribeNatGatewaysCommand,
  DescribeRegionsCommand,
  DescribeSecurityGroupsCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  DescribeVpcsCommand,
  EC2Client,
  paginateDescribeInstances,
  paginateDescribeNatGateways,
  paginateDescribeNetworkInterfaces,
  paginateDescribeSecurityGroups,
  paginateDescribeSnapshots,
  paginateDescribeSubnets,
  paginateDescribeTags,
  paginateDescribeVolumes,
  paginateDescribeVpcs,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { all, busiest, IRREGULAR_PAGES, ORGANIZATION, tagTable, trueTable, useEmulator } from '../../emulator.fixture.ts';

const harness = useEmulator({ paging: IRREGULAR_PAGES });
const paged = (client: EC2Client) => ({ client, pageSize: 10 });

describe('EC2 lists page by page', () => {
  it('instances', async () => {
    const { resources, ...place } = busiest('ec2:instance');
    const client = harness.client(EC2Client, place);
    const reservations = await all(paginateDescribeInstances(paged(client), {}), ({ Reservations }) => Reservations);
    const instances = reservations.flatMap(({ Instances = [] }) => Instances);
    expect(tagTable(instances.map(({ InstanceId: id, Tags: tags }) => ({ id, tags })))).toEqual(trueTable(resources, ({ id }) => id));
    const [expected] = resources;
    const found = instances.find(({ InstanceId }) => InstanceId === expected?.id);
    expect(found).toMatchObject({
      InstanceType: expected?.attributes.instanceType,
      LaunchTime: new Date(expected?.createdAt ?? ''),
      State: { Name: expected?.attributes.state },
      SubnetId: expected?.attributes.subnet,
      VpcId: expected?.attributes.vpc,
      Placement: { AvailabilityZone: expected?.attributes.zone },
      NetworkInterfaces: [{ NetworkInterfaceId: expected?.attributes.networkInterface }],
      BlockDeviceMappings: [{ Ebs: { VolumeId: expected?.attributes.rootVolume } }],
    });
    expect(reservations.every(({ OwnerId }) => OwnerId === place.account)).toBe(true);
  });

  it('volumes', async () => {
    const { resources, ...place } = busiest('ec2:volume');
    const found = await all(paginateDescribeVolumes(paged(harness.client(EC2Client, place)), {}), ({ Volumes }) => Volumes);
    expect(tagTable(found.map(({ VolumeId: id, Tags: tags }) => ({ id, tags })))).toEqual(trueTable(resources, ({ id }) => id));
    const attached = found.filter(({ State }) => State === 'in-use').map(({ Attachments }) => Attachments?.[0]?.InstanceId);
    expect(attached).toEqual(resources.flatMap(({ attributes }) => attributes.instance ?? []));
  });

  it('snapshots of the account', async () => {
    const { resources, ...place } = busiest('ec2:snapshot');
    const client = harness.client(EC2Client, place);
    const found = await all(paginateDescribeSnapshots(paged(client), { OwnerIds: ['self'] }), ({ Snapshots }) => Snapshots);
    expect(tagTable(found.map(({ SnapshotId: id, Tags: tags }) => ({ id, tags })))).toEqual(trueTable(resources, ({ id }) => id));
    expect((await client.send(new DescribeSnapshotsCommand({ OwnerIds: ['amazon'] }))).Snapshots).toEqual([]);
  });

  it('VPCs, subnets and security groups', async () => {
    const { resources: vpcs, ...place } = busiest('ec2:vpc');
    const client = harness.client(EC2Client, place);
    const here = <T extends { account: string; region: string }>(resources: readonly T[]) =>
      resources.filter(({ account, region }) => account === place.account && region === place.region);
    const found = await all(paginateDescribeVpcs(paged(client), {}), ({ Vpcs }) => Vpcs);
    expect(tagTable(found.map(({ VpcId: id, Tags: tags }) => ({ id, tags })))).toEqual(trueTable(vpcs, ({ id }) => id));
    const subnets = await all(paginateDescribeSubnets(paged(client), {}), ({ Subnets }) => Subnets);
    const known = new Set(vpcs.map(({ id }) => id));
    expect(subnets.map(({ SubnetArn }) => SubnetArn)).toEqual(
      here(ORGANIZATION.resources).flatMap(({ type, arn }) => (type === 'ec2:subnet' ? arn : [])),
    );
    expect(subnets.every(({ VpcId = '' }) => known.has(VpcId))).toBe(true);
    const groups = await all(paginateDescribeSecurityGroups(paged(client), {}), ({ SecurityGroups }) => SecurityGroups);
    const expected = here(ORGANIZATION.resources).filter(({ type }) => type === 'ec2:security-group');
    expect(tagTable(groups.map(({ GroupId: id, Tags: tags }) => ({ id, tags })))).toEqual(trueTable(expected, ({ id }) => id));
    expect(groups.map(({ GroupName }) => GroupName)).toContain('default');
  });

  it('NAT gateways and network interfaces', async () => {
    const { resources, ...place } = busiest('ec2:natgateway');
    const client = harness.client(EC2Client, place);
    const gateways = await all(paginateDescribeNatGateways(paged(client), {}), ({ NatGateways }) => NatGateways);
    expect(tagTable(gateways.map(({ NatGatewayId: id, Tags: tags }) => ({ id, tags })))).toEqual(trueTable(resources, ({ id }) => id));
    const interfaces = await all(paginateDescribeNetworkInterfaces(paged(client), {}), ({ NetworkInterfaces }) => NetworkInterfaces);
    const ids = interfaces.map(({ NetworkInterfaceId }) => NetworkInterfaceId);
    for (const { NatGatewayAddresses = [] } of gateways) expect(ids).toContain(NatGatewayAddresses[0]?.NetworkInterfaceId);
    const managed = interfaces.filter(({ RequesterManaged }) => RequesterManaged).map(({ InterfaceType }) => InterfaceType);
    expect(new Set(managed).has('interface')).toBe(false);
  });

  it('tags, one row each', async () => {
    const place = busiest('ec2:volume');
    const rows = await all(
      paginateDescribeTags(paged(harness.client(EC2Client, place)), { Filters: [{ Name: 'resource-type', Values: ['volume'] }] }),
      ({ Tags }) => Tags,
    );
    expect(rows).toHaveLength(place.resources.reduce((sum, { tags = {} }) => sum + Object.keys(tags).length, 0));
    expect(new Set(rows.map(({ ResourceType }) => ResourceType))).toEqual(new Set(['volume']));
  });

  it('regions: those that are enabled, or all', async () => {
    const client = harness.client(EC2Client, { account: '111122223333', region: 'us-east-1' });
    const on = (await client.send(new DescribeRegionsCommand({}))).Regions ?? [];
    const every = (await client.send(new DescribeRegionsCommand({ AllRegions: true }))).Regions ?? [];
    expect(on.map(({ RegionName }) => RegionName)).toEqual(expect.arrayContaining([...ORGANIZATION.regions]));
    expect(on.some(({ OptInStatus }) => OptInStatus === 'not-opted-in')).toBe(false);
    expect(every.length).toBeGreaterThan(on.length);
  });
});

describe('EC2 filters', () => {
  const { resources, ...place } = busiest('ec2:instance');
  const find = async (Filters: { Name: string; Values: string[] }[]) => {
    const pages = paginateDescribeInstances(paged(harness.client(EC2Client, place)), { Filters });
    return (await all(pages, ({ Reservations }) => Reservations)).map(({ Instances = [] }) => Instances[0]?.InstanceId);
  };

  it('match all filters and any value, with wildcards', async () => {
    const running = resources.filter(({ attributes, tags }) => attributes.state === 'running' && tags?.Environment?.startsWith('prod'));
    const found = await find([
      { Name: 'instance-state-name', Values: ['pending', 'running'] },
      { Name: 'tag:Environment', Values: ['prod*'] },
    ]);
    expect(found).toEqual(running.map(({ id }) => id));
  });

  it('match tag keys, and treat a backslash as an escape', async () => {
    expect(await find([{ Name: 'tag-key', Values: ['Own?r'] }])).toEqual(
      resources.flatMap(({ id, tags = {} }) => (Object.keys(tags).some((key) => /^Own.r$/.test(key)) ? id : [])),
    );
    expect(await find([{ Name: 'tag-key', Values: ['Own\\?r'] }])).toEqual([]);
  });

  it('reject an unknown filter name', async () => {
    await expect(find([{ Name: 'colour', Values: ['blue'] }])).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: "The filter 'colour' is invalid",
    });
  });
});

describe('EC2 errors', () => {
  const { resources, ...place } = busiest('ec2:instance');
  const instance = resources[0]?.id ?? '';

  it.each([
    ['InvalidInstanceID.NotFound', new DescribeInstancesCommand({ InstanceIds: ['i-00000000000000000'] })],
    ['InvalidInstanceID.Malformed', new DescribeInstancesCommand({ InstanceIds: ['instance-1'] })],
    ['InvalidParameterValue', new DescribeInstancesCommand({ MaxResults: 4 })],
    ['InvalidParameterValue', new DescribeInstancesCommand({ MaxResults: 1001 })],
    ['InvalidParameterCombination', new DescribeInstancesCommand({ MaxResults: 5, InstanceIds: [instance] })],
    ['InvalidNextToken', new DescribeInstancesCommand({ NextToken: 'made-up' })],
  ])('%s', async (name, command) => {
    await expect(harness.client(EC2Client, place).send(command)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
  });

  it('reject ids of other types that do not exist', async () => {
    const client = harness.client(EC2Client, place);
    await expect(client.send(new DescribeVolumesCommand({ VolumeIds: ['vol-0000'] }))).rejects.toMatchObject({
      name: 'InvalidVolume.NotFound',
    });
    await expect(client.send(new DescribeVpcsCommand({ VpcIds: ['vpc-0000'] }))).rejects.toMatchObject({ name: 'InvalidVpcID.NotFound' });
    await expect(client.send(new DescribeSecurityGroupsCommand({ GroupIds: ['sg-00'] }))).rejects.toMatchObject({
      name: 'InvalidGroup.NotFound',
    });
    await expect(client.send(new DescribeNatGatewaysCommand({ NatGatewayIds: ['nat-0'] }))).rejects.toMatchObject({
      name: 'NatGatewayNotFound',
    });
  });

  it('reject resources of another account', async () => {
    const other = ORGANIZATION.accounts.find(({ id }) => id !== place.account)?.id ?? '';
    const client = harness.client(EC2Client, { account: other, region: place.region });
    await expect(client.send(new DescribeInstancesCommand({ InstanceIds: [instance] }))).rejects.toMatchObject({
      name: 'InvalidInstanceID.NotFound',
    });
  });
});
