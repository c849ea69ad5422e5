import type { ResourceOf } from '@fairway-mcp/aws-sample';
import type { QueryOperation } from '../../service.ts';
import { items, type XmlRecord } from '../../wire/xml.ts';
import { derivedId, type Listing, listPage, tagSet } from './listing.ts';

const VPCS: Listing<'ec2:vpc'> = {
  type: 'ec2:vpc',
  idParameter: 'VpcId',
  idPrefix: 'vpc-',
  malformed: 'InvalidVpcID.Malformed',
  missing: 'InvalidVpcID.NotFound',
  noun: 'vpc ID',
  filters: {
    cidr: ({ attributes }) => [attributes.cidr],
    'is-default': ({ attributes }) => [String(attributes.isDefault)],
    'owner-id': ({ account }) => [account],
    state: () => ['available'],
    'vpc-id': ({ id }) => [id],
  },
};

export const describeVpcs: QueryOperation = (input, call) => {
  const { found, next } = listPage(VPCS, input, call);
  return { vpcSet: items('item', found.map(vpc)), nextToken: next };
};

function vpc({ id, account, attributes, tags }: ResourceOf<'ec2:vpc'>): XmlRecord {
  const block = { associationId: derivedId('vpc-cidr-assoc', id), cidrBlock: attributes.cidr, cidrBlockState: { state: 'associated' } };
  return {
    vpcId: id,
    ownerId: account,
    state: 'available',
    cidrBlock: attributes.cidr,
    cidrBlockAssociationSet: items('item', [block]),
    dhcpOptionsId: derivedId('dopt', id),
    tagSet: tagSet(tags),
    instanceTenancy: 'default',
    isDefault: attributes.isDefault,
  };
}

const SUBNETS: Listing<'ec2:subnet'> = {
  type: 'ec2:subnet',
  idParameter: 'SubnetId',
  idPrefix: 'subnet-',
  malformed: 'InvalidSubnetID.Malformed',
  missing: 'InvalidSubnetID.NotFound',
  noun: 'subnet ID',
  filters: {
    'availability-zone': ({ attributes }) => [attributes.zone],
    'cidr-block': ({ attributes }) => [attributes.cidr],
    'map-public-ip-on-launch': ({ attributes }) => [String(attributes.isPublic)],
    'owner-id': ({ account }) => [account],
    state: () => ['available'],
    'subnet-arn': ({ arn }) => [arn],
    'subnet-id': ({ id }) => [id],
    'vpc-id': ({ attributes }) => [attributes.vpc],
  },
};

export const describeSubnets: QueryOperation = (input, call) => {
  const { found, next } = listPage(SUBNETS, input, call);
  return { subnetSet: items('item', found.map(subnet)), nextToken: next };
};

function subnet({ id, arn, account, attributes, tags }: ResourceOf<'ec2:subnet'>): XmlRecord {
  return {
    subnetId: id,
    subnetArn: arn,
    state: 'available',
    ownerId: account,
    vpcId: attributes.vpc,
    cidrBlock: attributes.cidr,
    ipv6CidrBlockAssociationSet: items('item', []),
    availableIpAddressCount: 4091,
    availabilityZone: attributes.zone,
    defaultForAz: attributes.isDefaultForZone,
    mapPublicIpOnLaunch: attributes.isPublic,
    assignIpv6AddressOnCreation: false,
    tagSet: tagSet(tags),
  };
}

const GROUPS: Listing<'ec2:security-group'> = {
  type: 'ec2:security-group',
  idParameter: 'GroupId',
  idPrefix: 'sg-',
  malformed: 'InvalidGroupId.Malformed',
  missing: 'InvalidGroup.NotFound',
  noun: 'security group',
  filters: {
    description: ({ attributes }) => [attributes.description],
    'group-id': ({ id }) => [id],
    'group-name': ({ attributes }) => [attributes.groupName],
    'owner-id': ({ account }) => [account],
    'vpc-id': ({ attributes }) => [attributes.vpc],
  },
};

export const describeSecurityGroups: QueryOperation = (input, call) => {
  const { found, next } = listPage(GROUPS, input, call);
  return { securityGroupInfo: items('item', found.map(group)), nextToken: next };
};

function group({ id, arn, account, attributes, tags }: ResourceOf<'ec2:security-group'>): XmlRecord {
  const everywhere = {
    ipProtocol: '-1',
    groups: items('item', []),
    ipRanges: items('item', [{ cidrIp: '0.0.0.0/0' }]),
    prefixListIds: items('item', []),
  };
  return {
    ownerId: account,
    groupId: id,
    groupName: attributes.groupName,
    groupDescription: attributes.description,
    vpcId: attributes.vpc,
    ipPermissions: items('item', []),
    ipPermissionsEgress: items('item', [everywhere]),
    tagSet: tagSet(tags),
    securityGroupArn: arn,
  };
}
