import { request } from 'node:http';
import { DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { GetResourcesCommand, paginateGetResources, ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { describe, expect, it } from 'vitest';
import { all, EmulatorHarness, NOW, ORGANIZATION, useEmulator } from './emulator.fixture.ts';

const harness = useEmulator();
const place = { account: ORGANIZATION.accounts[1]?.id ?? '', region: 'eu-central-1' };

function authorization(service: string): string {
  return `AWS4-HMAC-SHA256 Credential=AKIA1/20261115/eu-central-1/${service}/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`;
}

async function post(headers: Record<string, string>, body = ''): Promise<{ status: number; type: string | null; text: string }> {
  const response = await fetch(harness.aws.url, { method: 'POST', headers, body });
  return { status: response.status, type: response.headers.get('x-amzn-errortype'), text: await response.text() };
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

describe('an unsigned request', () => {
  it('is rejected with the error of the service that it appears to be for', async () => {
    expect(await post(FORM, 'Action=GetCallerIdentity&Version=2011-06-15')).toMatchObject({
      status: 403,
      text: expect.stringContaining('<Code>MissingAuthenticationToken</Code>'),
    });
    expect(await post(FORM, 'Action=DescribeVpcs&Version=2016-11-15')).toMatchObject({
      text: expect.stringContaining('<Response><Errors><Error><Code>MissingAuthenticationToken</Code>'),
    });
    const json = await post({ 'x-amz-target': 'DynamoDB_20120810.ListTables', 'content-type': 'application/x-amz-json-1.0' }, '{}');
    expect(json).toMatchObject({ status: 400, type: 'MissingAuthenticationTokenException' });
    const rest = await fetch(`${harness.aws.url}/2015-03-31/functions`);
    expect([rest.status, rest.headers.get('x-amzn-errortype')]).toEqual([403, 'MissingAuthenticationTokenException']);
    const s3 = await fetch(`${harness.aws.url}/some-bucket?tagging`);
    expect([s3.status, await s3.text()]).toEqual([403, expect.stringContaining('<Code>AccessDenied</Code>')]);
  });

  it('is rejected also when it is signed in another form', async () => {
    expect(await post({ ...FORM, authorization: 'Bearer x' }, 'Action=GetCallerIdentity&Version=2011-06-15')).toMatchObject({
      status: 400,
      text: expect.stringContaining('<Code>IncompleteSignature</Code>'),
    });
  });
});

describe('what is not emulated', () => {
  it('is answered as an unknown operation of a known service', async () => {
    expect(await post({ ...FORM, authorization: authorization('ec2') }, 'Action=RunInstances&Version=2016-11-15')).toMatchObject({
      status: 400,
      text: expect.stringContaining('The action RunInstances is not valid for this web service.'),
    });
    const target = { 'x-amz-target': 'AmazonSQS.PurgeQueue', authorization: authorization('sqs') };
    expect(await post(target, '{}')).toMatchObject({ status: 400, type: 'UnknownOperationException' });
  });

  it('is answered as an unknown service', async () => {
    expect(await post({ authorization: authorization('config') }, '{}')).toMatchObject({ status: 404, type: 'UnknownOperationException' });
  });

  it('includes bodies that are not JSON', async () => {
    const target = { 'x-amz-target': 'AmazonSQS.ListQueues', authorization: authorization('sqs') };
    expect(await post(target, '{"QueueNamePrefix":')).toMatchObject({ status: 400, type: 'SerializationException' });
  });
});

describe('regions', () => {
  it('that are not enabled reject every call', async () => {
    const away = { ...place, region: 'af-south-1' };
    await expect(harness.client(EC2Client, away).send(new DescribeVpcsCommand({}))).rejects.toMatchObject({ name: 'AuthFailure' });
    const on = new EmulatorHarness();
    await on.start({ optedInRegions: ['af-south-1'] });
    try {
      expect((await on.client(EC2Client, away).send(new DescribeVpcsCommand({}))).Vpcs).toEqual([]);
    } finally {
      await on.stop();
    }
  });
});

describe('recorded requests', () => {
  it('have the caller, operation, place, time and outcome of each call', async () => {
    harness.aws.clearRequests();
    await harness.client(EC2Client, place).send(new DescribeVpcsCommand({}));
    await harness
      .client(EC2Client, place)
      .send(new DescribeVpcsCommand({ VpcIds: ['nonsense'] }))
      .catch(() => undefined);
    expect(harness.aws.requests).toEqual([
      {
        service: 'ec2',
        operation: 'DescribeVpcs',
        ...place,
        at: NOW,
        accessKeyId: `AKIA${place.account}`,
        fault: undefined,
        status: 200,
        isDone: true,
      },
      expect.objectContaining({ operation: 'DescribeVpcs', status: 400, isDone: false }),
    ]);
  });
});

describe('the true tags', () => {
  it('are in no answer: resources that were never tagged have no tags, and flawed ones not all of theirs', async () => {
    const vpcs = await harness.client(EC2Client, place).send(new DescribeVpcsCommand({}));
    const untagged = vpcs.Vpcs?.filter(({ VpcId = '' }) => ORGANIZATION.resources.find(({ id }) => id === VpcId)?.tags === undefined) ?? [];
    expect(untagged.every(({ Tags = [] }) => Tags.length === 0)).toBe(true);
    const listed = await all(
      paginateGetResources({ client: harness.client(ResourceGroupsTaggingAPIClient, place) }, {}),
      (page) => page.ResourceTagMappingList,
    );
    const flawed = listed.filter(({ ResourceARN = '' }) => ORGANIZATION.truth.get(ResourceARN)?.flaw === 'missing');
    expect(flawed.length).toBeGreaterThan(0);
    for (const { ResourceARN = '', Tags = [] } of flawed) {
      const keys = Tags.map(({ Key }) => Key);
      expect(Object.keys(ORGANIZATION.truth.get(ResourceARN)?.tags ?? {}).every((key) => keys.includes(key))).toBe(false);
    }
  });
});

describe('stop', () => {
  it('ends calls that hang and those that are slow', async () => {
    const short = new EmulatorHarness();
    await short.start({});
    short.aws.faults.add({ kind: 'hang', service: 'ec2' });
    short.aws.faults.add({ kind: 'slow', service: 'tagging', delayMs: 3_600_000 });
    const calls = [
      short.client(EC2Client, place).send(new DescribeVpcsCommand({})),
      short.client(ResourceGroupsTaggingAPIClient, place).send(new GetResourcesCommand({})),
    ].map((call) =>
      call.then(
        () => 'answered',
        () => 'ended',
      ),
    );
    while (short.aws.requests.length < 2) await new Promise((resolve) => setImmediate(resolve));
    await short.stop();
    expect(await Promise.all(calls)).toEqual(['ended', 'ended']);
  });

  it('keeps answering after a client disconnects in the middle of a request', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const half = request(harness.aws.url, { method: 'POST', headers: { 'content-length': 100 } });
    half.on('error', () => resolve());
    half.write('half', () => half.destroy(new Error('gone')));
    await promise;
    expect((await harness.client(EC2Client, place).send(new DescribeVpcsCommand({}))).Vpcs?.length).toBeGreaterThan(0);
  });
});
