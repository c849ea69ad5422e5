import type { AwsEmulator, FaultKind } from '@fairway-mcp/aws-emulator';
import { runCommand, StdioPeer, send, startHttp, startOtlpReceiver, temporaryFolder } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';
import { type AwsAndServer, awsFor } from './support/aws.ts';
import { canary, filesIn, placesIn } from './support/canary.ts';
import { call, client, withFlags } from './support/programs.ts';

const LONG = 120_000;
/** What AWS may say when it gives no answer. */
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
/** Places whose secrets are data: the values of tags that callers ask for. They are in answers, and nowhere else. */
const DATA = ['tagkey', 'tagvalue'];
const SECRETS = { AWS_SECRET_ACCESS_KEY: canary('secret access key'), AWS_SESSION_TOKEN: canary('session token') };

/** An account that is entered through a role with an external id, AWS credentials that are secret, and secrets among the tags. */
async function awsWithSecrets(): Promise<AwsAndServer> {
  const externalId = canary('external id');
  const served = await awsFor({ size: 300 }, { externalId });
  const tagged = served.estate.resources.flatMap(({ tags }) => (tags === undefined ? [] : [tags]));
  for (const tags of tagged) Object.assign(tags, { [canary('tag key')]: canary('tag value'), CostCenter: canary('tag value') });
  const flags = ['--accounts', served.accounts.join(','), '--role-arn', 'arn:aws:iam::{account}:role/Audit', '--external-id', externalId];
  const quick = ['--regions', 'eu-central-1,us-east-1', '--scan-minutes', '1', '--log-level', 'debug', '--rate-limit', '0'];
  const launch = { ...withFlags(served.launch, ...flags, ...quick), environment: { ...served.launch.environment, ...SECRETS } };
  return { ...served, launch };
}

/** Asks everything while all is well, and then while AWS answers each of its errors, with a secret in what it says. */
async function askThroughAll(
  aws: AwsEmulator,
  ask: (params: Record<string, unknown>) => Promise<string>,
  between: () => Promise<string>,
): Promise<void> {
  const answers = await Promise.all(CALLS.map(ask));
  expect(placesIn(answers.join('\n'))).toContain('tagvalue');
  expect(placesIn(answers.join('\n')).filter((place) => !DATA.includes(place))).toEqual([]);
  for (const kind of FAULTS) {
    const mend = aws.faults.add({ kind, message: canary(`said with ${kind}`) });
    aws.clearRequests();
    for (const params of CALLS) expect([kind, placesIn(await ask(params)).filter((place) => !DATA.includes(place))]).toEqual([kind, []]);
    expect(aws.requests.some(({ fault }) => fault === kind)).toBe(true);
    expect([kind, placesIn(await between())]).toEqual([kind, []]);
    mend();
  }
}

describe('what comes from AWS, and what opens it', () => {
  it('is in no error, log line, row, file, span or metric, over HTTP', { timeout: LONG }, async () => {
    const { aws, launch } = await awsWithSecrets();
    const receiver = await startOtlpReceiver();
    const server = await startHttp({ ...launch, environment: { ...launch.environment, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } });
    const ask = await client('modern', server.url);
    const health = async () => (await send(server.url.replace('/mcp', '/health'), { method: 'GET' })).text;
    await askThroughAll(aws, async (params) => (await ask('tools/call', params)).text, health);
    server.child.kill('SIGTERM');
    expect(await server.exited).toEqual({ code: 0, signal: null });
    expect(placesIn(server.stderr)).toEqual([]);
    expect(receiver.spans().length).toBeGreaterThan(CALLS.length * FAULTS.length);
    expect(placesIn(receiver.bodies.join('\n'))).toEqual([]);
    for (const [file, content] of Object.entries(filesIn(server.stateDir))) expect([file, placesIn(content)]).toEqual([file, []]);
  });

  it('nor over stdio, nor does doctor repeat it', { timeout: LONG }, async () => {
    const { aws, launch } = await awsWithSecrets();
    const stateDir = temporaryFolder();
    const peer = new StdioPeer({ ...launch, stateDir });
    await peer.initialize();
    const doctor = async () => {
      const { stdout, stderr } = await runCommand({ ...launch, stateDir: temporaryFolder(), args: ['doctor', ...(launch.args ?? [])] });
      expect(stdout).toMatch(/✗ /);
      return stdout + stderr;
    };
    await askThroughAll(aws, async (params) => JSON.stringify(await peer.request('tools/call', params)), doctor);
    peer.end();
    expect(await peer.server.exited).toEqual({ code: 0, signal: null });
    expect(placesIn(peer.server.stderr)).toEqual([]);
    for (const [file, content] of Object.entries(filesIn(stateDir))) expect([file, placesIn(content)]).toEqual([file, []]);
  });
});
