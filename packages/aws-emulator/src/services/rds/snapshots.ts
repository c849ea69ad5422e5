import type { Resource, ResourceOfType } from '../../resources.ts';
import type { Call, QueryOperation } from '../../service.ts';
import { ServiceError } from '../../wire/errors.ts';
import { items, type XmlRecord } from '../../wire/xml.ts';
import { chosen, page, tagList } from './listing.ts';
import { readTags } from './tags.ts';

type Snapshot = ResourceOfType<'rds:snapshot'>;

export const createSnapshot: QueryOperation = (input, call) => {
  const id = input.required('DBSnapshotIdentifier').toLowerCase();
  checkIdentifier(id);
  const instance = findInstance(input.required('DBInstanceIdentifier').toLowerCase(), call);
  const tags = readTags(input);
  const arn = `arn:aws:rds:${call.region}:${call.account}:snapshot:${id}`;
  if (call.state.byArn(arn) !== undefined) {
    throw new ServiceError(
      'DBSnapshotAlreadyExists',
      `Cannot create the snapshot because a snapshot with the identifier ${id} already exists.`,
    );
  }
  const { engine, engineVersion, storageGiB, vpc, zone, resourceId } = instance.attributes;
  const snapshot: Snapshot = {
    type: 'rds:snapshot',
    arn,
    id,
    name: id,
    account: call.account,
    region: call.region,
    tags: Object.keys(tags).length === 0 ? undefined : tags,
    createdAt: new Date(call.now).toISOString(),
    parents: [instance.arn],
    createdBy: call.caller.arn,
    cost: undefined,
    attributes: { instance: instance.id, engine, engineVersion, storageGiB, vpc, zone, resourceId, status: 'creating' },
  };
  call.state.add(snapshot);
  call.state.startTransition(snapshot, finish);
  return { DBSnapshot: describe(snapshot) };
};

export const deleteSnapshot: QueryOperation = (input, call) => {
  const snapshot = findSnapshot(input.required('DBSnapshotIdentifier'), call);
  if (snapshot.attributes.status !== 'available') {
    throw new ServiceError('InvalidDBSnapshotState', `Snapshot ${snapshot.id} is not in available state.`);
  }
  call.state.remove(snapshot);
  return { DBSnapshot: { ...describe(snapshot), Status: 'deleted' } };
};

export const describeSnapshots: QueryOperation = (input, call) => {
  const { state, account, region } = call;
  const id = input.text('DBSnapshotIdentifier');
  const instance = input.text('DBInstanceIdentifier')?.toLowerCase();
  const all = () => state.of(account, region, 'rds:snapshot');
  state.read((id === undefined ? all() : [findSnapshot(id, call)]).map(({ arn }) => arn));
  const isManual = [undefined, '', 'manual'].includes(input.text('SnapshotType'));
  const wanted = chosen(all(), id, missing).filter(
    ({ attributes }) => isManual && (instance === undefined || attributes.instance === instance),
  );
  const { found, next } = page(input, call, wanted, {
    'db-instance-id': ({ attributes }) => [attributes.instance],
    'db-snapshot-id': (snapshot) => [snapshot.id],
    'dbi-resource-id': ({ attributes }) => [attributes.resourceId],
    engine: ({ attributes }) => [attributes.engine],
    'snapshot-type': () => ['manual'],
  });
  return { DBSnapshots: items('DBSnapshot', found.map(describe)), Marker: next };
};

function findSnapshot(id: string, { state, account, region }: Call): Snapshot {
  return chosen(state.of(account, region, 'rds:snapshot'), id, missing)[0] ?? missing(id);
}

function missing(id: string): never {
  throw new ServiceError('DBSnapshotNotFound', `DBSnapshot ${id} not found.`, { status: 404 });
}

/** Letters, digits and single hyphens, a letter first, at most 255 characters. */
function checkIdentifier(id: string): void {
  if (id.length <= 255 && /^[a-z](?:-?[a-z0-9])*$/.test(id)) return;
  const rule = 'it must begin with a letter, contain only letters, digits and hyphens, and not end with a hyphen or contain two in a row';
  throw new ServiceError('InvalidParameterValue', `The parameter DBSnapshotIdentifier is not a valid identifier: ${rule}.`);
}

function findInstance(id: string, { state, account, region }: Call): ResourceOfType<'rds:db'> {
  const instance = state.of(account, region, 'rds:db').find((candidate) => candidate.id === id);
  if (instance === undefined) throw new ServiceError('DBInstanceNotFound', `DBInstance ${id} not found.`, { status: 404 });
  if (instance.attributes.cluster === undefined) return instance;
  const message =
    'The specified instance is a member of a cluster and a snapshot cannot be created directly. Please use the CreateDBClusterSnapshot API instead.';
  throw new ServiceError('InvalidParameterValue', message);
}

function finish(resource: Resource): Resource {
  return resource.type === 'rds:snapshot' ? { ...resource, attributes: { ...resource.attributes, status: 'available' } } : resource;
}

function describe({ id, arn, createdAt, attributes, tags }: Snapshot): XmlRecord {
  const isDone = attributes.status === 'available';
  return {
    DBSnapshotIdentifier: id,
    DBSnapshotArn: arn,
    DBInstanceIdentifier: attributes.instance,
    DbiResourceId: attributes.resourceId,
    // AWS tells it when the snapshot is complete.
    SnapshotCreateTime: isDone ? createdAt : undefined,
    Engine: attributes.engine,
    EngineVersion: attributes.engineVersion,
    AllocatedStorage: attributes.storageGiB,
    Status: attributes.status,
    PercentProgress: isDone ? 100 : 0,
    AvailabilityZone: attributes.zone,
    VpcId: attributes.vpc,
    SnapshotType: 'manual',
    StorageType: 'gp3',
    Encrypted: true,
    TagList: tagList(tags),
  };
}
