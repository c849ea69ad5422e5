import type { ResourceOf, Tags } from '@fairway-mcp/aws-sample';
import { type CommonErrors, REST_JSON_ERRORS } from '../../common-errors.ts';
import type { Call, RestAnswer, RestInput, RestService } from '../../service.ts';
import { ServiceError } from '../../wire/errors.ts';

type FileSystem = ResourceOf<'elasticfilesystem:file-system'>;

const DEFAULT_ITEMS = 100;

function describeFileSystems({ query }: RestInput, call: Call): RestAnswer {
  const id = query.get('FileSystemId');
  const token = query.get('CreationToken');
  const all = call.state.of(call.account, call.region, 'elasticfilesystem:file-system');
  const wanted = id !== null ? [findFileSystem(id, call)] : all.filter((system) => token === null || creationToken(system) === token);
  const { items, next } = call.pager.page(wanted, {
    listing: `efs/file-systems/${call.account}/${call.region}/${id}/${token}`,
    limit: pageSize(query.get('MaxItems')),
    token: query.get('Marker') ?? undefined,
  });
  return { body: JSON.stringify({ Marker: query.get('Marker') ?? undefined, FileSystems: items.map(describe), NextMarker: next }) };
}

function listTags({ path: [id = ''], query }: RestInput, call: Call): RestAnswer {
  const system = findFileSystem(id, call);
  const { items, next } = call.pager.page(tagList(system.tags), {
    listing: `efs/tags/${system.arn}`,
    limit: pageSize(query.get('MaxResults')),
    token: query.get('NextToken') ?? undefined,
  });
  return { body: JSON.stringify({ Tags: items, NextToken: next }) };
}

function pageSize(asked: string | null): number {
  const size = asked === null ? DEFAULT_ITEMS : Number(asked);
  if (!Number.isInteger(size) || size < 1) throw badRequest('MaxItems must be a positive integer');
  return Math.min(size, DEFAULT_ITEMS);
}

function findFileSystem(idOrArn: string, { state, account, region }: Call): FileSystem {
  const id = idOrArn.slice(idOrArn.lastIndexOf('/') + 1);
  if (!/^fs-[0-9a-f]{8,40}$/.test(id)) throw badRequest(`invalid file system ID: ${id}`);
  const found = state.byArn(`arn:aws:elasticfilesystem:${region}:${account}:file-system/${id}`);
  if (found?.type === 'elasticfilesystem:file-system') return found;
  throw new ServiceError('FileSystemNotFound', `File system '${id}' does not exist.`, {
    status: 404,
    members: { ErrorCode: 'FileSystemNotFound' },
  });
}

function badRequest(message: string): ServiceError {
  return new ServiceError('BadRequest', message, { members: { ErrorCode: 'BadRequest' } });
}

function creationToken({ id }: FileSystem): string {
  return `console-${id.slice(3)}`;
}

function tagList(tags: Tags | undefined): { Key: string; Value: string }[] {
  return Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
}

function describe(system: FileSystem): object {
  const { id, arn, account, createdAt, attributes, tags } = system;
  const seconds = Date.parse(createdAt) / 1000;
  return {
    OwnerId: account,
    CreationToken: creationToken(system),
    FileSystemId: id,
    FileSystemArn: arn,
    CreationTime: seconds,
    LifeCycleState: 'available',
    Name: tags?.Name,
    NumberOfMountTargets: 2,
    SizeInBytes: { Value: attributes.bytes, Timestamp: seconds, ValueInIA: 0, ValueInStandard: attributes.bytes, ValueInArchive: 0 },
    PerformanceMode: 'generalPurpose',
    Encrypted: attributes.encrypted,
    ThroughputMode: 'bursting',
    Tags: tagList(tags),
    FileSystemProtection: { ReplicationOverwriteProtection: 'ENABLED' },
  };
}

/** EFS repeats the error's name in the body. */
const ERRORS: CommonErrors = {
  ...REST_JSON_ERRORS,
  internal: { code: 'InternalServerError', status: 500, message: 'Internal server error', members: { ErrorCode: 'InternalServerError' } },
  badToken: { code: 'BadRequest', status: 400, message: 'Invalid marker', members: { ErrorCode: 'BadRequest' } },
};

/** Source: https://docs.aws.amazon.com/efs/latest/ug/api-reference.html */
export const efs: RestService = {
  name: 'elasticfilesystem',
  protocol: 'rest-json',
  errors: ERRORS,
  operations: {
    DescribeFileSystems: { method: 'GET', path: /^\/2015-02-01\/file-systems\/?$/, run: describeFileSystems },
    ListTagsForResource: { method: 'GET', path: /^\/2015-02-01\/resource-tags\/(.+)$/, run: listTags },
  },
};
