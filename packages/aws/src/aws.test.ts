import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Aws, type AwsOptions, createAws } from './aws.ts';
import { roleFromTemplate } from './credentials.ts';
import { answered } from './errors.ts';

/** What came over the wire, and what to answer. */
interface Call {
  method: string;
  path: string;
  host: string;
  body: URLSearchParams;
  authorization: string;
}

type Answer = (call: Call) => { status?: number; body: string } | 'hang' | 'stall';

let server: http.Server;
let url: string;
let calls: Call[];
let answer: Answer;
const open: Aws[] = [];

beforeEach(async () => {
  calls = [];
  answer = standard;
  server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { host = '', authorization = '' } = request.headers;
    const body = new URLSearchParams(Buffer.concat(chunks).toString());
    const call = { method: request.method ?? '', path: request.url ?? '', host, body, authorization };
    calls.push(call);
    const given = answer(call);
    if (given === 'hang') return;
    if (given === 'stall') {
      response.writeHead(200, { 'content-type': 'text/xml', 'content-length': 1000 }).write('<GetCallerIdentityResponse>');
      return;
    }
    response.writeHead(given.status ?? 200, { 'content-type': 'text/xml' }).end(given.body);
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  url = `http://localhost:${(server.address() as AddressInfo).port}`;
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAIOSFODNN7EXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'not-a-secret');
  vi.stubEnv('AWS_CONFIG_FILE', '/dev/null');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/dev/null');
  vi.stubEnv('AWS_PROFILE', undefined);
  vi.stubEnv('AWS_REGION', undefined);
});

afterEach(() => {
  for (const aws of open.splice(0)) aws.close();
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
});

function create(options: Partial<AwsOptions> = {}): Aws {
  const aws = createAws({ sessionName: 'fairway-test', attempts: 2, ...options });
  open.push(aws);
  return aws;
}

const EXPIRY = new Date(Date.now() + 3_600_000).toISOString();

function standard({ body }: Call): { status?: number; body: string } {
  if (body.get('Action') === 'AssumeRole')
    return {
      body: `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA${calls.length}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${EXPIRY}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
    };
  return {
    body: '<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111122223333</Account><Arn>arn:aws:iam::111122223333:user/alice</Arn><UserId>AIDAEXAMPLE</UserId></GetCallerIdentityResult></GetCallerIdentityResponse>',
  };
}

describe('createAws', () => {
  it('finds credentials, region and endpoint as the SDK does', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', url);
    vi.stubEnv('AWS_REGION', 'eu-north-1');
    const aws = create();
    const { account, arn, partition } = await aws.identity(undefined);
    expect({ account, arn, partition }).toEqual({ account: '111122223333', arn: 'arn:aws:iam::111122223333:user/alice', partition: 'aws' });
    expect(await aws.homeRegion()).toBe('eu-north-1');
    expect(calls[0]?.authorization).toContain('AKIAIOSFODNN7EXAMPLE/');
    expect(calls[0]?.authorization).toContain('/eu-north-1/sts/');
  });

  it('gives an identity one fingerprint for each endpoint', async () => {
    const here = await create({ endpoint: url }).identity(undefined);
    const again = await create({ endpoint: url }).identity(undefined);
    const elsewhere = await create({ endpoint: `${url}/elsewhere` }).identity(undefined);
    expect(again.fingerprint).toBe(here.fingerprint);
    expect(elsewhere.fingerprint).not.toBe(here.fingerprint);
  });

  it('calls GetCallerIdentity once for concurrent requests of the identity', async () => {
    const aws = create({ endpoint: url });
    await Promise.all([aws.identity(undefined), aws.identity(undefined), aws.identity(undefined)]);
    await aws.identity(undefined);
    expect(calls).toHaveLength(1);
  });

  it('addresses buckets by path where the endpoint comes from the environment', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_S3', url);
    answer = () => ({ body: '<Tagging><TagSet><Tag><Key>Owner</Key><Value>x</Value></Tag></TagSet></Tagging>' });
    const { client, GetBucketTaggingCommand } = await create().open('s3', { region: 'eu-central-1' });
    const { TagSet } = await client.send(new GetBucketTaggingCommand({ Bucket: 'my-bucket' }));
    expect(TagSet).toEqual([{ Key: 'Owner', Value: 'x' }]);
    expect(calls[0]?.host).toMatch(/^localhost:/);
    expect(calls[0]?.path).toMatch(/^\/my-bucket/);
  });

  it('creates one client for each service, account and region', async () => {
    const aws = create({ endpoint: url });
    const [one, other, elsewhere] = await Promise.all([
      aws.open('ec2', { region: 'eu-central-1' }),
      aws.open('ec2', { region: 'eu-central-1' }),
      aws.open('ec2', { region: 'eu-west-1' }),
    ]);
    expect(other.client).toBe(one.client);
    expect(elsewhere.client).not.toBe(one.client);
  });

  it('rejects an account without a configured role', async () => {
    await expect(create({ endpoint: url }).open('ec2', { account: '999900001111', region: 'eu-west-1' })).rejects.toThrow('999900001111');
  });

  it('aborts an attempt that hangs, retries, and then fails with a timeout', async () => {
    answer = () => 'hang';
    const aws = create({ endpoint: url, limits: { requestTimeoutMs: 1_000 } });
    await expect(aws.identity(undefined)).rejects.toMatchObject({ name: 'AwsError', failure: 'timeout', action: 'sts:GetCallerIdentity' });
    expect(calls).toHaveLength(2);
  });

  it('aborts an answer that starts and never ends', async () => {
    answer = () => 'stall';
    const aws = create({ endpoint: url, limits: { requestTimeoutMs: 1_000 } });
    await expect(aws.identity(undefined)).rejects.toMatchObject({
      name: 'AwsError',
      failure: expect.stringMatching(/timeout|unavailable/),
    });
    expect(calls).toHaveLength(2);
  });

  it('stops at once when its signal is aborted', async () => {
    const asked = Promise.withResolvers<void>();
    answer = () => {
      asked.resolve();
      return 'hang';
    };
    const controller = new AbortController();
    const { client, GetCallerIdentityCommand } = await create({ endpoint: url }).open('sts', { region: 'eu-central-1' });
    const answering = client.send(new GetCallerIdentityCommand({}), { abortSignal: controller.signal });
    const waiting = answered('sts:GetCallerIdentity', controller.signal, answering);
    await asked.promise;
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });
});

describe('roles', () => {
  const role = roleFromTemplate('arn:aws:iam::{account}:role/FairwayReadOnly', '222233334444', 'shared-word');

  it('are derived from a template', () => {
    expect(role).toEqual({ account: '222233334444', arn: 'arn:aws:iam::222233334444:role/FairwayReadOnly', externalId: 'shared-word' });
  });

  it('are assumed once for all clients of an account, with external id and session name', async () => {
    const aws = create({ endpoint: url, roles: [role] });
    const places = ['eu-central-1', 'eu-west-1'].map((region) => ({ account: '222233334444', region }));
    await Promise.all(
      places.map(async (place) => {
        const { client, GetCallerIdentityCommand } = await aws.open('sts', place);
        await client.send(new GetCallerIdentityCommand({}));
      }),
    );
    const assumed = calls.filter(({ body }) => body.get('Action') === 'AssumeRole');
    expect(assumed).toHaveLength(1);
    expect(Object.fromEntries(assumed[0]?.body ?? [])).toMatchObject({
      RoleArn: role.arn,
      ExternalId: 'shared-word',
      RoleSessionName: 'fairway-test',
    });
    const others = calls.filter(({ body }) => body.get('Action') !== 'AssumeRole');
    expect(others.every(({ authorization }) => authorization.includes('Credential=ASIA1/'))).toBe(true);
  });

  it('are assumed again when the session is about to expire', async () => {
    let now = Date.now();
    const aws = create({ endpoint: url, roles: [role], now: () => now });
    await aws.identity(undefined, '222233334444');
    now = Date.parse(EXPIRY) - 60_000;
    // Another client asks for the credentials again.
    const { client, GetCallerIdentityCommand } = await aws.open('sts', { account: '222233334444', region: 'eu-west-1' });
    await client.send(new GetCallerIdentityCommand({}));
    expect(calls.filter(({ body }) => body.get('Action') === 'AssumeRole')).toHaveLength(2);
  });

  it('that cannot be assumed fail with the missing permission, and are tried again on the next call', async () => {
    answer = (call) =>
      call.body.get('Action') === 'AssumeRole'
        ? {
            status: 403,
            body: '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>',
          }
        : standard(call);
    const aws = create({ endpoint: url, roles: [role] });
    await expect(aws.identity(undefined, '222233334444')).rejects.toMatchObject({ failure: 'access_denied', action: 'sts:AssumeRole' });
    answer = standard;
    await expect(aws.identity(undefined, '222233334444')).resolves.toMatchObject({ account: '111122223333' });
  });
});
