import type { ResourceOf } from '@fairway-mcp/aws-sample';
import { S3_ERRORS } from '../common-errors.ts';
import type { Call, RestAnswer, RestInput, RestService } from '../service.ts';
import { ServiceError } from '../wire/errors.ts';
import type { HttpRequest } from '../wire/http.ts';
import { escapeXml, items, xmlMembers } from '../wire/xml.ts';

type Bucket = ResourceOf<'s3:bucket'>;

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
  const all = call.index.inAllRegions(call.account, 's3:bucket').toSorted((a, b) => (a.name < b.name ? -1 : 1));
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

/**
 * @param inItsRegion whether the request must be signed for the bucket's own region.
 * @throws ServiceError as S3 does for a bucket that is nowhere, elsewhere, or somebody else's.
 */
function findBucket({ path: [name = ''], headers }: RestInput, { index, account, region }: Call, inItsRegion: boolean): Bucket {
  const bucket = index.byArn(`arn:aws:s3:::${name}`);
  if (bucket?.type !== 's3:bucket') {
    throw new ServiceError('NoSuchBucket', 'The specified bucket does not exist', { status: 404, members: { BucketName: name } });
  }
  const expected = headers['x-amz-expected-bucket-owner'];
  if (bucket.account !== account || (expected !== undefined && expected !== bucket.account)) {
    throw new ServiceError('AccessDenied', 'Access Denied', { status: 403 });
  }
  if (inItsRegion && bucket.region !== region) throw elsewhere(bucket);
  return bucket;
}

function elsewhere({ name, region }: Bucket): ServiceError {
  const message =
    'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.';
  return new ServiceError('PermanentRedirect', message, {
    status: 301,
    members: { Endpoint: `${name}.s3.${region}.amazonaws.com`, Bucket: name },
    headers: { 'x-amz-bucket-region': region },
  });
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

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ */
export const s3: RestService = {
  name: 's3',
  protocol: 'rest-xml',
  errors: S3_ERRORS,
  normalize: hostToPath,
  routes: [
    { operation: 'ListBuckets', method: 'GET', path: /^\/$/, action: 'ListAllMyBuckets', run: listBuckets },
    { operation: 'GetBucketTagging', method: 'GET', path: BUCKET, flag: 'tagging', run: getTagging },
    { operation: 'GetBucketLocation', method: 'GET', path: BUCKET, flag: 'location', run: getLocation },
    { operation: 'HeadBucket', method: 'HEAD', path: BUCKET, action: 'ListBucket', run: headBucket },
  ],
};
