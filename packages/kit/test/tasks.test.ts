import path from 'node:path';
import { createTaskTable, openSqlite } from '@fairway-mcp/store';
import { runCommand, StdioPeer, startHttp, temporaryFolder } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';
import { type Json, openSession, sendModern } from './support/http.ts';
import { serveFixture } from './support/serve.ts';
import { askTask, beginTask, orphanedTask, taskAfter, tasks } from './support/tasks.ts';

const main = new URL('./fixture/main.ts', import.meta.url);
const declaring = { capabilities: tasks };
const slow = { name: 'count_slowly', arguments: { to: 1000, ms: 5 } };

async function begin(url: string, params: object = slow, headers: Record<string, string> = {}): Promise<Json> {
  return (await beginTask(url, params, { headers })).json.result;
}

function ask(url: string, method: string, taskId: string, headers: Record<string, string> = {}) {
  return askTask(url, method, { taskId, inputResponses: {} }, { headers });
}

function waitForEnd(url: string, taskId: string, headers: Record<string, string> = {}): Promise<Json> {
  return taskAfter(url, taskId, 'working', { headers });
}

describe('a long call of a client that declared tasks', () => {
  it('becomes a task that reports progress and returns its result', async () => {
    const { url } = await serveFixture();
    const created = await begin(url, { ...slow, arguments: { to: 150, ms: 10 } });
    expect(created).toMatchObject({ resultType: 'task', status: 'working', ttlMs: 3_600_000, pollIntervalMs: 1000 });
    expect(created).not.toHaveProperty('content');
    const working = (await ask(url, 'tasks/get', created.taskId)).json.result;
    expect(working).toMatchObject({ taskId: created.taskId, status: 'working', resultType: 'complete' });
    const done = await waitForEnd(url, created.taskId);
    expect(done).toMatchObject({
      status: 'completed',
      result: { structuredContent: { counted: 150 }, content: [{ text: 'Counted to 150.' }] },
    });
  });

  it('is answered directly when it ends soon, or when the tool is not long-running', async () => {
    const { url } = await serveFixture();
    expect(await begin(url, { ...slow, arguments: { to: 3 } })).toMatchObject({
      resultType: 'complete',
      structuredContent: { counted: 3 },
    });
    expect(await begin(url, { name: 'wait', arguments: { ms: 700 } })).toMatchObject({
      resultType: 'complete',
      structuredContent: { waited_ms: 700 },
    });
  });

  it("completes with the tool's own error", async () => {
    const { url } = await serveFixture();
    const { taskId } = await begin(url, { ...slow, arguments: { to: 100, ms: 8, fail: true } });
    expect(await waitForEnd(url, taskId)).toMatchObject({ status: 'completed', result: { isError: true } });
  });

  it('ends when it is cancelled, and may be cancelled twice', async () => {
    const { runtime, url } = await serveFixture();
    const { taskId } = await begin(url);
    for (let round = 0; round < 2; round += 1)
      expect((await ask(url, 'tasks/cancel', taskId)).json.result).toEqual({ resultType: 'complete', _meta: expect.anything() });
    expect((await ask(url, 'tasks/get', taskId)).json.result).toMatchObject({ status: 'cancelled' });
    await expect.poll(() => runtime.pipeline.runningCalls()).toBe(0);
  });

  it('is not limited by the deadline of ordinary calls', async () => {
    const { url } = await serveFixture(['--deadline-seconds', '1']);
    const { taskId } = await begin(url, { ...slow, arguments: { to: 150, ms: 10 } });
    expect(await waitForEnd(url, taskId)).toMatchObject({ status: 'completed' });
  });

  it('is answered directly when the store cannot create a task', async () => {
    const { runtime, url } = await serveFixture();
    await runtime.store.run('ALTER TABLE tasks RENAME TO gone');
    expect(await begin(url, { ...slow, arguments: { to: 100, ms: 8 } })).toMatchObject({
      resultType: 'complete',
      structuredContent: { counted: 100 },
    });
    await runtime.store.run('ALTER TABLE gone RENAME TO tasks');
  });

  it('leaves one audit row when it ends', async () => {
    const { runtime, url } = await serveFixture();
    const { taskId } = await begin(url, { ...slow, arguments: { to: 100, ms: 8 } });
    await waitForEnd(url, taskId);
    const rows = await runtime.store.all<{ body: string }>('SELECT body FROM audit_rows');
    expect(rows.map(({ body }) => JSON.parse(body))).toMatchObject([
      { tool: 'count_slowly', outcome: 'ok', arguments: { to: 100, ms: 8 } },
    ]);
  });
});

describe('tasks', () => {
  it('are not offered to clients that did not declare them', async () => {
    const { url } = await serveFixture(['--deadline-seconds', '10']);
    const session = await openSession(url, { capabilities: tasks });
    const legacy = await session.request('tools/call', { ...slow, arguments: { to: 70, ms: 10 } });
    expect(legacy.json.result.structuredContent).toEqual({ counted: 70 });
    const modern = await sendModern(url, 'tools/call', { ...slow, arguments: { to: 70, ms: 10 } });
    expect(modern.json.result).toMatchObject({ resultType: 'complete', structuredContent: { counted: 70 } });
    const refused = await sendModern(url, 'tasks/get', { taskId: 'x' }, { headers: { 'Mcp-Name': 'x' } });
    expect([refused.status, refused.json.error]).toMatchObject([400, { code: -32021, data: { requiredCapabilities: tasks } }]);
  });

  it('are advertised, without the methods of the earlier experimental version', async () => {
    const { url } = await serveFixture();
    const { capabilities } = (await sendModern(url, 'server/discover')).json.result;
    expect(capabilities).toMatchObject(tasks);
    for (const method of ['tasks/list', 'tasks/result'])
      expect((await sendModern(url, method, {}, declaring)).json.error.code).toBe(-32601);
    expect((await ask(url, 'tasks/get', 'missing')).json.error.code).toBe(-32602);
  });

  it('can be read and cancelled by their owner only, also at GET /tasks', async () => {
    const stateDir = temporaryFolder();
    const keys: string[] = [];
    for (const name of ['ann', 'bob']) {
      keys.push((await runCommand({ main, stateDir, args: ['keys', 'create', '--name', name, '--scopes', '*'] })).stdout.trim());
    }
    const [ann, bob] = keys.map((key) => ({ Authorization: `Bearer ${key}` }));
    if (ann === undefined || bob === undefined) throw new Error('no keys');
    const { url } = await startHttp({ main, stateDir });
    const { taskId } = await begin(url, slow, ann);
    for (const method of ['tasks/get', 'tasks/update', 'tasks/cancel'])
      expect((await ask(url, method, taskId, bob)).json.error.code).toBe(-32602);
    const at = (id: string, headers: Record<string, string>) => fetch(url.replace('/mcp', `/tasks/${id}`), { headers });
    expect([(await at(taskId, bob)).status, (await at(taskId, {})).status, (await at('missing', ann)).status]).toEqual([404, 401, 404]);
    const seen = await at(taskId, ann);
    expect(await seen.json()).toMatchObject({ taskId, status: 'working' });
    expect((await ask(url, 'tasks/cancel', taskId, ann)).status).toBe(200);
    expect(await (await at(taskId, ann)).json()).toMatchObject({ status: 'cancelled' });
  });

  it('survive a restart: ended ones can be read, unfinished ones are run again', async () => {
    const stateDir = temporaryFolder();
    const first = await startHttp({ main, stateDir, args: ['--drain-seconds', '0.1'] });
    const done = await begin(first.url, { ...slow, arguments: { to: 80, ms: 10 } });
    await waitForEnd(first.url, done.taskId);
    const going = await begin(first.url, { ...slow, arguments: { to: 120, ms: 10 } });
    first.child.kill('SIGTERM');
    await first.exited;
    const second = await startHttp({ main, stateDir });
    expect(await waitForEnd(second.url, done.taskId)).toMatchObject({
      status: 'completed',
      result: { structuredContent: { counted: 80 } },
    });
    expect(await waitForEnd(second.url, going.taskId)).toMatchObject({
      status: 'completed',
      result: { structuredContent: { counted: 120 } },
    });
    expect(second.log.some((line) => line.message === 'Reclaiming an orphaned task')).toBe(true);
  });

  it('of a killed process are reclaimed when their lease has run out', async () => {
    const stateDir = temporaryFolder();
    const first = await startHttp({ main, stateDir });
    const { taskId } = await begin(first.url, { ...slow, arguments: { to: 100, ms: 10 } });
    first.child.kill('SIGKILL');
    await first.exited;
    const second = await startHttp({ main, stateDir });
    expect((await ask(second.url, 'tasks/get', taskId)).json.result.status).toBe('working');
    expect(await waitForEnd(second.url, taskId)).toMatchObject({ status: 'completed', result: { structuredContent: { counted: 100 } } });
  });

  it('that kill every process which runs them are given up after some attempts', async () => {
    const stateDir = temporaryFolder();
    const store = openSqlite({ file: path.join(stateDir, 'fairway.db') });
    const left = { ...orphanedTask, id: 'poison', reclaims: 5 };
    const table = await createTaskTable(store);
    for (const row of [left, { ...orphanedTask, id: 'unlucky', reclaims: 4 }]) await table.create(row);
    await store.close();
    const { url } = await serveFixture(['--state-dir', stateDir]);
    expect(await waitForEnd(url, 'unlucky')).toMatchObject({ status: 'completed', result: { structuredContent: { counted: 3 } } });
    expect(await waitForEnd(url, 'poison')).toMatchObject({ status: 'failed', error: { code: -32603 } });
  });

  it('end where they run when they are cancelled through another process', async () => {
    const stateDir = temporaryFolder();
    const [one, two] = await Promise.all([startHttp({ main, stateDir }), startHttp({ main, stateDir, args: ['--log-level', 'debug'] })]);
    const { taskId } = await begin(two.url, { ...slow, arguments: { to: 1000, ms: 30 } });
    await ask(one.url, 'tasks/cancel', taskId);
    await expect
      .poll(() => two.log.some((line) => line.tool === 'count_slowly' && line.outcome === 'cancelled'), { timeout: 10_000 })
      .toBe(true);
  });

  it('work over stdio', async () => {
    const peer = new StdioPeer({ main });
    const _meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28', 'io.modelcontextprotocol/clientCapabilities': tasks };
    const created = (await peer.request('tools/call', { ...slow, arguments: { to: 100, ms: 8 }, _meta })).result;
    expect(created).toMatchObject({ resultType: 'task', status: 'working' });
    await expect.poll(async () => (await peer.request('tasks/get', { taskId: created.taskId, _meta })).result.status).toBe('completed');
    const done = (await peer.request('tasks/get', { taskId: created.taskId, _meta })).result;
    expect(done.result.structuredContent).toEqual({ counted: 100 });
  });

  it('are deleted once they have expired', async () => {
    const { runtime, url } = await serveFixture(['--task-hours', '0.0001']);
    const { taskId } = await begin(url, { ...slow, arguments: { to: 70, ms: 10 } });
    await waitForEnd(url, taskId);
    const table = await createTaskTable(runtime.store);
    await expect.poll(() => table.find(taskId), { timeout: 15_000 }).toBeUndefined();
    expect((await ask(url, 'tasks/get', taskId)).json.error.code).toBe(-32602);
  });
});
