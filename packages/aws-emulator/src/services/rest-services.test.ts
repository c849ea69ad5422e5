import http from 'node:http';
import { text } from 'node:stream/consumers';
import { DescribeFileSystemsCommand, EFSClient, ListTagsForResourceCommand, paginateDescribeFileSystems } from '@aws-sdk/client-efs';
import { GetFunctionCommand, LambdaClient, ListFunctionsCommand, ListTagsCommand, paginateListFunctions } from '@aws-sdk/client-lambda';
import {
  GetBucketAclCommand,
  GetBucketLocationCommand,
  GetBucketTaggingCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  paginateListBuckets,
  S3Client,
} from '@aws-sdk/client-s3';
import { resourcesOf } from '@fairway-mcp/aws-sample';
import { describe, expect, it } from 'vitest';
import { all, busiest, IRREGULAR_PAGES, ORGANIZATION, tagTable, trueTable, useEmulator } from '../emulator.fixture.ts';

const harness = useEmulator({ paging: IRREGULAR_PAGES });

/** A request with a host name of its own, which SDKs only send where it resolves. */
async function ask(
  url: string,
  { path, host, region, account }: { path: string; host: string; region: string; account: string },
): Promise<string> {
  const authorization = `AWS4-HMAC-SHA256 Credential=AKIA${account}/20261115/${region}/s3/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`;
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  http.get(url + path, { headers: { host, authorization } }, (response) => text(response).then(resolve, reject)).on('error', reject);
  return promise;
}

describe('S3', () => {
  const { account, region } = busiest('s3:bucket');
  const place = { account, region };
  const own = resourcesOf(ORGANIZATION, 's3:bucket').filter((bucket) => bucket.account === account);
  const near = own.filter((bucket) => bucket.region === region);
  const names = (buckets: readonly { name: string }[]) => buckets.map(({ name }) => name).toSorted();

  it('lists the buckets of all regions at once, without their regions', async () => {
    const { Buckets = [], ContinuationToken } = await harness.client(S3Client, place).send(new ListBucketsCommand({}));
    expect(Buckets.map(({ Name }) => Name)).toEqual(names(own));
    expect(Buckets.every(({ BucketRegion }) => BucketRegion === undefined)).toBe(true);
    expect(ContinuationToken).toBeUndefined();
  });

  it('returns pages with regions on request, by prefix and by region', async () => {
    const client = harness.client(S3Client, place);
    const found = await all(paginateListBuckets({ client, pageSize: 10 }, {}), ({ Buckets }) => Buckets);
    expect(Object.fromEntries(found.map(({ Name, BucketRegion }) => [Name, BucketRegion]))).toEqual(
      Object.fromEntries(own.map((bucket) => [bucket.name, bucket.region])),
    );
    const here = await all(
      paginateListBuckets({ client, pageSize: 10 }, { BucketRegion: region, Prefix: 'northlake-' }),
      ({ Buckets }) => Buckets,
    );
    expect(here.map(({ Name }) => Name)).toEqual(names(near));
    await expect(client.send(new ListBucketsCommand({ MaxBuckets: 10_001 }))).rejects.toMatchObject({ name: 'InvalidArgument' });
  });

  it('returns tags, and NoSuchTagSet for a bucket without any', async () => {
    const buckets = resourcesOf(ORGANIZATION, 's3:bucket');
    for (const bucket of buckets) {
      const { name, tags = {} } = bucket;
      const answer = harness.client(S3Client, bucket).send(new GetBucketTaggingCommand({ Bucket: name }));
      if (Object.keys(tags).length > 0) expect(tagTable([{ id: name, tags: (await answer).TagSet }])).toEqual({ [name]: tags });
      else await expect(answer).rejects.toMatchObject({ name: 'NoSuchTagSet', $metadata: { httpStatusCode: 404 } });
    }
    expect(buckets.some(({ tags }) => tags === undefined)).toBe(true);
  });

  it('finds a bucket by host name as well as by path', async () => {
    const bucket = near.find(({ tags = {} }) => Object.keys(tags).length > 0);
    const get = (path: string, host: string) => ask(harness.aws.url, { path, host, region, account });
    const byPath = await get(`/${bucket?.name}?tagging`, 'localhost');
    const byHost = await get('/?tagging', `${bucket?.name}.s3.${region}.amazonaws.com`);
    expect(byPath).toContain('<TagSet>');
    expect(byHost).toBe(byPath);
  });

  it("redirects to the bucket's region and names it", async () => {
    const far = own.find((bucket) => bucket.region !== region);
    const client = harness.client(S3Client, place);
    await expect(client.send(new HeadBucketCommand({ Bucket: far?.name }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 301 },
      $response: { headers: { 'x-amz-bucket-region': far?.region } },
    });
    const { BucketRegion } = await harness.client(S3Client, place, {}).send(new HeadBucketCommand({ Bucket: near[0]?.name }));
    expect(BucketRegion).toBe(region);
    const { LocationConstraint } = await harness
      .client(S3Client, { account, region: 'us-east-1' })
      .send(new GetBucketLocationCommand({ Bucket: near[0]?.name }));
    expect(LocationConstraint).toBe(region === 'us-east-1' ? undefined : region);
  });

  it('rejects a bucket that does not exist or belongs to another account', async () => {
    const client = harness.client(S3Client, place);
    const other = resourcesOf(ORGANIZATION, 's3:bucket').find((bucket) => bucket.account !== account);
    await expect(client.send(new GetBucketTaggingCommand({ Bucket: 'nobody-has-this' }))).rejects.toMatchObject({ name: 'NoSuchBucket' });
    await expect(client.send(new GetBucketTaggingCommand({ Bucket: other?.name }))).rejects.toMatchObject({
      name: 'AccessDenied',
      $metadata: { httpStatusCode: 403 },
    });
    await expect(client.send(new HeadBucketCommand({ Bucket: 'nobody-has-this' }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 404 },
    });
    await expect(client.send(new GetBucketAclCommand({ Bucket: near[0]?.name }))).rejects.toMatchObject({ name: 'NotImplemented' });
  });
});

describe('Lambda', () => {
  const { resources, ...place } = busiest('lambda:function');

  it('lists functions page by page', async () => {
    const client = harness.client(LambdaClient, place);
    const found = await all(paginateListFunctions({ client, pageSize: 10_000 }, {}), ({ Functions }) => Functions);
    expect(found.map(({ FunctionArn, Role, Runtime }) => [FunctionArn, Role, Runtime])).toEqual(
      resources.map(({ arn, attributes }) => [arn, attributes.role, attributes.runtime]),
    );
    const { Functions = [] } = await client.send(new ListFunctionsCommand({ FunctionVersion: 'ALL', MaxItems: 1 }));
    expect(Functions.every(({ FunctionArn }) => FunctionArn?.endsWith(':$LATEST'))).toBe(true);
  });

  it('returns tags, and a function by name or ARN', async () => {
    const client = harness.client(LambdaClient, place);
    for (const { arn, name, tags = {} } of resources.slice(0, 10)) {
      expect((await client.send(new ListTagsCommand({ Resource: arn }))).Tags).toEqual(tags);
      for (const FunctionName of [name, arn, `${place.account}:function:${name}`]) {
        expect((await client.send(new GetFunctionCommand({ FunctionName }))).Configuration?.FunctionArn).toBe(arn);
      }
    }
    await expect(client.send(new GetFunctionCommand({ FunctionName: 'nobody' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await expect(client.send(new ListFunctionsCommand({ Marker: 'made-up' }))).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
    });
  });
});

describe('EFS', () => {
  const { resources, ...place } = busiest('elasticfilesystem:file-system');

  it('lists file systems with their tags', async () => {
    const client = harness.client(EFSClient, place);
    const found = await all(paginateDescribeFileSystems({ client }, {}), ({ FileSystems }) => FileSystems);
    expect(tagTable(found.map(({ FileSystemArn: id, Tags: tags }) => ({ id, tags })))).toEqual(trueTable(resources, ({ arn }) => arn));
    expect(found[0]?.CreationTime).toEqual(new Date(resources[0]?.createdAt ?? ''));
    const [first] = resources;
    const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceId: first?.arn }));
    expect(Tags?.length ?? 0).toBeLessThanOrEqual(Object.keys(first?.tags ?? {}).length);
  });

  it('rejects a file system that does not exist', async () => {
    const client = harness.client(EFSClient, place);
    await expect(client.send(new DescribeFileSystemsCommand({ FileSystemId: 'fs-0000000a' }))).rejects.toMatchObject({
      name: 'FileSystemNotFound',
      ErrorCode: 'FileSystemNotFound',
    });
    await expect(client.send(new DescribeFileSystemsCommand({ FileSystemId: 'mine' }))).rejects.toMatchObject({ name: 'BadRequest' });
  });
});
