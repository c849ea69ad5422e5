import type { ResourceOf } from '@fairway-mcp/aws-sample';
import type { Call, QueryOperation } from '../../service.ts';
import { items, type XmlRecord } from '../../wire/xml.ts';
import { derivedId, type Listing, listPage, privateDnsName, tagSet } from './listing.ts';

type Instance = ResourceOf<'ec2:instance'>;

export type InstanceState = Instance['attributes']['state'];

/** Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceState.html */
const STATE_CODES: Readonly<Record<InstanceState, number>> = { pending: 0, running: 16, stopping: 64, stopped: 80 };

export function instanceState(name: InstanceState): XmlRecord {
  return { code: STATE_CODES[name], name };
}

export const INSTANCES: Listing<'ec2:instance'> = {
  type: 'ec2:instance',
  idParameter: 'InstanceId',
  idPrefix: 'i-',
  malformed: 'InvalidInstanceID.Malformed',
  missing: 'InvalidInstanceID.NotFound',
  noun: 'instance ID',
  idsExcludePaging: true,
  filters: {
    'availability-zone': ({ attributes }) => [attributes.zone],
    'block-device-mapping.volume-id': ({ attributes }) => (attributes.rootVolume === undefined ? [] : [attributes.rootVolume]),
    'iam-instance-profile.arn': ({ attributes }) => (attributes.instanceProfile === undefined ? [] : [attributes.instanceProfile]),
    'image-id': ({ attributes }) => [attributes.image],
    'instance-id': ({ id }) => [id],
    'instance-state-code': ({ attributes }) => [String(STATE_CODES[attributes.state])],
    'instance-state-name': ({ attributes }) => [attributes.state],
    'instance-type': ({ attributes }) => [attributes.instanceType],
    'instance.group-id': ({ attributes }) => attributes.securityGroups,
    'owner-id': ({ account }) => [account],
    'private-ip-address': ({ attributes }) => [attributes.privateIp],
    'subnet-id': ({ attributes }) => [attributes.subnet],
    'vpc-id': ({ attributes }) => [attributes.vpc],
  },
};

/** Every instance is a reservation of its own, as if each had been launched alone. */
export const describeInstances: QueryOperation = (input, call) => {
  const { found, next } = listPage(INSTANCES, input, call);
  return {
    reservationSet: items(
      'item',
      found.map((instance) => reservation(instance, call)),
    ),
    nextToken: next,
  };
};

function reservation(instance: Instance, call: Call): XmlRecord {
  return {
    reservationId: derivedId('r', instance.id),
    ownerId: instance.account,
    groupSet: items('item', []),
    instancesSet: items('item', [describe(instance, call)]),
  };
}

function describe(instance: Instance, call: Call): XmlRecord {
  const { id, region, createdAt, attributes } = instance;
  const groups = groupSet(attributes.securityGroups, call);
  return {
    instanceId: id,
    imageId: attributes.image,
    instanceState: instanceState(attributes.state),
    privateDnsName: privateDnsName(attributes.privateIp, region),
    dnsName: '',
    reason: '',
    amiLaunchIndex: 0,
    instanceType: attributes.instanceType,
    launchTime: createdAt,
    placement: { availabilityZone: attributes.zone, groupName: '', tenancy: 'default' },
    monitoring: { state: 'disabled' },
    subnetId: attributes.subnet,
    vpcId: attributes.vpc,
    privateIpAddress: attributes.privateIp,
    sourceDestCheck: true,
    groupSet: groups,
    architecture: 'x86_64',
    rootDeviceType: 'ebs',
    rootDeviceName: '/dev/xvda',
    blockDeviceMapping: items('item', devices(instance)),
    virtualizationType: 'hvm',
    clientToken: '',
    tagSet: tagSet(instance.tags),
    hypervisor: 'xen',
    networkInterfaceSet: items('item', interfaces(instance, call)),
    iamInstanceProfile: profile(attributes.instanceProfile),
    ebsOptimized: false,
    enaSupport: true,
    platformDetails: 'Linux/UNIX',
    usageOperation: 'RunInstances',
  };
}

function devices({ attributes, createdAt }: Instance): XmlRecord[] {
  if (attributes.rootVolume === undefined) return [];
  const ebs = { volumeId: attributes.rootVolume, status: 'attached', attachTime: createdAt, deleteOnTermination: true };
  return [{ deviceName: '/dev/xvda', ebs }];
}

function interfaces({ account, region, createdAt, attributes }: Instance, call: Call): XmlRecord[] {
  const { networkInterface, subnet, vpc, privateIp, securityGroups } = attributes;
  if (networkInterface === undefined) return [];
  const dnsName = privateDnsName(privateIp, region);
  return [
    {
      networkInterfaceId: networkInterface,
      subnetId: subnet,
      vpcId: vpc,
      description: '',
      ownerId: account,
      status: 'in-use',
      interfaceType: 'interface',
      privateIpAddress: privateIp,
      privateDnsName: dnsName,
      sourceDestCheck: true,
      groupSet: groupSet(securityGroups, call),
      attachment: {
        attachmentId: derivedId('eni-attach', networkInterface),
        deviceIndex: 0,
        status: 'attached',
        attachTime: createdAt,
        deleteOnTermination: true,
      },
      privateIpAddressesSet: items('item', [{ privateIpAddress: privateIp, privateDnsName: dnsName, primary: true }]),
    },
  ];
}

function profile(arn: string | undefined): XmlRecord | undefined {
  return arn === undefined ? undefined : { arn, id: `AIPA${Buffer.from(arn).toString('hex').slice(-17).toUpperCase()}` };
}

/** Security groups by id and name, as what they protect lists them. */
export function groupSet(ids: readonly string[], { account, region, state }: Pick<Call, 'account' | 'region' | 'state'>) {
  const names = ids.map((id) => {
    const group = state.byArn(`arn:aws:ec2:${region}:${account}:security-group/${id}`);
    return { groupId: id, groupName: group?.name ?? id };
  });
  return items('item', names);
}
