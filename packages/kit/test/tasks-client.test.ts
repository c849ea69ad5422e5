import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { createTaskSessionFromClient, type RawClientDispatch } from '@modelcontextprotocol/ext-tasks/client';
import {
  CallToolResultV2Schema,
  CancelTaskResultV2Schema,
  CreateTaskResultV2Schema,
  GetTaskResultV2Schema,
  hasTaskServerCapabilityV2,
  UpdateTaskResultV2Schema,
} from '@modelcontextprotocol/ext-tasks/core/v2';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Json, MODERN, sendModern } from './support/http.ts';
import { serveFixture } from './support/serve.ts';
import { askingTasks, askTask, beginTask, taskAfter } from './support/tasks.ts';

const clientInfo = { name: 'tasks-client', version: '1' };

/** The tasks extension's official client on top of the SDK's client. Its requests are sent unchanged, because the SDK knows no tasks. */
async function connect(url: string, confirm: boolean) {
  const client = new Client(clientInfo, { capabilities: askingTasks, versionNegotiation: { mode: { pin: MODERN } } });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  const rawDispatch: RawClientDispatch = async (request) => {
    const { method, params, id } = request as { method: string; params: Record<string, unknown>; id: string };
    const named = params.taskId === undefined ? {} : { 'Mcp-Name': String(params.taskId) };
    const { json } = await sendModern(url, method, params, { id, capabilities: askingTasks, headers: named });
    return json.error === undefined ? { kind: 'result', result: json.result } : { kind: 'error', error: json.error };
  };
  const asked: Json[] = [];
  const session = createTaskSessionFromClient(client, {
    endpointId: 'notes',
    rawDispatch,
    v2RequestFraming: { protocolVersion: MODERN, clientInfo, clientCapabilities: askingTasks },
    onInputRequest: async (request: Json) => {
      asked.push(request.params.message);
      return { action: 'accept', content: { confirm } } as Json;
    },
  });
  onTestFinished(async () => {
    await session.close();
    await client.close();
  });
  return { session, asked };
}

describe("the tasks extension's official client", () => {
  it('waits for a long call and gets its answer', async () => {
    const { url } = await serveFixture();
    const { session } = await connect(url, true);
    const execution = await session.callTool('count_slowly', { to: 100, ms: 10 });
    expect(execution.kind).toBe('task');
    const { outcome } = await execution.settle();
    expect(outcome).toMatchObject({ status: 'completed', result: { structuredContent: { counted: 100 } } });
  });

  it('gets a short answer at once', async () => {
    const { url } = await serveFixture();
    const { session } = await connect(url, true);
    const execution = await session.callTool('count_slowly', { to: 3 });
    expect(execution.kind).toBe('immediate');
    expect((await execution.settle()).outcome).toMatchObject({ status: 'completed', result: { structuredContent: { counted: 3 } } });
  });

  it('cancels a task', async () => {
    const { url } = await serveFixture();
    const { session } = await connect(url, true);
    const execution = await session.callTool('count_slowly', { to: 1000, ms: 20 });
    await execution.cancel();
    expect((await execution.settle()).outcome).toMatchObject({ status: 'cancelled' });
  });

  it.each([true, false])('asks its user, who answers %s', async (confirm) => {
    const { runtime, url } = await serveFixture();
    const { session, asked } = await connect(url, confirm);
    const execution = await session.callTool('import_notes', { notes: ['milk'] });
    const { outcome } = await execution.settle();
    expect(asked).toEqual(['Keep 1 notes?']);
    expect(outcome).toMatchObject({ status: 'completed', result: confirm ? { structuredContent: { notes: 1 } } : { isError: true } });
    expect(runtime.services).toEqual({ items: confirm ? ['milk'] : [] });
  });
});

describe("the tasks extension's official schemas", () => {
  it('accept every state of a task', async () => {
    const { url } = await serveFixture();
    const client = { capabilities: askingTasks };
    const result = async (reply: Promise<{ json: Json }>) => (await reply).json.result;
    expect(hasTaskServerCapabilityV2((await result(sendModern(url, 'server/discover'))).capabilities)).toBe(true);

    const long = await result(beginTask(url, { name: 'count_slowly', arguments: { to: 1000, ms: 20 } }, client));
    CreateTaskResultV2Schema.parse(long);
    const { taskId } = long;
    GetTaskResultV2Schema.parse(await result(askTask(url, 'tasks/get', { taskId })));
    CancelTaskResultV2Schema.parse(await result(askTask(url, 'tasks/cancel', { taskId })));
    const states = [await result(askTask(url, 'tasks/get', { taskId }))];

    const write = await result(beginTask(url, { name: 'import_notes', arguments: { notes: ['x'] } }, client));
    states.push(await taskAfter(url, write.taskId, 'working'));
    const inputResponses = Object.fromEntries(Object.keys(states[1].inputRequests).map((key) => [key, { action: 'decline' }]));
    UpdateTaskResultV2Schema.parse(await result(askTask(url, 'tasks/update', { taskId: write.taskId, inputResponses })));
    states.push(await taskAfter(url, write.taskId, 'working'));
    for (const state of states) GetTaskResultV2Schema.parse(state);
    CallToolResultV2Schema.parse(states[2].result);
    expect(states.map(({ status }) => status)).toEqual(['cancelled', 'input_required', 'completed']);
  });
});
