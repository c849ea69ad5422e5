import { S3_ERRORS } from '../../common-errors.ts';
import type { Call, RestAnswer, RestInput, RestService } from '../../service.ts';
import { ServiceError } from '../../wire/errors.ts';
import type { HttpRequest } from '../../wire/http.ts';
import { escapeXml, items, xmlMembers } from '../../wire/xml.ts';
import { findBucket } from './buckets.ts';
import { getObject, headObject, listObjects } from './objects.ts';
import { deleteTagging, putTagging } from './tag-writes.ts';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
const MAX_BUCKETS = 10_000;

/** Buckets of the account in all regions. Only a request that asks for pages or a part gets regions, and pages. */
function listBuckets({ query }: RestInput, call: Call): RestAnswer {
  const [limit, prefix, region] = [query.get('max-buckets'), query.get('prefix'), query.get('bucket-region')];
  const most = limit === null ? MAX_BUCKETS : Number(limit);
  if (!Number.isInteger(most) || most < 1 || most > MAX_BUCKETS) {
    throw new ServiceError('InvalidArgument', 'Argument max-buckets must be an integer between 1 and 10000', {
      members: { ArgumentName: 'max-buckets', ArgumentValue: limit ?? '' },
    });
  }
  const all = call.state.inAllRegions(call.account, 's3:bucket').toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const wanted = all.filter((bucket) => bucket.name.startsWith(prefix ?? '') && (region === null || bucket.region === region));
  const isPart = limit !== null || prefix !== null || region !== null || query.has('continuation-token');
  const page =
    limit === null && !query.has('continuation-token')
      ? { items: wanted, next: undefined }
      : call.pager.page(wanted, {
          listing: `s3/buckets/${call.account}/${prefix}/${region}`,
          limit: most,
          token: query.get('continuation-token') ?? undefined,
        });
  const buckets = page.items.map(({ name, createdAt, region: home }) => ({
    Name: name,
    CreationDate: createdAt,
    BucketRegion: isPart && call.settings.bucketRegions ? home : undefined,
  }));
  const result = {
    Owner: owner(call.account),
    Buckets: items('Bucket', buckets),
    ContinuationToken: page.next,
    Prefix: prefix ?? undefined,
  };
  return { body: `<ListAllMyBucketsResult xmlns="${NAMESPACE}">${xmlMembers(result)}</ListAllMyBucketsResult>` };
}

function owner(account: string) {
  return { ID: Buffer.from(`canonical-id-of-${account}-xxxx`).toString('hex') };
}

function getTagging(input: RestInput, call: Call): RestAnswer {
  const bucket = findBucket(input, call, true);
  const tags = Object.entries(bucket.tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
  if (tags.length === 0) {
    throw new ServiceError('NoSuchTagSet', 'The TagSet does not exist', { status: 404, members: { BucketName: bucket.name } });
  }
  return { body: `<Tagging xmlns="${NAMESPACE}">${xmlMembers({ TagSet: items('Tag', tags) })}</Tagging>` };
}

/** Answers in us-east-1 for every region, and says nothing for us-east-1 itself. */
function getLocation(input: RestInput, call: Call): RestAnswer {
  const { region } = findBucket(input, call, call.region !== 'us-east-1');
  const constraint = region === 'us-east-1' ? '' : escapeXml(region);
  return { body: `<LocationConstraint xmlns="${NAMESPACE}">${constraint}</LocationConstraint>` };
}

function headBucket(input: RestInput, call: Call): RestAnswer {
  const { region } = findBucket(input, call, true);
  return { body: '', headers: { 'x-amz-bucket-region': region, 'x-amz-access-point-alias': 'false', 'content-type': 'application/xml' } };
}

const AWS_HOST = /^(.+)\.s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com$/;
const LOCAL_HOST = /^(.+)\.localhost$/;

/** A bucket in the host name moves in front of the path. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html */
function hostToPath(request: HttpRequest): HttpRequest {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  const bucket = (AWS_HOST.exec(host) ?? LOCAL_HOST.exec(host))?.[1];
  return bucket === undefined ? request : { ...request, path: `/${bucket}${request.path}` };
}

const BUCKET = /^\/([^/]+)\/?$/;
const OBJECT = /^\/([^/]+)\/(.+)$/;

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ */
export const s3: RestService = {
  name: 's3',
  protocol: 'rest-xml',
  errors: S3_ERRORS,
  normalize: hostToPath,
  operations: {
    ListBuckets: { method: 'GET', path: /^\/$/, action: 'ListAllMyBuckets', run: listBuckets },
    GetBucketTagging: { method: 'GET', path: BUCKET, flag: 'tagging', run: getTagging },
    PutBucketTagging: { method: 'PUT', path: BUCKET, flag: 'tagging', run: putTagging },
    // Deleting all tags needs the permission to put them.
    DeleteBucketTagging: { method: 'DELETE', path: BUCKET, flag: 'tagging', action: 'PutBucketTagging', run: deleteTagging },
    GetBucketLocation: { method: 'GET', path: BUCKET, flag: 'location', run: getLocation },
    ListObjectsV2: { method: 'GET', path: BUCKET, flag: 'list-type', action: 'ListBucket', run: listObjects },
    GetObject: { method: 'GET', path: OBJECT, run: getObject },
    HeadObject: { method: 'HEAD', path: OBJECT, action: 'GetObject', run: headObject },
    HeadBucket: { method: 'HEAD', path: BUCKET, action: 'ListBucket', run: headBucket },
  },
};
