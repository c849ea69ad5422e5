import path from 'node:path';
import { createWriteJournal, type Database, openSqlite } from '@fairway-mcp/store';
import { type ServerProcess, StdioPeer, startHttp, temporaryFolder } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';
import { type Json, sendModern } from './support/http.ts';
import { serveFixture } from './support/serve.ts';
import { askingTasks, askTask, beginTask, expireLease, taskAfter } from './support/tasks.ts';

const main = new URL('./fixture/main.ts', import.meta.url);
const ERROR = 'io.github.fairway-mcp/error';
const imported = (notes: string[], ms = 0) => ({ name: 'import_notes', arguments: { notes, ms } });
const yes = { action: 'accept', content: { confirm: true } };

/** Starts the write and waits for its question. @returns the task, and the key of the question. */
async function startAndAwaitQuestion(url: string, params: object): Promise<{ taskId: string; key: string; task: Json }> {
  const { taskId } = (await beginTask(url, params, { capabilities: askingTasks })).json.result;
  const task = await taskAfter(url, taskId, 'working');
  expect(task.status).toBe('input_required');
  const [key = ''] = Object.keys(task.inputRequests);
  return { taskId, key, task };
}

function answer(url: string, taskId: string, inputResponses: unknown) {
  return askTask(url, 'tasks/update', { taskId, inputResponses });
}

async function withStore<T>(stateDir: string, then: (store: Database) => Promise<T>): Promise<T> {
  const store = openSqlite({ file: path.join(stateDir, 'fairway.db') });
  try {
    return await then(store);
  } finally {
    await store.close();
  }
}

/** The state in the write journal of the write that a task makes. */
function intentOf(stateDir: string, taskId: string): Promise<string | undefined> {
  return withStore(stateDir, async (store) => (await (await createWriteJournal(store)).find('local import_notes', taskId))?.state);
}

/** Kills a process and expires the lease of its task, so that another process may reclaim it. */
async function killAndExpireLease({ child, exited }: ServerProcess, stateDir: string, taskId: string): Promise<void> {
  child.kill('SIGKILL');
  await exited;
  await withStore(stateDir, (store) => expireLease(store, taskId));
}

const LONG = 60_000;

describe('a task that writes', () => {
  it('asks the user, waits, and continues with the answer', async () => {
    const { runtime, url } = await serveFixture();
    const { taskId, key, task } = await startAndAwaitQuestion(url, imported(['milk', 'bread']));
    expect(task.inputRequests[key]).toMatchObject({ method: 'elicitation/create', params: { message: 'Keep 2 notes?' } });
    const seen = (await (await fetch(url.replace('/mcp', `/tasks/${taskId}`))).json()) as Json;
    expect(Object.keys(seen.inputRequests)).toEqual([key]);
    expect(runtime.services).toEqual({ items: [] });
    expect((await answer(url, taskId, { [key]: yes })).json.result).toEqual({ resultType: 'complete', _meta: expect.anything() });
    expect(await taskAfter(url, taskId, 'working')).toMatchObject({ status: 'completed', result: { structuredContent: { notes: 2 } } });
    expect(runtime.services).toEqual({ items: ['milk', 'bread'] });
    const late = await answer(url, taskId, { [key]: yes });
    expect([late.status, late.json.result.resultType]).toEqual([200, 'complete']);
    expect(runtime.services).toEqual({ items: ['milk', 'bread'] });
  });

  it.each([
    ['declines', { action: 'decline' }],
    ['cancels', { action: 'cancel' }],
    ['accepts without ticking the box', { action: 'accept', content: { confirm: false } }],
    ['answers with nothing', {}],
    ['answers with null', null],
  ])('writes nothing when the user %s', async (_how, response) => {
    const { runtime, url } = await serveFixture();
    const { taskId, key } = await startAndAwaitQuestion(url, imported(['milk']));
    await answer(url, taskId, { [key]: response });
    const { result } = await taskAfter(url, taskId, 'working');
    expect(result).toMatchObject({ isError: true, _meta: { [ERROR]: { kind: 'cancelled' } } });
    expect(runtime.services).toEqual({ items: [] });
  });

  it('keeps waiting when it receives an answer to a question that it did not ask', async () => {
    const { runtime, url } = await serveFixture();
    const { taskId, key } = await startAndAwaitQuestion(url, imported(['milk']));
    for (const responses of [{}, { confirm: yes }, { constructor: yes }, { [`${key}x`]: yes }]) await answer(url, taskId, responses);
    const { json } = await answer(url, taskId, undefined);
    expect(json.error).toMatchObject({ code: -32602, message: expect.stringContaining('inputResponses') });
    expect((await askTask(url, 'tasks/get', { taskId })).json.result.status).toBe('input_required');
    expect(runtime.services).toEqual({ items: [] });
  });

  it('writes nothing when it is cancelled while it waits, even if an answer follows', async () => {
    const { runtime, url } = await serveFixture();
    const { taskId, key } = await startAndAwaitQuestion(url, imported(['milk']));
    await askTask(url, 'tasks/cancel', { taskId });
    await answer(url, taskId, { [key]: yes });
    expect(await taskAfter(url, taskId, 'working')).toMatchObject({ status: 'cancelled' });
    await expect.poll(() => runtime.pipeline.runningCalls()).toBe(0);
    expect(runtime.services).toEqual({ items: [] });
  });

  it('is refused at once when the client cannot ask, unless the operator allows it', async () => {
    const { url } = await serveFixture();
    const { result } = (await beginTask(url, imported(['milk']))).json;
    expect(result).toMatchObject({ resultType: 'complete', isError: true, _meta: { [ERROR]: { kind: 'confirmation_required' } } });
    const allowing = await serveFixture(['--allow-unconfirmed', 'import_notes']);
    const { taskId } = (await beginTask(allowing.url, imported(['milk', 'bread'], 300))).json.result;
    expect(await taskAfter(allowing.url, taskId, 'working')).toMatchObject({ status: 'completed' });
    expect(allowing.runtime.services).toEqual({ items: ['milk', 'bread'] });
  });

  it('does not count as a running call while it waits, and counts again when it continues', async () => {
    const { runtime, url } = await serveFixture(['--max-concurrency', '1']);
    const { pipeline } = runtime;
    const { taskId, key } = await startAndAwaitQuestion(url, imported(['milk'], 400));
    expect(pipeline.runningCalls()).toBe(0);
    const { json } = await beginTask(url, { name: 'echo', arguments: { text: 'x' } });
    expect(json.result.structuredContent).toEqual({ text: 'x' });
    await answer(url, taskId, { [key]: yes });
    await expect.poll(() => pipeline.runningCalls()).toBe(1);
    await taskAfter(url, taskId, 'working');
    await expect.poll(() => pipeline.runningCalls()).toBe(0);
  });

  it('is refused when its caller has too many unanswered questions', async () => {
    const { url } = await serveFixture();
    for (let task = 0; task < 20; task += 1) await startAndAwaitQuestion(url, imported([`note ${task}`]));
    const one = (await beginTask(url, imported(['one too many']), { capabilities: askingTasks })).json.result;
    const { result } = one.resultType === 'task' ? await taskAfter(url, one.taskId, 'working') : { result: one };
    expect(result).toMatchObject({
      isError: true,
      _meta: { [ERROR]: { kind: 'rate_limited', remedy: expect.stringContaining('tasks/update') } },
    });
  });

  it('asks and is answered over stdio', async () => {
    const peer = new StdioPeer({ main });
    const _meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28', 'io.modelcontextprotocol/clientCapabilities': askingTasks };
    const { taskId } = (await peer.request('tools/call', { ...imported(['milk']), _meta })).result;
    const look = async () => (await peer.request('tasks/get', { taskId, _meta })).result;
    await expect.poll(async () => (await look()).status).toBe('input_required');
    const [key = ''] = Object.keys((await look()).inputRequests);
    await peer.request('tasks/update', { taskId, inputResponses: { [key]: yes }, _meta });
    await expect.poll(async () => (await look()).status).toBe('completed');
    expect((await look()).result.structuredContent).toEqual({ notes: 1 });
  });
});

describe('a task that writes, with several processes on one state folder', () => {
  it('accepts the answer through the other process', { timeout: LONG }, async () => {
    const stateDir = temporaryFolder();
    const [one, two] = await Promise.all([startHttp({ main, stateDir }), startHttp({ main, stateDir })]);
    const { taskId, key } = await startAndAwaitQuestion(one.url, imported(['milk']));
    await answer(two.url, taskId, { [key]: yes });
    expect(await taskAfter(two.url, taskId, 'working')).toMatchObject({ status: 'completed', result: { structuredContent: { notes: 1 } } });
  });

  it('asks again when its process was killed while it waited', { timeout: LONG }, async () => {
    const stateDir = temporaryFolder();
    const one = await startHttp({ main, stateDir });
    const { taskId, key } = await startAndAwaitQuestion(one.url, imported(['milk']));
    await killAndExpireLease(one, stateDir, taskId);
    const two = await startHttp({ main, stateDir });
    const again = async () => Object.keys((await askTask(two.url, 'tasks/get', { taskId })).json.result.inputRequests ?? {});
    await expect.poll(again, { timeout: 40_000 }).not.toEqual([key]);
    await expect.poll(again, { timeout: 40_000 }).toHaveLength(1);
    const [newKey = ''] = await again();
    await answer(two.url, taskId, { [key]: yes });
    expect(await again()).toEqual([newKey]);
    await answer(two.url, taskId, { [newKey]: yes });
    expect(await taskAfter(two.url, taskId, 'working')).toMatchObject({ status: 'completed', result: { structuredContent: { notes: 1 } } });
  });

  it('is not started again when its process was killed in the middle of writing', { timeout: LONG }, async () => {
    const stateDir = temporaryFolder();
    const one = await startHttp({ main, stateDir });
    const { taskId, key } = await startAndAwaitQuestion(one.url, imported(['milk', 'bread'], 10_000));
    await answer(one.url, taskId, { [key]: yes });
    await taskAfter(one.url, taskId, 'input_required');
    await expect.poll(() => intentOf(stateDir, taskId)).toBe('started');
    await killAndExpireLease(one, stateDir, taskId);
    const two = await startHttp({ main, stateDir });
    const { result } = await taskAfter(two.url, taskId, 'working');
    expect(result).toMatchObject({ isError: true, _meta: { [ERROR]: { kind: 'unknown_outcome' } } });
    const { contents } = (await sendModern(two.url, 'resources/read', { uri: 'notes://all' })).json.result;
    expect(contents[0].text).toBe('');
  });
});
