import { randomUUID } from 'node:crypto';
import net from 'node:net';
import { openPostgres } from '@fairway-mcp/store';
import { startHttp } from '@fairway-mcp/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sendModern } from './support/http.ts';
import { askingTasks, askTask, beginTask, expireLease, taskAfter } from './support/tasks.ts';

const ERROR = 'io.github.fairway-mcp/error';
const LONG = 90_000;
const asking = { elicitation: { form: {} } };
const yes = { action: 'accept', content: { confirm: true } };
const slow = { name: 'count_slowly', arguments: { to: 1000, ms: 30 } };
const main = new URL('./fixture/main.ts', import.meta.url);
const databaseUrl = process.env.DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/test';
const redisUrl = process.env.REDIS_URL ?? 'redis://127.0.0.1:6379';
const missing = (await Promise.all([canReach(databaseUrl, 5432), canReach(redisUrl, 6379)])).some((reached) => !reached);

function canReach(address: string, port: number): Promise<boolean> {
  const url = new URL(address);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = net.connect(Number(url.port || port), url.hostname, () => resolve(true));
  socket.on('error', () => resolve(false));
  return promise.finally(() => socket.destroy());
}

/** The settings of processes that share one Postgres schema and one Redis. */
async function sharedState(): Promise<Record<string, string>> {
  const schema = `t_${randomUUID().replaceAll('-', '')}`;
  const admin = await openPostgres({ url: databaseUrl });
  await admin.run(`CREATE SCHEMA ${schema}`);
  onTestFinished(async () => {
    await admin.run(`DROP SCHEMA ${schema} CASCADE`);
    await admin.close();
  });
  const url = new URL(databaseUrl);
  url.searchParams.set('options', `-c search_path=${schema}`);
  return { FAIRWAY_DATABASE_URL: url.href, FAIRWAY_REDIS_URL: redisUrl };
}

const title = missing ? 'shared state (skipped: no Postgres or Redis at DATABASE_URL, REDIS_URL or their defaults)' : 'shared state';

describe.skipIf(missing)(title, () => {
  it('lets one process read, answer and cancel the tasks of the other', { timeout: LONG }, async () => {
    const environment = await sharedState();
    const [one, two] = await Promise.all([startHttp({ main, environment }), startHttp({ main, environment })]);
    const client = { capabilities: askingTasks };
    const counting = (await beginTask(one.url, slow)).json.result;
    expect(await (await fetch(two.url.replace('/mcp', `/tasks/${counting.taskId}`))).json()).toMatchObject({ status: 'working' });
    await askTask(two.url, 'tasks/cancel', { taskId: counting.taskId });
    expect(await taskAfter(one.url, counting.taskId, 'working')).toMatchObject({ status: 'cancelled' });

    const writing = (await beginTask(one.url, { name: 'import_notes', arguments: { notes: ['milk'] } }, client)).json.result;
    const asking = await taskAfter(two.url, writing.taskId, 'working');
    const inputResponses = Object.fromEntries(Object.keys(asking.inputRequests).map((key) => [key, yes]));
    await askTask(two.url, 'tasks/update', { taskId: writing.taskId, inputResponses });
    expect(await taskAfter(two.url, writing.taskId, 'working')).toMatchObject({ result: { structuredContent: { notes: 1 } } });
  });

  it('does not find a task whose id contains what Postgres cannot store', async () => {
    const { url } = await startHttp({ main, environment: await sharedState() });
    const taskId = 'a\0b';
    const headers = { 'Mcp-Name': `=?base64?${Buffer.from(taskId).toString('base64')}?=` };
    for (const method of ['tasks/get', 'tasks/cancel']) {
      const { status, json } = await askTask(url, method, { taskId }, { headers });
      expect([status, json.error]).toMatchObject([
        expect.any(Number),
        { code: -32602, message: 'There is no such task, or it has expired.' },
      ]);
    }
    const note = { name: 'add_note', arguments: { note: 'milk', idempotency_key: 'key-0001\0' } };
    const refused = (await sendModern(url, 'tools/call', note)).json.result;
    expect(refused._meta[ERROR].kind).toBe('confirmation_required');
  });

  it('lets exactly one process reclaim the tasks of a killed one', { timeout: LONG }, async () => {
    const environment = await sharedState();
    const nodes = await Promise.all([0, 1, 2].map(() => startHttp({ main, environment })));
    const [one, two, three] = nodes;
    if (one === undefined || two === undefined || three === undefined) throw new Error('no nodes');
    const { taskId } = (await beginTask(one.url, { name: 'count_slowly', arguments: { to: 120, ms: 10 } })).json.result;
    one.child.kill('SIGKILL');
    await one.exited;
    const store = await openPostgres({ url: environment.FAIRWAY_DATABASE_URL ?? '' });
    await expireLease(store, taskId);
    await store.close();
    expect(await taskAfter(two.url, taskId, 'working')).toMatchObject({
      status: 'completed',
      result: { structuredContent: { counted: 120 } },
    });
    const takers = [two, three].filter(({ log }) => log.some(({ message }) => message === 'Reclaiming an orphaned task'));
    expect(takers).toHaveLength(1);
  });

  it('lets either process accept the answer to a question of the other, once', async () => {
    const environment = { ...(await sharedState()), FAIRWAY_STATE_KEY: 'a key that both of the processes know of' };
    const nodes = await Promise.all([startHttp({ main, environment }), startHttp({ main, environment })]);
    const note = { name: 'add_note', arguments: { note: 'milk' } };
    const asked = (await sendModern(nodes[0].url, 'tools/call', { ...note }, { capabilities: asking })).json.result;
    const retry = { ...note, inputResponses: { confirm: yes }, requestState: asked.requestState };
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => sendModern(nodes[index % 2]?.url ?? '', 'tools/call', retry, { capabilities: asking })),
    );
    const done = answers.filter(({ json }) => json.result.structuredContent?.notes === 1);
    const refused = answers.filter(({ json }) => json.result._meta?.[ERROR]?.message?.includes('used already'));
    expect([done.length, refused.length]).toEqual([1, 9]);
  });

  it('rejects the answer to a question that was signed with another key', async () => {
    const state = await sharedState();
    const keys = ['a key that only the first process knows', 'a key that only the second process knows'];
    const nodes = await Promise.all(keys.map((key) => startHttp({ main, environment: { ...state, FAIRWAY_STATE_KEY: key } })));
    const note = { name: 'add_note', arguments: { note: 'milk' } };
    const asked = (await sendModern(nodes[0]?.url ?? '', 'tools/call', { ...note }, { capabilities: asking })).json.result;
    const retry = { ...note, inputResponses: { confirm: yes }, requestState: asked.requestState };
    const { json } = await sendModern(nodes[1]?.url ?? '', 'tools/call', retry, { capabilities: asking });
    expect(json.result._meta[ERROR]).toMatchObject({ kind: 'invalid_input', message: expect.stringContaining('not valid') });
  });
});
