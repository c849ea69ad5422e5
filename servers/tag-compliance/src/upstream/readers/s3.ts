import { AwsError } from '@fairway-mcp/aws';
import type { Resource } from '../../inventory/resource.ts';
import { type Gap, gapOf } from '../gap.ts';
import type { RegionClient } from '../region-client.ts';
import { inChunks } from './chunks.ts';
import { list, toInstant, toTags } from './listing.ts';
import type { Reader } from './reader.ts';
import { oneByOne, withTags } from './tags.ts';

interface Bucket {
  name: string;
  /** Unset when the listing does not contain it. */
  region: string | undefined;
  createdAt: string | undefined;
}

/** Buckets are listed once for all regions. Their tags come from the Tagging API of each bucket's region. */
const buckets: Reader = {
  type: 's3:bucket',
  isGlobal: true,
  actions: ['s3:ListAllMyBuckets', 's3:GetBucketLocation', 'tag:GetResources'],
  fallbackActions: ['s3:GetBucketTagging'],
  async read(aws) {
    const found = await inChunks(aws, await listBuckets(aws), 1, async (some) => Promise.all(some.map((bucket) => locate(aws, bucket))));
    const located = found.filter((place) => 'arn' in place);
    const byRegion = Map.groupBy(located, ({ region }) => region);
    const readings = await Promise.all(
      [...byRegion].map(([region, some]) =>
        withTags(
          aws,
          region,
          some,
          oneByOne('s3:GetBucketTagging', ({ name }) => tagsOf(aws, name, region)),
        ),
      ),
    );
    const unlocated = found.flatMap((place) => ('failure' in place ? [place.failure] : []));
    return {
      resources: readings.flatMap(({ resources }) => resources),
      gaps: [...unlocatedGap(unlocated), ...readings.flatMap(({ gaps }) => gaps)],
    };
  },
};

/** The tags of a bucket can only be read in its region: without it the bucket is left out. */
function unlocatedGap(failures: readonly AwsError[]): Gap[] {
  const real = failures.filter(({ failure }) => failure !== 'not_found');
  const [first] = real;
  if (first === undefined) return [];
  const { reason, detail } = gapOf(first);
  return [{ reason, detail: `${detail} Left out, as their regions are unknown: ${real.length}.` }];
}

async function listBuckets(aws: RegionClient): Promise<Bucket[]> {
  const { client, ListBucketsCommand } = await aws.open('s3');
  return list(aws, {
    action: 's3:ListAllMyBuckets',
    // The region is only returned for requests with a page size.
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html
    request: (ContinuationToken) => client.send(new ListBucketsCommand({ MaxBuckets: 1000, ContinuationToken }), aws.options),
    items: (page) =>
      page.Buckets?.flatMap(({ Name: name, BucketRegion: region, CreationDate }) =>
        name === undefined ? [] : [{ name, region, createdAt: toInstant(CreationDate) }],
      ),
    next: (page) => page.ContinuationToken,
  });
}

async function locate(aws: RegionClient, { name, region: listedRegion, createdAt }: Bucket): Promise<Resource | { failure: AwsError }> {
  const region = listedRegion ?? (await requestRegion(aws, name));
  if (region instanceof AwsError) return { failure: region };
  const arn = `arn:${aws.partition}:s3:::${name}`;
  return { arn, type: 's3:bucket', account: aws.account, region, name, tags: {}, createdAt, parents: [] };
}

/** The region of each partition that answers for the buckets of all its regions. */
function oldestRegion(partition: string): string {
  return { 'aws-cn': 'cn-north-1', 'aws-us-gov': 'us-gov-west-1' }[partition] ?? 'us-east-1';
}

/**
 * The answer for the oldest region is empty, and that for the next one is its old name.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
 */
async function requestRegion(aws: RegionClient, bucket: string): Promise<string | AwsError> {
  const oldest = oldestRegion(aws.partition);
  const { client, GetBucketLocationCommand } = await aws.open('s3', oldest);
  try {
    const command = new GetBucketLocationCommand({ Bucket: bucket });
    const { LocationConstraint } = await aws.call('s3:GetBucketLocation', client.send(command, aws.options));
    return LocationConstraint === 'EU' ? 'eu-west-1' : LocationConstraint || oldest;
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
}

async function tagsOf(aws: RegionClient, bucket: string, region: string): Promise<Readonly<Record<string, string>>> {
  const { client, GetBucketTaggingCommand } = await aws.open('s3', region);
  try {
    const { TagSet } = await aws.call('s3:GetBucketTagging', client.send(new GetBucketTaggingCommand({ Bucket: bucket }), aws.options));
    return toTags(TagSet);
  } catch (error) {
    if (error instanceof AwsError && error.code === 'NoSuchTagSet') return {};
    throw error;
  }
}

export const s3Readers = [buckets];
