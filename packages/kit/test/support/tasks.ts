import { localUser } from '@fairway-mcp/auth';
import type { Database, TaskRow } from '@fairway-mcp/store';
import { expect } from 'vitest';
import { type Json, type RawResponse, sendModern } from './http.ts';

/** The tasks extension, as a client declares it. */
export const tasks = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
/** A client that declares tasks and can ask its user. */
export const askingTasks = { ...tasks, elicitation: { form: {} } };

interface Client {
  capabilities?: object;
  headers?: Record<string, string>;
}

/** Calls a tool as a client that declares tasks. */
export function beginTask(url: string, params: object, { capabilities = tasks, headers = {} }: Client = {}): Promise<RawResponse> {
  return sendModern(url, 'tools/call', { ...params }, { capabilities, headers });
}

/** Sends a request of the tasks extension about one task. */
export function askTask(
  url: string,
  method: string,
  params: { taskId: string; inputResponses?: unknown },
  { capabilities = tasks, headers = {} }: Client = {},
): Promise<RawResponse> {
  return sendModern(url, method, params, { capabilities, headers: { 'Mcp-Name': params.taskId, ...headers } });
}

/** Waits until the task has another status than the given one. */
export async function taskAfter(url: string, taskId: string, status: string, client: Client = {}): Promise<Json> {
  let task: Json;
  const look = async () => {
    task = (await askTask(url, 'tasks/get', { taskId }, client)).json.result;
    return task.status;
  };
  await expect.poll(look, { timeout: 40_000 }).not.toBe(status);
  return task;
}

/** Ends the lease of a task at once, as waiting would. */
export async function expireLease(store: Database, taskId: string): Promise<void> {
  const { changes } = await store.run('UPDATE tasks SET lease_until = 0 WHERE id = ?', [taskId]);
  expect(changes).toBe(1);
}

/** A task whose process has died. */
export const orphanedTask: TaskRow = {
  id: 'x',
  server: 'notes',
  owner: localUser.id,
  principal: JSON.stringify(localUser),
  capabilities: '{}',
  tool: 'count_slowly',
  arguments: '{"to":3}',
  status: 'working',
  statusMessage: null,
  answer: null,
  questions: '{}',
  responses: '{}',
  createdAt: new Date().toISOString(),
  updatedAt: new Date().toISOString(),
  expiresAt: Date.now() + 3_600_000,
  leaseUntil: 0,
  reclaims: 0,
};
