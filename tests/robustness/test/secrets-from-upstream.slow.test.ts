import type { AwsEmulator, FaultKind } from '@fairway-mcp/aws-emulator';
import { openPeer, runCommand, send, startHttp, startOtlpReceiver, temporaryFolder } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';
import { type AwsAndServer, awsFor } from './support/aws.ts';
import { canary, filesIn, placesIn } from './support/canary.ts';
import { call, client, withFlags } from './support/programs.ts';

/** Faults whose error message from AWS holds a secret. */
const FAULTS: FaultKind[] = ['access_denied', 'expired_credentials', 'region_disabled', 'opt_in_required', 'internal_error', 'garbage'];
const CALLS = [
  call('check_tag_compliance', { force_refresh: true }),
  call('find_untagged_resources', { include_costs: true }),
  call('validate_resource_tags', { resource_arns: ['arn:aws:s3:::no-such-bucket', 'arn:aws:sqs:eu-central-1:111122223333:none'] }),
  call('get_cost_attribution_gap', { time_period: 'last_month' }),
  call('suggest_tags', { resource_arn: 'arn:aws:sqs:eu-central-1:111122223333:payments-prod-events' }),
  call('generate_compliance_report', { format: 'markdown' }),
  call('get_violation_history', {}),
];
/** Places whose secrets are data: tags that callers ask for. They may be in answers, and nowhere else. */
const DATA = ['tagkey', 'tagvalue'];
const SECRETS = { AWS_SECRET_ACCESS_KEY: canary('secret access key'), AWS_SESSION_TOKEN: canary('session token') };

/** Accounts that are read through a role with an external id, with secret credentials and with secrets in tags. */
async function awsWithSecrets(): Promise<AwsAndServer> {
  const externalId = canary('external id');
  const served = await awsFor({ size: 300 }, { externalId });
  const tagged = served.organization.resources.flatMap(({ tags }) => (tags === undefined ? [] : [tags]));
  for (const tags of tagged) Object.assign(tags, { [canary('tag key')]: canary('tag value'), CostCenter: canary('tag value') });
  const flags = ['--accounts', served.accounts.join(','), '--role-arn', 'arn:aws:iam::{account}:role/Audit', '--external-id', externalId];
  const quick = ['--regions', 'eu-central-1,us-east-1', '--scan-minutes', '1', '--log-level', 'debug', '--rate-limit', '0'];
  const launch = { ...withFlags(served.launch, ...flags, ...quick), environment: { ...served.launch.environment, ...SECRETS } };
  return { ...served, launch };
}

/** Makes all calls while AWS works, and again with each of the faults, whose error messages hold a secret. */
async function callWithEachFault(
  aws: AwsEmulator,
  callTool: (params: Record<string, unknown>) => Promise<string>,
  report: () => Promise<string>,
): Promise<void> {
  const answers = await Promise.all(CALLS.map(callTool));
  expect(placesIn(answers.join('\n'))).toContain('tagvalue');
  expect(placesIn(answers.join('\n')).filter((place) => !DATA.includes(place))).toEqual([]);
  for (const kind of FAULTS) {
    const removeFault = aws.faults.add({ kind, message: canary(`said with ${kind}`) });
    aws.clearRequests();
    for (const params of CALLS)
      expect([kind, placesIn(await callTool(params)).filter((place) => !DATA.includes(place))]).toEqual([kind, []]);
    expect(aws.requests.some(({ fault }) => fault === kind)).toBe(true);
    expect([kind, placesIn(await report())]).toEqual([kind, []]);
    removeFault();
  }
}

describe('a secret that AWS returns, or that gives access to AWS', () => {
  it('is in no error, log line, audit row, file, span or metric of calls over HTTP', async () => {
    const { aws, launch } = await awsWithSecrets();
    const receiver = await startOtlpReceiver();
    const server = await startHttp({ ...launch, environment: { ...launch.environment, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } });
    const ask = await client('modern', server.url);
    const health = async () => (await send(server.url.replace('/mcp', '/health'), { method: 'GET' })).text;
    await callWithEachFault(aws, async (params) => (await ask('tools/call', params)).text, health);
    server.child.kill('SIGTERM');
    expect(await server.exited).toEqual({ code: 0, signal: null });
    expect(placesIn(server.stderr)).toEqual([]);
    expect(receiver.spans().length).toBeGreaterThan(CALLS.length * FAULTS.length);
    expect(placesIn(receiver.bodies.join('\n'))).toEqual([]);
    for (const [file, content] of Object.entries(filesIn(server.stateDir))) expect([file, placesIn(content)]).toEqual([file, []]);
  });

  it('is in no error, log line, audit row or file of calls over stdio, and not shown by doctor', async () => {
    const { aws, launch } = await awsWithSecrets();
    const stateDir = temporaryFolder();
    const peer = await openPeer({ ...launch, stateDir });
    const doctor = async () => {
      const { stdout, stderr } = await runCommand({ ...launch, stateDir: temporaryFolder(), args: ['doctor', ...(launch.args ?? [])] });
      expect(stdout).toMatch(/✗ /);
      return stdout + stderr;
    };
    await callWithEachFault(aws, async (params) => JSON.stringify(await peer.request('tools/call', params)), doctor);
    peer.end();
    expect(await peer.server.exited).toEqual({ code: 0, signal: null });
    expect(placesIn(peer.server.stderr)).toEqual([]);
    for (const [file, content] of Object.entries(filesIn(stateDir))) expect([file, placesIn(content)]).toEqual([file, []]);
  });
});
