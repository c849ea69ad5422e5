import { GetObjectCommand, HeadObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { resourcesOf } from '@fairway-mcp/aws-sample';
import { beforeEach, describe, expect, it } from 'vitest';
import { all, busiest, IRREGULAR_PAGES, ORGANIZATION, useEmulator } from '../../emulator.fixture.ts';

const harness = useEmulator({ paging: IRREGULAR_PAGES });
const { account, region } = busiest('s3:bucket');
const [bucket] = resourcesOf(ORGANIZATION, 's3:bucket').filter((one) => one.account === account && one.region === region);
const Bucket = bucket?.name ?? '';
const bytes = Buffer.from([0, 255, 1, 254, 2, 253]);

describe('objects of a bucket', () => {
  const client = () => harness.client(S3Client, { account, region });
  const get = (input: object) => client().send(new GetObjectCommand({ Bucket, Key: 'a/b c.bin', ...input }));

  beforeEach(() => {
    harness.aws.objects.put(Bucket, 'a/b c.bin', bytes);
  });

  it('come as they are, whole or in part', async () => {
    const { Body, ETag } = await get({});
    expect(Buffer.from((await Body?.transformToByteArray()) ?? [])).toEqual(bytes);
    const part = await get({ Range: 'bytes=2-3', IfMatch: ETag });
    expect([part.ContentRange, [...((await part.Body?.transformToByteArray()) ?? [])]]).toEqual(['bytes 2-3/6', [1, 254]]);
  });

  it('are refused when they are not the version that is asked for, or not there', async () => {
    const { ETag } = await client().send(new HeadObjectCommand({ Bucket, Key: 'a/b c.bin' }));
    harness.aws.objects.put(Bucket, 'a/b c.bin', 'again');
    await expect(get({ IfMatch: ETag })).rejects.toMatchObject({ name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } });
    harness.aws.objects.remove(Bucket, 'a/b c.bin');
    await expect(get({})).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('are listed by prefix, in pages, in the order of their keys', async () => {
    for (const key of ['a/2', 'a/1', 'b/1', 'a/ü&<']) harness.aws.objects.put(Bucket, key, key);
    const found = await all(
      paginateListObjectsV2({ client: client(), pageSize: 2 }, { Bucket, Prefix: 'a/' }),
      ({ Contents }) => Contents ?? [],
    );
    expect(found.map(({ Key, Size }) => [Key, Size])).toEqual([
      ['a/1', 3],
      ['a/2', 3],
      ['a/b c.bin', 6],
      ['a/ü&<', 6],
    ]);
  });
});
