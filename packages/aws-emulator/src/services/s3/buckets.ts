import type { ResourceOfType } from '../../resources.ts';
import type { Call, RestInput } from '../../service.ts';
import { ServiceError } from '../../wire/errors.ts';

export type Bucket = ResourceOfType<'s3:bucket'>;

/**
 * @param inItsRegion whether the request must be signed for the bucket's own region.
 * @throws ServiceError as S3 answers for a bucket that does not exist, is in another region, or belongs to another account.
 */
export function findBucket({ path: [name = ''], headers }: RestInput, { state, account, region }: Call, inItsRegion: boolean): Bucket {
  const bucket = state.byArn(`arn:aws:s3:::${name}`);
  if (bucket?.type !== 's3:bucket') {
    throw new ServiceError('NoSuchBucket', 'The specified bucket does not exist', { status: 404, members: { BucketName: name } });
  }
  const expected = headers['x-amz-expected-bucket-owner'];
  if (bucket.account !== account || (expected !== undefined && expected !== bucket.account)) {
    throw new ServiceError('AccessDenied', 'Access Denied', { status: 403 });
  }
  if (inItsRegion && bucket.region !== region) throw redirect(bucket);
  return bucket;
}

function redirect({ name, region }: Bucket): ServiceError {
  const message =
    'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.';
  return new ServiceError('PermanentRedirect', message, {
    status: 301,
    members: { Endpoint: `${name}.s3.${region}.amazonaws.com`, Bucket: name },
    headers: { 'x-amz-bucket-region': region },
  });
}
