import { CostExplorerClient, GetTagsCommand } from '@aws-sdk/client-cost-explorer';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { ECSClient, ListClustersCommand } from '@aws-sdk/client-ecs';
import { DescribeFileSystemsCommand, EFSClient } from '@aws-sdk/client-efs';
import { DescribeLoadBalancersCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { IAMClient, ListAccountAliasesCommand } from '@aws-sdk/client-iam';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListAccountsCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import { GetResourcesCommand, ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, describe, expect, it } from 'vitest';
import { type EmulatorHarness, ORGANIZATION, type Place, useEmulator } from './emulator.fixture.ts';
import type { FaultKind } from './index.ts';

const harness = useEmulator();
const place: Place = { account: ORGANIZATION.accounts[0]?.id ?? '', region: 'us-east-1' };
type Call = (shared: EmulatorHarness, where?: Place, maxAttempts?: number) => Promise<unknown>;

/** One call of each service, and the names of its errors as the client shows them. */
const SERVICES: readonly { service: string; call: Call; throttled: string; denied: string; expired: string; disabled: string }[] = [
  {
    service: 'ec2',
    call: (shared, where = place, maxAttempts = 1) => shared.client(EC2Client, where, { maxAttempts }).send(new DescribeVpcsCommand({})),
    throttled: 'RequestLimitExceeded',
    denied: 'UnauthorizedOperation',
    expired: 'RequestExpired',
    disabled: 'AuthFailure',
  },
  {
    service: 'rds',
    call: (shared, where = place, maxAttempts = 1) =>
      shared.client(RDSClient, where, { maxAttempts }).send(new DescribeDBInstancesCommand({})),
    ...queryNames(),
  },
  {
    service: 'elasticloadbalancing',
    call: (shared, where = place, maxAttempts = 1) =>
      shared.client(ElasticLoadBalancingV2Client, where, { maxAttempts }).send(new DescribeLoadBalancersCommand({})),
    ...queryNames(),
  },
  {
    service: 'sns',
    call: (shared, where = place, maxAttempts = 1) => shared.client(SNSClient, where, { maxAttempts }).send(new ListTopicsCommand({})),
    ...queryNames(),
    denied: 'AuthorizationErrorException',
  },
  {
    service: 'iam',
    call: (shared, where = place, maxAttempts = 1) =>
      shared.client(IAMClient, where, { maxAttempts }).send(new ListAccountAliasesCommand({})),
    ...queryNames(),
  },
  {
    service: 'sts',
    call: (shared, where = place, maxAttempts = 1) =>
      shared.client(STSClient, where, { maxAttempts }).send(new GetCallerIdentityCommand({})),
    ...queryNames(),
  },
  {
    service: 's3',
    call: (shared, where = place, maxAttempts = 1) => shared.client(S3Client, where, { maxAttempts }).send(new ListBucketsCommand({})),
    throttled: 'SlowDown',
    denied: 'AccessDenied',
    expired: 'ExpiredToken',
    disabled: 'InvalidToken',
  },
  {
    service: 'lambda',
    call: (shared, where = place, maxAttempts = 1) =>
      shared.client(LambdaClient, where, { maxAttempts }).send(new ListFunctionsCommand({})),
    ...jsonNames(),
    throttled: 'TooManyRequestsException',
  },
  {
    service: 'elasticfilesystem',
    call: (shared, where = place, maxAttempts = 1) =>
      shared.client(EFSClient, where, { maxAttempts }).send(new DescribeFileSystemsCommand({})),
    ...jsonNames(),
  },
  {
    service: 'ecs',
    call: (shared, where = place, maxAttempts = 1) => shared.client(ECSClient, where, { maxAttempts }).send(new ListClustersCommand({})),
    ...jsonNames(),
  },
  {
    service: 'dynamodb',
    call: (shared, where = place, maxAttempts = 1) => shared.client(DynamoDBClient, where, { maxAttempts }).send(new ListTablesCommand({})),
    ...jsonNames(),
  },
  {
    service: 'sqs',
    call: (shared, where = place, maxAttempts = 1) => shared.client(SQSClient, where, { maxAttempts }).send(new ListQueuesCommand({})),
    // Under the names of the query protocol, which the client takes from a header.
    ...queryNames(),
    throttled: 'RequestThrottled',
  },
  {
    service: 'tagging',
    call: (shared, where = place, maxAttempts = 1) =>
      shared.client(ResourceGroupsTaggingAPIClient, where, { maxAttempts }).send(new GetResourcesCommand({})),
    ...jsonNames(),
    throttled: 'ThrottledException',
  },
  {
    service: 'ce',
    call: (shared, where = place, maxAttempts = 1) =>
      shared
        .client(CostExplorerClient, where, { maxAttempts })
        .send(new GetTagsCommand({ TimePeriod: { Start: '2026-10-01', End: '2026-11-01' } })),
    ...jsonNames(),
    throttled: 'LimitExceededException',
  },
  {
    service: 'organizations',
    call: (shared, where = place, maxAttempts = 1) =>
      shared.client(OrganizationsClient, where, { maxAttempts }).send(new ListAccountsCommand({})),
    ...jsonNames(),
    throttled: 'TooManyRequestsException',
  },
];

function queryNames() {
  return { throttled: 'Throttling', denied: 'AccessDenied', expired: 'ExpiredToken', disabled: 'InvalidClientTokenId' };
}

function jsonNames() {
  return {
    throttled: 'ThrottlingException',
    denied: 'AccessDeniedException',
    expired: 'ExpiredTokenException',
    disabled: 'UnrecognizedClientException',
  };
}

afterEach(() => {
  harness.aws.faults.clear();
  harness.aws.clearRequests();
});

describe.each(SERVICES)('$service', ({ service, call, throttled, denied, expired, disabled }) => {
  it.each<[FaultKind, string]>([
    ['throttled', throttled],
    ['access_denied', denied],
    ['expired_credentials', expired],
    ['region_disabled', disabled],
  ])('%s is %s', async (kind, name) => {
    harness.aws.faults.add({ kind, service });
    await expect(call(harness)).rejects.toMatchObject({ name });
    expect(harness.aws.requests.at(-1)).toMatchObject({ service, ...place, fault: kind });
  });

  it('is throttled with an error that the client retries', async () => {
    harness.aws.faults.add({ kind: 'throttled', service, times: 1 });
    await call(harness, place, 2);
    expect(harness.aws.requests.map(({ fault }) => fault)).toEqual(['throttled', undefined]);
  });

  it('names the action in a denial', async () => {
    harness.aws.faults.add({ kind: 'access_denied', service });
    const message = await call(harness).catch((error: unknown) => (error instanceof Error ? error.message : ''));
    expect(message).toMatch(
      /^(You are not authorized to perform this operation\. )?User: arn:aws:iam::\d{12}:user\/\S+ is not authorized to perform: [a-z0-9]+:\w+ because/,
    );
  });

  it.each<[FaultKind, number]>([
    ['internal_error', 500],
    ['unavailable', 503],
  ])('%s has status %i', async (kind, httpStatusCode) => {
    harness.aws.faults.add({ kind, service });
    await expect(call(harness)).rejects.toMatchObject({ $metadata: { httpStatusCode } });
  });

  it.each<FaultKind>(['garbage', 'truncated', 'disconnect'])('%s is an error for the client', async (kind) => {
    harness.aws.faults.add({ kind, service });
    await expect(call(harness)).rejects.toThrow();
  });
});

describe('a fault', () => {
  const vpcs = (where: Place) => harness.client(EC2Client, where).send(new DescribeVpcsCommand({}));

  it('hits only the calls that it is addressed to', async () => {
    const other = { ...place, account: ORGANIZATION.accounts[1]?.id ?? '' };
    harness.aws.faults.add({ kind: 'throttled', service: 'ec2', operation: 'DescribeVpcs', region: 'eu-west-1', account: place.account });
    await expect(vpcs({ ...place, region: 'eu-west-1' })).rejects.toThrow();
    await vpcs(place);
    await vpcs({ ...other, region: 'eu-west-1' });
    harness.aws.faults.add({ kind: 'throttled', operation: 'DescribeVolumes' });
    await vpcs(place);
  });

  it('lets calls through first, hits a number of calls, and can be removed', async () => {
    const remove = harness.aws.faults.add({ kind: 'throttled', service: 'ec2', after: 1, times: 2 });
    const outcomes = await Promise.all(
      [0, 1, 2, 3].map(() =>
        vpcs(place).then(
          () => 'ok',
          () => 'throttled',
        ),
      ),
    );
    expect(outcomes.toSorted()).toEqual(['ok', 'ok', 'throttled', 'throttled']);
    harness.aws.faults.add({ kind: 'throttled' });
    remove();
    await expect(vpcs(place)).rejects.toThrow();
    harness.aws.faults.clear();
    await vpcs(place);
  });

  it('hits with a probability, the same calls in each run', async () => {
    const run = async () => {
      const remove = harness.aws.faults.add({ kind: 'throttled', probability: 0.4 });
      const outcomes: boolean[] = [];
      for (let turn = 0; turn < 20; turn += 1)
        outcomes.push(
          await vpcs(place).then(
            () => true,
            () => false,
          ),
        );
      remove();
      return outcomes;
    };
    const first = await run();
    expect(new Set(first)).toEqual(new Set([true, false]));
    expect(await run()).toEqual(first);
  });

  it('slow returns the right answer later', async () => {
    harness.aws.faults.add({ kind: 'slow', delayMs: 1 });
    expect((await vpcs(place)).Vpcs?.length).toBeGreaterThan(0);
    expect(harness.aws.requests.at(-1)).toMatchObject({ fault: 'slow', status: 200 });
  });

  it('hang returns no answer before the client times out', async () => {
    harness.aws.faults.add({ kind: 'hang' });
    const giveUp = new AbortController();
    const answer = harness.client(EC2Client, place).send(new DescribeVpcsCommand({}), { abortSignal: giveUp.signal });
    while (harness.aws.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    giveUp.abort();
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
    expect(harness.aws.requests[0]).toMatchObject({ fault: 'hang', status: undefined });
  });

  it('opt_in_required is the error of an account that is not subscribed', async () => {
    harness.aws.faults.add({ kind: 'opt_in_required' });
    await expect(vpcs(place)).rejects.toMatchObject({ name: 'OptInRequired' });
  });
});
