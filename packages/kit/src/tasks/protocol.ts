import type { Caller } from '../call/caller.ts';
import { INVALID_PARAMS } from '../protocol/json.ts';
import type { Tasks } from './tasks.ts';
import { declaresTasks, MISSING_CAPABILITY, REQUIRED_CAPABILITIES } from './view.ts';

export const TASK_METHODS = ['tasks/get', 'tasks/update', 'tasks/cancel'] as const;
export type TaskMethod = (typeof TASK_METHODS)[number];

export type TaskReply = { result: Record<string, unknown> } | { error: { code: number; message: string; data?: unknown } };

export function isTaskMethod(method: string): method is TaskMethod {
  return TASK_METHODS.some((known) => known === method);
}

/** Answers a request of the tasks extension. Tasks of others are as unknown as those that never were. */
export async function answerTaskRequest(
  tasks: Tasks,
  method: TaskMethod,
  params: Readonly<Record<string, unknown>>,
  { principal, capabilities, inputResponses }: Pick<Caller, 'principal' | 'capabilities' | 'inputResponses'>,
): Promise<TaskReply> {
  if (!declaresTasks(capabilities)) {
    return { error: { code: MISSING_CAPABILITY, message: 'The client did not declare the tasks extension.', data: REQUIRED_CAPABILITIES } };
  }
  const { taskId } = params;
  if (typeof taskId !== 'string') return { error: { code: INVALID_PARAMS, message: 'taskId is missing.' } };
  if (method === 'tasks/get') {
    const task = await tasks.find(taskId, principal);
    return task === undefined ? UNKNOWN : { result: { ...task } };
  }
  if (method === 'tasks/update' && inputResponses === undefined)
    return { error: { code: INVALID_PARAMS, message: 'inputResponses is missing.' } };
  const isKnown =
    method === 'tasks/cancel' ? await tasks.cancel(taskId, principal) : await tasks.respond(taskId, principal, inputResponses ?? {});
  return isKnown ? ACKNOWLEDGED : UNKNOWN;
}

const ACKNOWLEDGED: TaskReply = { result: {} };
const UNKNOWN: TaskReply = { error: { code: INVALID_PARAMS, message: 'There is no such task, or its time is over.' } };
