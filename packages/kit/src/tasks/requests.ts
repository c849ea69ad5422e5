import { errorParts } from '../pipeline/errors.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { Caller } from '../protocol/caller.ts';
import { ToolError } from '../protocol/errors.ts';
import { INTERNAL_ERROR, INVALID_PARAMS } from '../protocol/json-rpc.ts';
import type { Tasks } from './tasks.ts';
import { declaresTasks, MISSING_CAPABILITY, REQUIRED_CAPABILITIES } from './view.ts';

export const TASK_METHODS = ['tasks/get', 'tasks/update', 'tasks/cancel'] as const;
export type TaskMethod = (typeof TASK_METHODS)[number];

export type TaskReply = { result: Record<string, unknown> } | { error: { code: number; message: string; data?: unknown } };

export function isTaskMethod(method: string): method is TaskMethod {
  return TASK_METHODS.some((known) => known === method);
}

type Params = Readonly<Record<string, unknown>>;

/** Answers a request of the tasks extension. Tasks of other principals are as unknown as those that never existed. */
export async function answerTaskRequest(
  { admit, observe }: Pick<Pipeline, 'admit' | 'observe'>,
  tasks: Tasks,
  { method, params, caller }: { method: TaskMethod; params: Params; caller: Caller },
): Promise<TaskReply> {
  const observation = observe(caller, { method });
  try {
    const reply = await admit(caller.principal, method, () => replyTo(tasks, method, params, caller));
    observation.end('error' in reply ? { kind: 'protocol_error', code: reply.error.code } : undefined);
    return reply;
  } catch (error) {
    if (error instanceof ToolError) {
      const parts = errorParts(error);
      observation.end({ kind: error.kind, code: parts.code });
      return { error: parts };
    }
    observation.end({ kind: 'internal', code: INTERNAL_ERROR });
    throw error;
  }
}

async function replyTo(tasks: Tasks, method: TaskMethod, params: Params, caller: Caller): Promise<TaskReply> {
  const { principal, capabilities, inputResponses } = caller;
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
const UNKNOWN: TaskReply = { error: { code: INVALID_PARAMS, message: 'There is no such task, or it has expired.' } };
