import { S3Client } from '@aws-sdk/client-s3';
import { customEndpoint } from '../endpoint.ts';
import type { ClientSettings } from '../settings.ts';

export {
  GetBucketLocationCommand,
  GetBucketTaggingCommand,
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
} from '@aws-sdk/client-s3';

/** Addresses are path-style (`host/bucket`) where the endpoint is not AWS's own: with a bucket's name in front such a host has no address. */
export async function connect(settings: ClientSettings): Promise<S3Client> {
  const client = new S3Client(settings);
  client.config.forcePathStyle = (await customEndpoint(settings.endpoint, client.config)) !== undefined;
  return client;
}
