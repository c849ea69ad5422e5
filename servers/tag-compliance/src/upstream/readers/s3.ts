import { AwsError } from '@fairway-mcp/aws';
import type { Resource } from '../../inventory/resource.ts';
import { inChunks } from './chunks.ts';
import { list, type Reader, toInstant, toTags, type Visit } from './reader.ts';
import { oneByOne, withTags } from './tags.ts';

interface Bucket {
  name: string;
  /** Unset where the service does not say it with the listing. */
  region: string | undefined;
  createdAt: string | undefined;
}

/** Buckets are listed once for all regions. Their tags are with the Tagging API of the region that each is in. */
const buckets: Reader = {
  type: 's3:bucket',
  isGlobal: true,
  actions: ['s3:ListAllMyBuckets', 's3:GetBucketLocation', 'tag:GetResources'],
  fallbackActions: ['s3:GetBucketTagging'],
  async read(at) {
    const located = await inChunks(at, await listBuckets(at), 1, async (some) => Promise.all(some.map((bucket) => locate(at, bucket))));
    const byRegion = Map.groupBy(located, ({ region }) => region);
    const readings = await Promise.all(
      [...byRegion].map(([region, some]) =>
        withTags(
          at,
          region,
          some,
          oneByOne('s3:GetBucketTagging', ({ name }) => tagsOf(at, name, region)),
        ),
      ),
    );
    return { resources: readings.flatMap(({ resources }) => resources), gaps: readings.flatMap(({ gaps }) => gaps) };
  },
};

async function listBuckets(at: Visit): Promise<Bucket[]> {
  const { client, ListBucketsCommand } = await at.open('s3');
  return list(at, {
    action: 's3:ListAllMyBuckets',
    // The region is only told when a page size is asked for.
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html
    ask: (ContinuationToken) => client.send(new ListBucketsCommand({ MaxBuckets: 1000, ContinuationToken }), at.options),
    items: (page) =>
      page.Buckets?.flatMap(({ Name: name, BucketRegion: region, CreationDate }) =>
        name === undefined ? [] : [{ name, region, createdAt: toInstant(CreationDate) }],
      ),
    next: (page) => page.ContinuationToken,
  });
}

async function locate(at: Visit, { name, region, createdAt }: Bucket): Promise<Resource> {
  return {
    arn: `arn:${at.partition}:s3:::${name}`,
    type: 's3:bucket',
    account: at.account,
    region: region ?? (await askRegion(at, name)),
    name,
    tags: {},
    createdAt,
    parents: [],
  };
}

/** The oldest region answers with nothing, and the next one with its old name. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html */
async function askRegion(at: Visit, bucket: string): Promise<string> {
  const { client, GetBucketLocationCommand } = await at.open('s3');
  const { LocationConstraint } = await at.ask(
    's3:GetBucketLocation',
    client.send(new GetBucketLocationCommand({ Bucket: bucket }), at.options),
  );
  return LocationConstraint === 'EU' ? 'eu-west-1' : LocationConstraint || 'us-east-1';
}

async function tagsOf(at: Visit, bucket: string, region: string): Promise<Readonly<Record<string, string>>> {
  const { client, GetBucketTaggingCommand } = await at.open('s3', region);
  try {
    const { TagSet } = await at.ask('s3:GetBucketTagging', client.send(new GetBucketTaggingCommand({ Bucket: bucket }), at.options));
    return toTags(TagSet);
  } catch (error) {
    if (error instanceof AwsError && error.code === 'NoSuchTagSet') return {};
    throw error;
  }
}

export const s3Readers = [buckets];
