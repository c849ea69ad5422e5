import fs from 'node:fs';
import path from 'node:path';
import { CLIENT_KINDS, connect, inspect, runCommand, StdioPeer, startHttp, temporaryFolder } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';
import { endpointOf, expectedSummary, launchOn, PROGRAM, policyFile, ROLE, SECRET, startUpstream } from './support/aws.ts';

const CHECK = 'check_tag_compliance';

async function openPeer(launch: ReturnType<typeof launchOn>): Promise<StdioPeer> {
  const peer = new StdioPeer(launch);
  await peer.initialize();
  return peer;
}

/** Calls a tool and gives back its typed answer. */
async function call(peer: StdioPeer, name: string, args: Record<string, unknown> = {}) {
  const { result } = await peer.request('tools/call', { name, arguments: args });
  expect(result.isError, JSON.stringify(result.content)).toBeFalsy();
  return result.structuredContent;
}

describe.each(CLIENT_KINDS)('the built server, asked by the %s client about an account', (kind) => {
  it.each(['stdio', 'HTTP'] as const)('counts what the account has, and tells progress, over %s', async (transport) => {
    const upstream = await startUpstream();
    const launch = launchOn(upstream, ['--regions', 'eu-central-1,us-east-1']);
    const client = await connect(kind, transport === 'stdio' ? endpointOf(launch) : { url: (await startHttp(launch)).url });
    const told: number[] = [];
    const { structuredContent, content } = await client.call(CHECK, { limit: 1 }, { onprogress: ({ progress }) => told.push(progress) });
    const own = upstream.organization.accounts[0]?.id;
    const expected = expectedSummary(
      upstream,
      ({ account, region }) => account === own && region !== 'eu-west-1' && region !== 'us-west-2',
    );
    expect(structuredContent).toMatchObject({
      summary: {
        resources: expected.resources,
        in_scope: expected.in_scope,
        compliant: expected.compliant,
        violations: expected.violations,
      },
      snapshot_stored: true,
      about: { sample: false, complete: true },
    });
    expect(JSON.stringify(content)).toContain(`${expected.compliant} of ${expected.in_scope} resources in scope comply`);
    expect(told.length).toBeGreaterThan(1);
    expect(told).toEqual([...new Set(told)].toSorted((a, b) => a - b));
  });
});

describe('the Inspector', () => {
  it('is answered about an account, strictly', async () => {
    const upstream = await startUpstream();
    const { url } = await startHttp(launchOn(upstream, ['--regions', 'eu-central-1']));
    const about = ['--server-url', url, '--transport', 'http', '--protocol-era', 'modern'];
    expect((await inspect([...about, '--method', 'tools/list', '--strict'])).code).toBe(0);
    const asked = ['--method', 'tools/call', '--tool-name', CHECK, '--tool-args-json', '{"limit":1}', '--format', 'json', '-q'];
    const { code, stdout } = await inspect([...about, ...asked]);
    expect([code, stdout]).toEqual([0, expect.stringContaining('"snapshot_stored":true')]);
  });
});

describe('several accounts', () => {
  it('are entered with the role and the external id, and one that is closed costs the others nothing', async () => {
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

describe('what AWS denies', () => {
  it('is told with the permission to grant, and found by doctor', async () => {
    const upstream = await startUpstream();
    upstream.aws.faults.add({ kind: 'access_denied', service: 'ec2', operation: 'DescribeVolumes' });
    const launch = launchOn(upstream, ['--regions', 'eu-central-1']);
    const { result } = await (await openPeer(launch)).request('tools/call', { name: CHECK, arguments: { limit: 1 } });
    expect(result.content[0].text).toContain('access denied: Needs ec2:DescribeVolumes).');
    const doctor = await runCommand({ ...launch, args: ['doctor', ...(launch.args ?? [])] });
    expect([doctor.code, doctor.stdout]).toEqual([1, expect.stringContaining('Allow ec2:DescribeVolumes')]);
  });

  it('altogether gives no score, and nothing to remember', async () => {
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

  it('as credentials that have expired ends with what to do', async () => {
    const upstream = await startUpstream();
    upstream.aws.faults.add({ kind: 'expired_credentials' });
    const peer = await openPeer(launchOn(upstream));
    const { result } = await peer.request('tools/call', { name: CHECK, arguments: {} });
    expect([result.isError, result.content[0].text]).toEqual([true, expect.stringContaining('aws sso login')]);
  });
});

describe('an account that has nothing', () => {
  it('has no score, and everything about it can be asked', async () => {
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

describe('an endpoint that does not behave', () => {
  it('by never answering is answered for in time, and the rest is there when it is well again', async () => {
    const upstream = await startUpstream();
    const heal = upstream.aws.faults.add({ kind: 'hang', service: 'rds' });
    const peer = await openPeer(launchOn(upstream, ['--regions', 'eu-central-1', '--deadline-seconds', '5']));
    const first = await call(peer, CHECK, { limit: 1 });
    expect(first).toMatchObject({ snapshot_stored: false, about: { complete: false } });
    expect(first.about.gaps).toEqual([expect.objectContaining({ types: ['rds:db', 'rds:cluster'], reason: 'not_reached' })]);
    expect(first.summary.resources).toBeGreaterThan(0);
    heal();
    // The calls that hang are given up and made anew by the clients themselves.
    await expect.poll(async () => (await call(peer, CHECK, { limit: 1 })).about.complete, { timeout: 60_000, interval: 200 }).toBe(true);
  }, 90_000);

  it('by answering nonsense is a gap, and its words are shown to nobody', async () => {
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

  it('by being no longer there is an error with a remedy, and the server lives on', async () => {
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

describe('costs', () => {
  it('are asked for only when a call asks, and no more than the day allows, over restarts', async () => {
    const upstream = await startUpstream();
    const asked = () => upstream.aws.requests.filter(({ service }) => service === 'ce').length;
    const stateDir = temporaryFolder();
    const args = ['--regions', 'eu-central-1', '--cost-budget', '0.03'];
    const first = await openPeer(launchOn(upstream, args, stateDir));
    for (const name of [CHECK, 'find_untagged_resources', 'generate_compliance_report', 'get_violation_history', 'get_tagging_policy'])
      await call(first, name);
    expect(asked()).toBe(0);
    const month = { time_period: '2026-10-01/2026-11-01' };
    const { costs } = await call(first, 'get_cost_attribution_gap', month);
    expect([costs.price, asked()]).toEqual(['0.03', 3]);
    first.end();
    await first.server.exited;
    const second = await openPeer(launchOn(upstream, args, stateDir));
    const { result } = await second.request('tools/call', { name: 'get_cost_attribution_gap', arguments: month });
    expect(result._meta['io.github.fairway-mcp/error'].kind).toBe('budget_exceeded');
    const priced = await call(second, CHECK, { include_costs: true, limit: 1 });
    expect(priced.costs.caveats).toEqual([expect.stringContaining("today's budget of $0.03 for it is used up")]);
    expect(priced.summary.cost).toEqual(expect.objectContaining({ known: 0 }));
    expect(asked()).toBe(3);
  });
});

describe('in the middle of a scan', () => {
  /** A server whose scan has begun and takes its time, with the promise of its answer. */
  async function scanning() {
    const upstream = await startUpstream();
    upstream.aws.faults.add({ kind: 'slow', service: 'ec2', delayMs: 1_500 });
    const launch = launchOn(upstream, ['--regions', 'eu-central-1']);
    const peer = await openPeer(launch);
    const answer = peer.request('tools/call', { name: CHECK, arguments: { limit: 1 } });
    await expect.poll(() => upstream.aws.requests.length, { timeout: 20_000 }).toBeGreaterThan(5);
    return { peer, answer, launch };
  }

  it.each(['SIGTERM', 'SIGINT', 'a closed stdin'])('%s loses no answer', async (cause) => {
    const { peer, answer } = await scanning();
    if (cause === 'a closed stdin') peer.end();
    else peer.server.child.kill(cause as NodeJS.Signals);
    expect((await answer).result.structuredContent).toMatchObject({ snapshot_stored: true, about: { complete: true } });
    expect(await peer.server.exited).toEqual({ code: 0, signal: null });
  });

  it('SIGKILL leaves a state that is whole', async () => {
    const { peer, launch } = await scanning();
    peer.server.child.kill('SIGKILL');
    await peer.server.exited;
    const next = await openPeer(launch);
    expect((await call(next, CHECK, { limit: 1 })).snapshot_stored).toBe(true);
    next.end();
    await next.server.exited;
    const { code, stdout } = await runCommand({ ...launch, args: ['audit', 'verify'] });
    expect([code, stdout.trim()]).toEqual([0, 'The audit trail is intact: 1 rows.']);
  });
});

describe('health', () => {
  it('tells of AWS, and that it is gone, and nothing of whose account it is', async () => {
    const upstream = await startUpstream();
    const look = async () => {
      const { url } = await startHttp(launchOn(upstream));
      return (await fetch(url.replace('/mcp', '/health'))).text();
    };
    const well = await look();
    expect(JSON.parse(well)).toMatchObject({
      status: 'ok',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      dependencies: {
        store: { status: 'ok', kind: 'sqlite' },
        cache: { status: 'ok', kind: 'memory' },
        'aws credentials': { status: 'ok' },
      },
    });
    expect(well).not.toMatch(/\d{12}|arn:/);
    await upstream.aws.stop();
    expect(JSON.parse(await look())).toMatchObject({ status: 'degraded', dependencies: { 'aws credentials': { status: 'failed' } } });
  });
});

describe('secrets', () => {
  it('are in no answer, no log and no state', async () => {
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

describe('a policy', () => {
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
  ])('that is wrong (%s) stops the start with the line and the reason', async (name, text, message) => {
    const file = path.join(temporaryFolder(), name);
    fs.writeFileSync(file, text);
    const { code, stdout, stderr } = await runCommand({ main: PROGRAM, args: ['--policy', file] });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });

  it('that is not there stops the start', async () => {
    const { code, stderr } = await runCommand({ main: PROGRAM, args: ['--policy', path.join(temporaryFolder(), 'none.yaml')] });
    expect([code, stderr]).toEqual([2, expect.stringContaining('The policy file cannot be read: ENOENT')]);
  });
});
