import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import {
  CLIENT_KINDS,
  type ClientKind,
  connect,
  type Endpoint,
  fileLifetime,
  inspect,
  openPeer,
  runCommand,
  type StdioPeer,
  startHttp,
  temporaryFolder,
} from '@fairway-mcp/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { endpointOf, expectedSummary, launchOn, PROGRAM, policyFile, ROLE, SECRET, startUpstream, type Upstream } from './support/aws.ts';

const CHECK = 'check_tag_compliance';

/** Calls a tool and returns its structured answer. */
async function call(peer: StdioPeer, name: string, args: Record<string, unknown> = {}) {
  const { result } = await peer.request('tools/call', { name, arguments: args });
  expect(result.isError, JSON.stringify(result.content)).toBeFalsy();
  return result.structuredContent;
}

describe('the built server with official clients', () => {
  const lifetime = fileLifetime();
  const regions = ['--regions', 'eu-central-1,us-east-1'];
  let upstream: Upstream;
  let url = '';

  beforeAll(async () => {
    upstream = await startUpstream({}, {}, lifetime);
    ({ url } = await startHttp({ ...launchOn(upstream, regions, { lifetime }), lifetime }));
  });

  async function expectFullCheck(kind: ClientKind, endpoint: Endpoint): Promise<void> {
    const client = await connect(kind, endpoint);
    const reports: number[] = [];
    const onprogress = ({ progress }: { progress: number }) => reports.push(progress);
    const { structuredContent, content } = await client.call(CHECK, { limit: 1, force_refresh: true }, { onprogress });
    const own = upstream.organization.accounts[0]?.id;
    const expected = expectedSummary(
      upstream,
      ({ account, region }) => account === own && /^(eu-central-1|us-east-1|global)$/.test(region),
    );
    const { resources, in_scope, compliant, violations } = expected;
    expect(structuredContent).toMatchObject({
      summary: { resources, in_scope, compliant, violations },
      about: { sample: false, complete: true },
    });
    expect(JSON.stringify(content)).toContain(`${compliant} of ${in_scope} resources in scope comply`);
    expect(reports.length).toBeGreaterThan(1);
    expect(reports).toEqual([...new Set(reports)].toSorted((a, b) => a - b));
  }

  it.each(CLIENT_KINDS)('counts what the account contains and reports progress over HTTP for the %s client', (kind) =>
    expectFullCheck(kind, { url }),
  );

  it('counts what the account contains and reports progress over stdio', () =>
    expectFullCheck('v2 modern', endpointOf(launchOn(upstream, regions))));

  it('passes the strict mode of the MCP Inspector without a warning, and answers it', async () => {
    const server = ['--server-url', url, '--transport', 'http', '--protocol-era', 'modern'];
    const listed = await inspect([...server, '--method', 'tools/list', '--strict']);
    expect([listed.code, listed.stderr]).toEqual([0, expect.not.stringContaining('Warning: tool')]);
    const request = ['--method', 'tools/call', '--tool-name', CHECK, '--tool-args-json', '{"limit":1}', '--format', 'json', '-q'];
    const { code, stdout } = await inspect([...server, ...request]);
    expect([code, stdout]).toEqual([0, expect.stringContaining('"complete":true')]);
  });
});

describe('scan of several accounts', () => {
  it('assumes the role with the external id in each account, and reports one that cannot be entered', async () => {
    const upstream = await startUpstream({}, { externalId: 'shared-word' });
    const [own = '', other = ''] = upstream.organization.accounts.map(({ id }) => id);
    const all = ['--accounts', `${own},${other},999900001111`, '--role-arn', ROLE, '--external-id', 'shared-word'];
    const peer = await openPeer(launchOn(upstream, [...all, '--regions', 'eu-central-1']));
    const { summary, about } = await call(peer, CHECK, { limit: 1 });
    const expected = expectedSummary(
      upstream,
      ({ account, region }) => (account === own || account === other) && /^(eu-central-1|global)$/.test(region),
    );
    expect(summary).toMatchObject({ resources: expected.resources, compliant: expected.compliant });
    expect(about).toMatchObject({ complete: false, gaps: [{ account: '999900001111', reason: 'no_access_to_account' }] });
  });
});

describe('permissions and credentials', () => {
  it('a denied listing is reported with the missing permission, in the answer and by doctor', async () => {
    const upstream = await startUpstream();
    upstream.aws.faults.add({ kind: 'access_denied', service: 'ec2', operation: 'DescribeVolumes' });
    const launch = launchOn(upstream, ['--regions', 'eu-central-1']);
    const { result } = await (await openPeer(launch)).request('tools/call', { name: CHECK, arguments: { limit: 1 } });
    expect(result.content[0].text).toContain('access denied: Needs ec2:DescribeVolumes).');
    const doctor = await runCommand({ ...launch, args: ['doctor', ...(launch.args ?? [])] });
    expect([doctor.code, doctor.stdout]).toEqual([1, expect.stringContaining('Allow ec2:DescribeVolumes')]);
  });

  it('no score is given and no snapshot stored when everything is denied', async () => {
    const upstream = await startUpstream();
    for (const service of [
      'ec2',
      'tagging',
      'rds',
      's3',
      'lambda',
      'ecs',
      'dynamodb',
      'elasticfilesystem',
      'elasticloadbalancing',
      'sns',
      'sqs',
    ])
      upstream.aws.faults.add({ kind: 'access_denied', service });
    const peer = await openPeer(launchOn(upstream, ['--regions', 'eu-central-1']));
    const { result } = await peer.request('tools/call', { name: CHECK, arguments: {} });
    expect(result.content[0].text).toMatch(/^There is no score: no resources were seen\./);
    expect(result.structuredContent).toMatchObject({ snapshot_stored: false, about: { complete: false } });
    const untagged = await peer.request('tools/call', { name: 'find_untagged_resources', arguments: {} });
    expect(untagged.result.content[0].text).toMatch(/^Nothing was found in what was seen\.\n\nCoverage: Not everything/);
    const suggested = await peer.request('tools/call', { name: 'suggest_tags', arguments: { resource_arn: 'arn:aws:s3:::x' } });
    expect(suggested.result._meta['io.github.fairway-mcp/error']).toMatchObject({
      kind: 'upstream_unavailable',
      remedy: expect.stringContaining('doctor'),
    });
    const { series, trend } = await call(peer, 'get_violation_history', { days_back: 1 });
    expect([trend, series.at(-1).snapshot]).toEqual(['unknown', undefined]);
  });

  it('expired credentials cause an error that says what to do', async () => {
    const upstream = await startUpstream();
    upstream.aws.faults.add({ kind: 'expired_credentials' });
    const peer = await openPeer(launchOn(upstream));
    const { result } = await peer.request('tools/call', { name: CHECK, arguments: {} });
    expect([result.isError, result.content[0].text]).toEqual([true, expect.stringContaining('aws sso login')]);
  });
});

describe('empty account', () => {
  it('has no score, and every tool answers about it', async () => {
    const upstream = await startUpstream({ size: 27 }, { accessKeys: { AKIAIOSFODNN7EXAMPLE: '999900001111' } });
    const peer = await openPeer(launchOn(upstream, ['--regions', 'us-east-1']));
    const { result } = await peer.request('tools/call', { name: CHECK, arguments: {} });
    expect(result.content[0].text).toMatch(/^There is no score: no resources were seen\./);
    expect(result.structuredContent).toMatchObject({
      summary: { resources: 0, score: 1 },
      snapshot_stored: true,
      about: { complete: true },
    });
    expect((await call(peer, 'find_untagged_resources')).resources).toEqual([]);
    expect((await call(peer, 'generate_compliance_report')).summary.violations).toBe(0);
    const suggested = await call(peer, 'suggest_tags', { resource_arn: 'arn:aws:sqs:us-east-1:999900001111:vault-prod-mail' });
    expect(suggested).toMatchObject({
      found: false,
      suggestions: [
        { key: 'Environment', value: 'production' },
        { key: 'Application', value: 'vault' },
      ],
    });
  });
});

describe('AWS endpoint that fails', () => {
  it('leaves a gap at the deadline when it does not answer, and the gap is filled when it recovers', async () => {
    const upstream = await startUpstream();
    const recover = upstream.aws.faults.add({ kind: 'hang', service: 'rds' });
    const peer = await openPeer(launchOn(upstream, ['--regions', 'eu-central-1', '--deadline-seconds', '2']));
    const gap = { types: ['rds:db', 'rds:cluster'], reason: 'not_reached' };
    // A slow machine may need more than one call for the other listings.
    const check = async () => (await call(peer, CHECK, { limit: 1 })) as { about: { gaps: unknown[] }; summary: { resources: number } };
    await expect.poll(async () => (await check()).about.gaps, { timeout: 240_000 }).toEqual([expect.objectContaining(gap)]);
    expect(await check()).toMatchObject({ snapshot_stored: false, about: { complete: false } });
    expect((await check()).summary.resources).toBeGreaterThan(0);
    recover();
    // The AWS clients give up the calls that hang and repeat them.
    await expect.poll(async () => (await call(peer, CHECK, { limit: 1 })).about.complete, { timeout: 240_000, interval: 200 }).toBe(true);
  });

  it('leaves gaps when its answers are invalid', async () => {
    const upstream = await startUpstream();
    upstream.aws.faults.add({ kind: 'garbage', service: 'ec2' });
    upstream.aws.faults.add({ kind: 'truncated', service: 'sqs' });
    const peer = await openPeer(launchOn(upstream, ['--regions', 'eu-central-1']));
    const { about, summary } = await call(peer, CHECK, { limit: 1 });
    expect(about.complete).toBe(false);
    expect(new Set(about.gaps.flatMap(({ types }: { types: string[] }) => types.map((type) => type.split(':')[0])))).toEqual(
      new Set(['ec2', 'sqs']),
    );
    expect(summary.resources).toBeGreaterThan(0);
  });

  it('causes an error with a remedy when it is gone, and the server keeps running', async () => {
    const upstream = await startUpstream();
    await upstream.aws.stop();
    const peer = await openPeer(launchOn(upstream));
    const { result } = await peer.request('tools/call', { name: CHECK, arguments: {} });
    expect(result._meta['io.github.fairway-mcp/error']).toMatchObject({
      kind: 'upstream_unavailable',
      remedy: expect.stringContaining('doctor'),
    });
    expect((await call(peer, 'get_tagging_policy')).form).toBe('reference');
  });
});

describe('Cost Explorer', () => {
  it('is called only by calls that request costs, and within the daily budget, also after a restart', async () => {
    const upstream = await startUpstream();
    const costCalls = () => upstream.aws.requests.filter(({ service }) => service === 'ce').length;
    const stateDir = temporaryFolder();
    const args = ['--regions', 'eu-central-1', '--cost-budget', '0.04'];
    const first = await openPeer(launchOn(upstream, args, { stateDir }));
    for (const name of [CHECK, 'find_untagged_resources', 'generate_compliance_report', 'get_violation_history', 'get_tagging_policy'])
      await call(first, name);
    expect(costCalls()).toBe(0);
    const month = { time_period: '2026-10-01/2026-11-01' };
    const { costs } = await call(first, 'get_cost_attribution_gap', month);
    expect([costs.price, costCalls()]).toEqual(['0.04', 4]);
    first.end();
    await first.server.exited;
    const second = await openPeer(launchOn(upstream, args, { stateDir }));
    const { result } = await second.request('tools/call', { name: 'get_cost_attribution_gap', arguments: month });
    expect(result._meta['io.github.fairway-mcp/error'].kind).toBe('budget_exceeded');
    const priced = await call(second, CHECK, { include_costs: true, limit: 1 });
    expect(priced.costs.caveats).toEqual([expect.stringContaining("today's budget of $0.04 for it is used up")]);
    expect(priced.summary.cost).toEqual(expect.objectContaining({ known: 0 }));
    expect(costCalls()).toBe(4);
  });
});

describe('during a scan', () => {
  /** A server in the middle of a slow scan, with the promise of its answer. */
  async function scanning() {
    const upstream = await startUpstream();
    upstream.aws.faults.add({ kind: 'slow', service: 'ec2', delayMs: 1_500 });
    const launch = launchOn(upstream, ['--regions', 'eu-central-1']);
    const peer = await openPeer(launch);
    const answer = peer.request('tools/call', { name: CHECK, arguments: { limit: 1 } });
    await expect.poll(() => upstream.aws.requests.length, { timeout: 200_000 }).toBeGreaterThan(5);
    return { peer, answer, launch };
  }

  it.each(['SIGTERM', 'SIGINT', 'a closed stdin'])('%s does not lose the answer', async (cause) => {
    const { peer, answer } = await scanning();
    if (cause === 'a closed stdin') peer.end();
    else peer.server.child.kill(cause as NodeJS.Signals);
    expect((await answer).result.structuredContent).toMatchObject({ snapshot_stored: true, about: { complete: true } });
    expect(await peer.server.exited).toEqual({ code: 0, signal: null });
  });

  it('SIGKILL leaves consistent state', async () => {
    const { peer, launch } = await scanning();
    peer.server.child.kill('SIGKILL');
    await peer.server.exited;
    const next = await openPeer(launch);
    expect((await call(next, CHECK, { limit: 1 })).snapshot_stored).toBe(true);
    next.end();
    await next.server.exited;
    const { code, stdout } = await runCommand({ ...launch, args: ['audit', 'verify'] });
    expect([code, stdout]).toEqual([0, expect.stringContaining('The audit trail is intact: 1 row.')]);
  });
});

describe('health', () => {
  it('reports whether AWS can be reached, without revealing the account', async () => {
    const upstream = await startUpstream();
    const readHealth = async () => {
      const { url } = await startHttp(launchOn(upstream));
      return (await fetch(url.replace('/mcp', '/health'))).text();
    };
    const healthy = await readHealth();
    expect(JSON.parse(healthy)).toMatchObject({
      status: 'ok',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      dependencies: {
        store: { status: 'ok', kind: 'sqlite' },
        cache: { status: 'ok', kind: 'memory' },
        'aws credentials': { status: 'ok' },
      },
    });
    expect(healthy).not.toMatch(/\d{12}|arn:/);
    await upstream.aws.stop();
    expect(JSON.parse(await readHealth())).toMatchObject({ status: 'degraded', dependencies: { 'aws credentials': { status: 'failed' } } });
  });
});

describe('secrets', () => {
  it('are in no answer, no log and no stored state', async () => {
    const upstream = await startUpstream({}, { externalId: 'a-word-between-us-two' });
    const accounts = upstream.organization.accounts.slice(0, 2).map(({ id }) => id);
    const args = ['--accounts', accounts.join(), '--role-arn', ROLE, '--regions', 'eu-central-1', '--log-level', 'debug'];
    const launch = launchOn(upstream, args);
    const environment = { ...launch.environment, FAIRWAY_EXTERNAL_ID: 'a-word-between-us-two' };
    const peer = await openPeer({ ...launch, environment });
    expect((await call(peer, CHECK, { limit: 1 })).about.complete).toBe(true);
    upstream.aws.faults.add({ kind: 'access_denied' });
    await peer.request('tools/call', { name: CHECK, arguments: { force_refresh: true, limit: 1 } });
    peer.end();
    await peer.server.exited;
    const files = fs
      .globSync('fairway.db*', { cwd: launch.stateDir })
      .map((name) => fs.readFileSync(path.join(launch.stateDir, name), 'latin1'));
    expect(files.length).toBeGreaterThan(0);
    const shown = (await runCommand({ ...launch, environment, args: [...args, '--policy', policyFile(), '--print-config'] })).stdout;
    expect(shown).toContain('externalId');
    for (const text of [peer.server.stdout, peer.server.stderr, shown, ...files]) {
      expect(text).not.toContain(SECRET);
      expect(text).not.toContain('a-word-between-us-two');
    }
  });
});

describe('start with a policy file', () => {
  it.each([
    [
      'policy.yaml',
      'required_tags:\n  - name: Owner\n    validation_regex: "[a-z"\n',
      'policy.yaml:3:23: required_tags[0].validation_regex: This is not a regular expression',
    ],
    [
      'policy.json',
      '{\n  "required_tags": [\n    { "nmae": "Owner" }\n  ]\n}',
      'policy.json:3:7: required_tags[0].nmae: There is no setting "nmae" here. Did you mean name?',
    ],
    [
      'tags.json',
      '{ "tags": { "owner": { "tag_key": { "@@asign": "Owner" } } } }',
      'tags.json:1:37: tags.owner.tag_key.@@asign: There is no setting "@@asign" here. Did you mean @@assign?',
    ],
    ['empty.yaml', '', 'empty.yaml:1:1: This file is empty.'],
    ['broken.json', '{ "required_tags": [', 'broken.json:1:'],
  ])('fails with the line and the reason when the policy is wrong (%s)', async (name, text, message) => {
    const file = path.join(temporaryFolder(), name);
    fs.writeFileSync(file, text);
    const { code, stdout, stderr } = await runCommand({ main: PROGRAM, args: ['--policy', file] });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });

  it('fails at once when the policy file is a pipe, a device or a folder', async () => {
    const pipe = path.join(temporaryFolder(), 'pipe.yaml');
    execFileSync('mkfifo', [pipe]);
    for (const [file, reason] of [
      [pipe, 'it is not a regular file but a pipe or a device'],
      ['/dev/zero', 'it is not a regular file but a pipe or a device'],
      [temporaryFolder(), 'it is a folder'],
    ] as const) {
      const { code, stderr } = await runCommand({ main: PROGRAM, args: ['--policy', file] });
      expect([code, stderr]).toEqual([2, expect.stringContaining(`The policy file cannot be read: ${reason}.`)]);
    }
  });

  it('fails when the policy file does not exist', async () => {
    const { code, stderr } = await runCommand({ main: PROGRAM, args: ['--policy', path.join(temporaryFolder(), 'none.yaml')] });
    expect([code, stderr]).toEqual([2, expect.stringContaining('The policy file cannot be read: there is no ')]);
  });
});
