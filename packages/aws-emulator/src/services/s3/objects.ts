import type { StoredObject } from '../../objects.ts';
import type { Call, RestAnswer, RestInput } from '../../service.ts';
import { ServiceError } from '../../wire/errors.ts';
import { xmlMembers } from '../../wire/xml.ts';
import { findBucket } from './buckets.ts';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
const MAX_KEYS = 1_000;

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export function listObjects(input: RestInput, call: Call): RestAnswer {
  const { query } = input;
  const bucket = findBucket(input, call, true);
  const prefix = query.get('prefix') ?? '';
  const after = query.get('start-after') ?? '';
  const wanted = call.objects.list(bucket.name).filter(({ key }) => key.startsWith(prefix) && key > after);
  const limit = Math.min(Number(query.get('max-keys') ?? MAX_KEYS), MAX_KEYS);
  const token = query.get('continuation-token') ?? undefined;
  const page = call.pager.page(wanted, { listing: `s3/objects/${bucket.name}/${prefix}/${after}`, limit, token });
  const contents = page.items.map(({ key, object: { content, etag, modifiedAt } }) => ({
    Key: query.get('encoding-type') === 'url' ? encodeURIComponent(key).replaceAll('%2F', '/') : key,
    LastModified: toSecond(modifiedAt).toISOString(),
    ETag: etag,
    Size: content.length,
    StorageClass: 'STANDARD',
  }));
  const result = xmlMembers({
    Name: bucket.name,
    Prefix: prefix,
    MaxKeys: limit,
    KeyCount: contents.length,
    IsTruncated: page.next !== undefined,
    EncodingType: query.get('encoding-type') ?? undefined,
    ContinuationToken: token,
    NextContinuationToken: page.next,
  });
  const list = contents.map((entry) => `<Contents>${xmlMembers(entry)}</Contents>`).join('');
  return { body: `<ListBucketResult xmlns="${NAMESPACE}">${result}${list}</ListBucketResult>` };
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export function getObject(input: RestInput, call: Call): RestAnswer {
  const object = findObject(input, call);
  const range = readRange(input.headers.range, object);
  if (range === undefined) return { body: object.content, headers: headersOf(object) };
  const { start, end } = range;
  const headers = { ...headersOf(object), 'content-range': `bytes ${start}-${end - 1}/${object.content.length}` };
  return { status: 206, body: object.content.subarray(start, end), headers };
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html */
export function headObject(input: RestInput, call: Call): RestAnswer {
  const object = findObject(input, call);
  return { body: '', headers: { ...headersOf(object), 'content-length': String(object.content.length) } };
}

function findObject(input: RestInput, call: Call): StoredObject {
  const bucket = findBucket(input, call, true);
  const key = input.path[1] ?? '';
  const object = call.objects.find(bucket.name, key);
  if (object === undefined)
    throw new ServiceError('NoSuchKey', 'The specified key does not exist.', { status: 404, members: { Key: key } });
  const wanted = input.headers['if-match'];
  if (wanted !== undefined && wanted !== object.etag) {
    throw new ServiceError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
      status: 412,
      members: { Condition: 'If-Match' },
    });
  }
  return object;
}

function headersOf({ etag, modifiedAt }: StoredObject): Readonly<Record<string, string>> {
  return {
    etag,
    'last-modified': toSecond(modifiedAt).toUTCString(),
    'accept-ranges': 'bytes',
    'content-type': 'binary/octet-stream',
  };
}

/** S3 keeps times in whole seconds. */
function toSecond(time: number): Date {
  return new Date(Math.floor(time / 1_000) * 1_000);
}

function readRange(header: string | undefined, { content }: StoredObject): { start: number; end: number } | undefined {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === undefined) return undefined;
  const start = Number(first);
  if (start >= content.length) throw new ServiceError('InvalidRange', 'The requested range is not satisfiable', { status: 416 });
  return { start, end: last === '' || last === undefined ? content.length : Math.min(Number(last) + 1, content.length) };
}
