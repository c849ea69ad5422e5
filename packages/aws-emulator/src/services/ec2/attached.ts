import type { ResourceOf } from '@fairway-mcp/aws-sample';
import type { Call, QueryOperation } from '../../service.ts';
import { items, type XmlRecord } from '../../wire/xml.ts';
import { groupSet } from './instances.ts';
import { derivedId, type Listing, listPage, privateDnsName, tagSet } from './listing.ts';

type NetworkInterface = ResourceOf<'ec2:network-interface'>;

const GATEWAYS: Listing<'ec2:natgateway'> = {
  type: 'ec2:natgateway',
  idParameter: 'NatGatewayId',
  idPrefix: 'nat-',
  malformed: 'NatGatewayMalformed',
  missing: 'NatGatewayNotFound',
  noun: 'Nat Gateway',
  filters: {
    'nat-gateway-id': ({ id }) => [id],
    state: () => ['available'],
    'subnet-id': ({ attributes }) => [attributes.subnet],
    'vpc-id': ({ attributes }) => [attributes.vpc],
  },
};

export const describeNatGateways: QueryOperation = (input, call) => {
  const { found, next } = listPage(GATEWAYS, input, call);
  return { natGatewaySet: items('item', found.map(gateway)), nextToken: next };
};

function gateway({ id, createdAt, attributes, tags }: ResourceOf<'ec2:natgateway'>): XmlRecord {
  const address = {
    allocationId: derivedId('eipalloc', id),
    networkInterfaceId: attributes.networkInterface,
    privateIp: attributes.privateIp,
    publicIp: attributes.publicIp,
    isPrimary: true,
    status: 'succeeded',
  };
  return {
    natGatewayId: id,
    subnetId: attributes.subnet,
    vpcId: attributes.vpc,
    state: 'available',
    createTime: createdAt,
    connectivityType: 'public',
    natGatewayAddressSet: items('item', [address]),
    tagSet: tagSet(tags),
  };
}

const INTERFACES: Listing<'ec2:network-interface'> = {
  type: 'ec2:network-interface',
  idParameter: 'NetworkInterfaceId',
  idPrefix: 'eni-',
  malformed: 'InvalidNetworkInterfaceId.Malformed',
  missing: 'InvalidNetworkInterfaceID.NotFound',
  noun: 'networkInterface ID',
  idsExcludePaging: true,
  filters: {
    'attachment.instance-id': ({ attributes }) => (attributes.instance === undefined ? [] : [attributes.instance]),
    'availability-zone': ({ attributes }) => [attributes.zone],
    description: ({ attributes }) => [attributes.description],
    'group-id': ({ attributes }) => attributes.securityGroups,
    'interface-type': ({ attributes }) => [attributes.interfaceType],
    'network-interface-id': ({ id }) => [id],
    'owner-id': ({ account }) => [account],
    'private-ip-address': ({ attributes }) => [attributes.privateIp],
    'requester-managed': (resource) => [String(isManaged(resource))],
    status: (resource) => [statusOf(resource)],
    'subnet-id': ({ attributes }) => [attributes.subnet],
    'vpc-id': ({ attributes }) => [attributes.vpc],
  },
};

export const describeNetworkInterfaces: QueryOperation = (input, call) => {
  const { found, next } = listPage(INTERFACES, input, call);
  return {
    networkInterfaceSet: items(
      'item',
      found.map((resource) => networkInterface(resource, call)),
    ),
    nextToken: next,
  };
};

/** Made by AWS for one of its own services. */
function isManaged({ attributes }: NetworkInterface): boolean {
  return attributes.interfaceType !== 'interface';
}

function statusOf(resource: NetworkInterface): string {
  return resource.attributes.instance === undefined && !isManaged(resource) ? 'available' : 'in-use';
}

function networkInterface(resource: NetworkInterface, call: Call): XmlRecord {
  const { id, account, region, attributes, tags } = resource;
  const { privateIp } = attributes;
  const dnsName = privateDnsName(privateIp, region);
  const tail = id.slice(-10).match(/../g) ?? [];
  return {
    networkInterfaceId: id,
    subnetId: attributes.subnet,
    vpcId: attributes.vpc,
    availabilityZone: attributes.zone,
    description: attributes.description,
    ownerId: account,
    requesterId: isManaged(resource) ? 'amazon-aws' : undefined,
    requesterManaged: isManaged(resource),
    status: statusOf(resource),
    macAddress: ['02', ...tail].join(':'),
    privateIpAddress: privateIp,
    privateDnsName: dnsName,
    sourceDestCheck: attributes.interfaceType === 'interface',
    groupSet: groupSet(attributes.securityGroups, call),
    attachment: attachment(resource),
    tagSet: tagSet(tags),
    privateIpAddressesSet: items('item', [{ privateIpAddress: privateIp, privateDnsName: dnsName, primary: true }]),
    interfaceType: attributes.interfaceType,
  };
}

function attachment(resource: NetworkInterface): XmlRecord | undefined {
  const { id, account, createdAt, attributes } = resource;
  if (statusOf(resource) === 'available') return undefined;
  const common = { attachmentId: derivedId('eni-attach', id), status: 'attached', attachTime: createdAt };
  if (attributes.instance === undefined) return { ...common, instanceOwnerId: 'amazon-aws', deviceIndex: 1, deleteOnTermination: false };
  return { ...common, instanceId: attributes.instance, instanceOwnerId: account, deviceIndex: 0, deleteOnTermination: true };
}
