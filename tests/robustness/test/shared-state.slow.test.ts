import fs from 'node:fs';
import path from 'node:path';
import type { AwsEmulator } from '@fairway-mcp/aws-emulator';
import { type Json, type Launch, runCommand, sendModern, startFaultProxy, startHttp, temporaryFolder } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';
import { awsFor, OTHER_ACCESS_KEY } from './support/aws.ts';
import { call, client, ERROR, tagCompliance, withFlags, workshop } from './support/programs.ts';
import { databaseUrl, ownSchema, redisUrl, whyNoServices } from './support/services.ts';
import { TargetProcess } from './support/target-process.ts';

const problem = await whyNoServices();
const TASKS = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
const question = call('check_tag_compliance', { resource_types: ['ec2:instance', 'sqs:queue'] });

function withEnvironment(launch: Launch, environment: Record<string, string>): Launch {
  return { ...launch, environment: { ...launch.environment, ...environment } };
}

/** The requests to AWS, except for those to STS: `ec2:DescribeInstances eu-central-1`. */
function listings({ requests }: AwsEmulator): string[] {
  return requests
    .filter(({ service }) => service !== 'sts')
    .map(({ service, operation, region }) => `${service}:${operation} ${region}`)
    .sort();
}

async function healthOf(url: string): Promise<{ status: number; json: Json }> {
  const response = await fetch(url.replace('/mcp', '/health'));
  return { status: response.status, json: await response.json() };
}

async function ask(url: string, params: Record<string, unknown>, headers: Record<string, string> = {}): Promise<Json> {
  return (await sendModern(url, 'tools/call', params, { headers })).json.result;
}

describe.skipIf(problem !== undefined)(
  problem === undefined ? 'processes of the built server with shared state' : `(skipped: ${problem})`,
  () => {
    it('scan AWS once when all of them get the same call at the same time', async () => {
      const alone = await awsFor({ size: 400 });
      await ask((await startHttp(alone.launch)).url, question);
      const { aws, launch } = await awsFor({ size: 400 });
      aws.faults.add({ kind: 'slow', delayMs: 100 });
      const shared = withEnvironment(launch, { FAIRWAY_REDIS_URL: redisUrl });
      const nodes = await Promise.all([startHttp(shared), startHttp(shared), startHttp(shared)]);
      const answers = await Promise.all(nodes.flatMap(({ url }) => [ask(url, question), ask(url, question)]));
      for (const { structuredContent } of answers) expect(structuredContent.summary).toEqual(answers[0]?.structuredContent.summary);
      expect(answers[0]?.structuredContent.summary.resources).toBeGreaterThan(0);
      expect(listings(aws)).toEqual(listings(alone.aws));
    });

    it('do not share cached answers between AWS identities', async () => {
      const { aws, accounts, launch } = await awsFor({ size: 400 });
      const environment = { FAIRWAY_REDIS_URL: redisUrl };
      const first = await startHttp(withEnvironment(launch, environment));
      const second = await startHttp(withEnvironment(launch, { ...environment, AWS_ACCESS_KEY_ID: OTHER_ACCESS_KEY }));
      const own = (await ask(first.url, question)).structuredContent.summary;
      const requestsTo = (account: string) => aws.requests.filter((request) => request.service === 'ec2' && request.account === account);
      expect([requestsTo(accounts[0]).length > 0, requestsTo(accounts[1]).length]).toEqual([true, 0]);
      const others = (await ask(second.url, question)).structuredContent.summary;
      expect(requestsTo(accounts[1]).length).toBe(requestsTo(accounts[0]).length);
      expect(others.resources).not.toBe(own.resources);
    });

    it('answer without Redis when it fails during a call, report it in /health, and use it again when it is back', async () => {
      const proxy = await startFaultProxy(redisUrl);
      const { aws, launch } = await awsFor({ size: 400 });
      aws.faults.add({ kind: 'slow', delayMs: 50 });
      const { url } = await startHttp(withEnvironment(launch, { FAIRWAY_REDIS_URL: proxy.url }));
      const inFlight = ask(url, question);
      await expect.poll(() => listings(aws).length).toBeGreaterThan(0);
      proxy.disconnect();
      expect((await inFlight).structuredContent.summary.resources).toBeGreaterThan(0);
      await expect
        .poll(() => healthOf(url))
        .toMatchObject({ status: 200, json: { status: 'degraded', dependencies: { cache: { kind: 'redis', status: 'failed' } } } });
      aws.clearRequests();
      expect((await ask(url, question)).structuredContent.summary.resources).toBeGreaterThan(0);
      expect(listings(aws).length).toBeGreaterThan(0);
      proxy.reconnect();
      await expect.poll(async () => (await healthOf(url)).json.status).toBe('ok');
      await ask(url, question);
      aws.clearRequests();
      await ask(url, question);
      expect(listings(aws)).toEqual([]);
    });

    it('share one violation history', async () => {
      const { launch } = await awsFor({ size: 400 });
      const shared = withEnvironment(launch, { FAIRWAY_DATABASE_URL: await ownSchema() });
      const [first, second] = await Promise.all([startHttp(shared), startHttp(shared)]);
      expect((await ask(first.url, question)).structuredContent.snapshot_stored).toBe(true);
      const { series } = (await ask(second.url, call('get_violation_history', { days_back: 7 }))).structuredContent;
      expect(series.filter(({ snapshot }: Json) => snapshot !== undefined)).toHaveLength(1);
    });
  },
);

describe.skipIf(problem !== undefined)(
  problem === undefined ? 'processes of one server with shared state' : `(skipped: ${problem})`,
  () => {
    it('share API keys, idempotency keys and tasks', async () => {
      const ledger = path.join(temporaryFolder(), 'ledger');
      const environment = { FAIRWAY_DATABASE_URL: await ownSchema() };
      const launch = withEnvironment(withFlags(workshop, '--ledger', ledger, '--allow-unconfirmed', 'append_line'), environment);
      const made = await runCommand({ ...launch, args: ['keys', 'create', '--name', 'ci', '--scopes', '*'] });
      const headers = { Authorization: `Bearer ${made.stdout.trim()}` };
      const [first, second] = await Promise.all([startHttp(launch), startHttp(launch)]);
      const write = call('append_line', { line: 'once', idempotency_key: 'the-same-key' });
      for (const { url } of [first, second, first]) expect((await ask(url, write, headers)).structuredContent).toEqual({ line: 'once' });
      expect(fs.readFileSync(ledger, 'utf8')).toBe('once\n');
      const options = { headers, capabilities: TASKS };
      const task = (await sendModern(first.url, 'tools/call', call('wait', { ms: 1200 }), options)).json.result;
      expect(task).toMatchObject({ resultType: 'task', status: 'working' });
      const poll = async () =>
        (
          await sendModern(
            second.url,
            'tasks/get',
            { taskId: task.taskId },
            { ...options, headers: { ...headers, 'Mcp-Name': task.taskId } },
          )
        ).json.result;
      await expect.poll(poll).toMatchObject({ status: 'completed', result: { structuredContent: { waited_ms: 1200 } } });
    });

    it('write one audit trail, even when one of them is killed', async () => {
      const environment = { FAIRWAY_DATABASE_URL: await ownSchema() };
      const launch = withEnvironment(withFlags(workshop, '--rate-limit', '0', '--log-level', 'error'), environment);
      const targets = await Promise.all(Array.from({ length: 4 }, () => TargetProcess.start(launch)));
      const [killed, ...others] = targets;
      const working = targets.map((target) => Promise.all(Array.from({ length: 100 }, () => target.callTool('list_lines', { count: 1 }))));
      await expect.poll(() => killed?.answered.length, { interval: 1 }).toBeGreaterThan(0);
      await killed?.kill();
      await Promise.all(working.slice(1));
      for (const { peer } of others) peer.end();
      for (const { peer } of others) expect(await peer.server.exited).toEqual({ code: 0, signal: null });
      const verified = await runCommand({ ...launch, args: ['audit', 'verify'] });
      const rows = Number(/intact: (\d+) rows/.exec(verified.stdout)?.[1]);
      const answered = targets.flatMap((target) => target.answered).length;
      expect(rows).toBeGreaterThanOrEqual(answered);
      expect(rows).toBeLessThanOrEqual(answered + (killed?.unanswered.length ?? 0));
    });

    it('withhold answers while Postgres cannot be reached, report it in /health, and continue when it is back', async () => {
      const proxy = await startFaultProxy(databaseUrl);
      const launch = withEnvironment(workshop, { FAIRWAY_DATABASE_URL: await ownSchema(proxy.url) });
      const { url } = await startHttp(launch);
      const lines = await client('modern', url);
      const result = async () => (await lines('tools/call', call('list_lines'))).json.result;
      expect((await result()).structuredContent.total).toBe(10);
      proxy.disconnect();
      expect((await result())._meta[ERROR]).toMatchObject({ kind: 'internal', message: expect.stringContaining('audit record') });
      await expect
        .poll(() => healthOf(url))
        .toMatchObject({ status: 503, json: { dependencies: { store: { kind: 'postgres', status: 'failed' } } } });
      proxy.reconnect();
      expect((await result()).structuredContent.total).toBe(10);
      await expect.poll(() => healthOf(url)).toMatchObject({ status: 200, json: { status: 'ok' } });
      expect((await runCommand({ ...launch, args: ['audit', 'verify'] })).stdout).toContain('The audit trail is intact');
    });

    it('answer with an error while Postgres is silent, report it in /health, and end when they are told to', {
      timeout: 180_000,
    }, async () => {
      const proxy = await startFaultProxy(databaseUrl);
      const launch = withEnvironment(withFlags(workshop, '--drain-seconds', '1'), { FAIRWAY_DATABASE_URL: await ownSchema(proxy.url) });
      const [stopped, recovering] = await Promise.all([startHttp(launch), startHttp(launch)]);
      const lines = ({ url }: { url: string }) => ask(url, call('list_lines'));
      for (const server of [stopped, recovering]) expect((await lines(server)).structuredContent.total).toBe(10);
      proxy.silence();
      const unanswered = lines(stopped).catch(() => 'disconnected');
      expect((await lines(recovering))._meta[ERROR]).toMatchObject({
        kind: 'internal',
        message: expect.stringContaining('audit record'),
      });
      expect(await healthOf(recovering.url)).toMatchObject({
        status: 503,
        json: { status: 'down', dependencies: { store: { kind: 'postgres', status: 'failed' } } },
      });
      stopped.child.kill('SIGTERM');
      expect(await stopped.exited).toEqual({ code: 0, signal: null });
      await unanswered;
      proxy.reconnect();
      await expect.poll(async () => (await lines(recovering)).structuredContent?.total, { timeout: 60_000 }).toBe(10);
      await expect.poll(async () => (await healthOf(recovering.url)).status, { timeout: 60_000 }).toBe(200);
      expect((await runCommand({ ...launch, args: ['audit', 'verify'] })).stdout).toContain('The audit trail is intact');
    });

    it('exit when they cannot start, even with connections to Postgres and Redis open', async () => {
      const environment = { FAIRWAY_DATABASE_URL: await ownSchema(), FAIRWAY_REDIS_URL: redisUrl };
      const { code, stderr } = await runCommand({ main: tagCompliance.main, environment });
      expect([code, stderr]).toEqual([2, expect.stringContaining('There is no policy')]);
    });

    it('show the state of Postgres and Redis with doctor', async () => {
      const environment = { FAIRWAY_DATABASE_URL: await ownSchema(), FAIRWAY_REDIS_URL: redisUrl };
      const healthy = await runCommand({ ...withEnvironment(workshop, environment), args: ['doctor'] });
      expect([healthy.code, healthy.stdout]).toEqual([
        0,
        expect.stringContaining('✓ state: The postgres database can be read and written.'),
      ]);
      expect(healthy.stdout).toContain('✓ cache: The redis cache answers.');
      const unreachable = 'redis://user:hunter2-secret@127.0.0.1:1';
      const withoutRedis = await runCommand({
        ...withEnvironment(workshop, { ...environment, FAIRWAY_REDIS_URL: unreachable }),
        args: ['doctor'],
      });
      expect([withoutRedis.code, withoutRedis.stdout]).toEqual([1, expect.stringContaining('✗ cache: The redis cache does not answer')]);
      const noDatabase = { FAIRWAY_DATABASE_URL: 'postgres://me:hunter2-secret@127.0.0.1:1/x' };
      const withoutPostgres = await runCommand({ ...withEnvironment(workshop, noDatabase), args: ['doctor'] });
      expect([withoutPostgres.code, withoutPostgres.stdout]).toEqual([
        1,
        expect.stringMatching(/✗ start: Cannot use the Postgres of FAIRWAY_DATABASE_URL: .*ECONNREFUSED/),
      ]);
      for (const { stdout, stderr } of [withoutRedis, withoutPostgres]) expect(stdout + stderr).not.toContain('hunter2');
    });
  },
);
