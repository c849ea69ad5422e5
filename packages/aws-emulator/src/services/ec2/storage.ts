import type { ResourceOf } from '@fairway-mcp/aws-sample';
import type { QueryOperation } from '../../service.ts';
import { items, type XmlRecord } from '../../wire/xml.ts';
import { type Listing, listPage, tagSet } from './listing.ts';

type Volume = ResourceOf<'ec2:volume'>;
type Snapshot = ResourceOf<'ec2:snapshot'>;

const VOLUMES: Listing<'ec2:volume'> = {
  type: 'ec2:volume',
  idParameter: 'VolumeId',
  idPrefix: 'vol-',
  malformed: 'InvalidParameterValue',
  missing: 'InvalidVolume.NotFound',
  noun: 'volume',
  filters: {
    'attachment.instance-id': ({ attributes }) => (attributes.instance === undefined ? [] : [attributes.instance]),
    'availability-zone': ({ attributes }) => [attributes.zone],
    encrypted: ({ attributes }) => [String(attributes.encrypted)],
    size: ({ attributes }) => [String(attributes.sizeGiB)],
    status: (volume) => [volumeStatus(volume)],
    'volume-id': ({ id }) => [id],
    'volume-type': ({ attributes }) => [attributes.volumeType],
  },
};

export const describeVolumes: QueryOperation = (input, call) => {
  const { found, next } = listPage(VOLUMES, input, call);
  return { volumeSet: items('item', found.map(volume)), nextToken: next };
};

function volumeStatus({ attributes }: Volume): string {
  return attributes.instance === undefined ? 'available' : 'in-use';
}

function volume(resource: Volume): XmlRecord {
  const { id, createdAt, attributes, tags } = resource;
  const { sizeGiB, volumeType, zone, encrypted, instance, device } = attributes;
  const attachment = {
    volumeId: id,
    instanceId: instance,
    device,
    status: 'attached',
    attachTime: createdAt,
    deleteOnTermination: device === '/dev/xvda',
  };
  return {
    volumeId: id,
    size: sizeGiB,
    snapshotId: '',
    availabilityZone: zone,
    status: volumeStatus(resource),
    createTime: createdAt,
    attachmentSet: items('item', instance === undefined ? [] : [attachment]),
    tagSet: tagSet(tags),
    volumeType,
    iops: volumeType === 'st1' ? undefined : 3000,
    encrypted,
    multiAttachEnabled: false,
    throughput: volumeType === 'gp3' ? 125 : undefined,
  };
}

const SNAPSHOTS: Listing<'ec2:snapshot'> = {
  type: 'ec2:snapshot',
  idParameter: 'SnapshotId',
  idPrefix: 'snap-',
  malformed: 'InvalidParameterValue',
  missing: 'InvalidSnapshot.NotFound',
  noun: 'snapshot',
  filters: {
    description: ({ attributes }) => [attributes.description],
    encrypted: ({ attributes }) => [String(attributes.encrypted)],
    'owner-id': ({ account }) => [account],
    'snapshot-id': ({ id }) => [id],
    status: () => ['completed'],
    'volume-id': ({ attributes }) => [attributes.volume],
    'volume-size': ({ attributes }) => [String(attributes.sizeGiB)],
  },
};

/**
 * Without owners AWS would also list what others made public or shared; here all snapshots are the account's own, so that
 * `OwnerIds` only decides whether they are wanted.
 */
export const describeSnapshots: QueryOperation = (input, call) => {
  const owners = input.list('Owner');
  const wanted = owners.length === 0 || owners.includes('self') || owners.includes(call.account);
  const { found, next } = listPage(SNAPSHOTS, input, call);
  return { snapshotSet: items('item', wanted ? found.map(snapshot) : []), nextToken: wanted ? next : undefined };
};

function snapshot({ id, account, createdAt, attributes, tags }: Snapshot): XmlRecord {
  return {
    snapshotId: id,
    volumeId: attributes.volume,
    status: 'completed',
    startTime: createdAt,
    completionTime: createdAt,
    progress: '100%',
    ownerId: account,
    volumeSize: attributes.sizeGiB,
    description: attributes.description,
    tagSet: tagSet(tags),
    encrypted: attributes.encrypted,
    storageTier: 'standard',
  };
}
