import type { TaskRow, TaskStatus } from '@fairway-mcp/store';
import type { CallToolResult } from '@modelcontextprotocol/server';

/** The extension under which tasks are negotiated (SEP-2663). */
export const TASKS_EXTENSION = 'io.modelcontextprotocol/tasks';
/** -32021: the client did not declare a capability that the answer needs. */
export const MISSING_CAPABILITY = -32021;

/** How often clients should poll, in milliseconds. */
const POLL_INTERVAL_MS = 1000;

/** A task as clients see it. */
export interface TaskView {
  taskId: string;
  status: TaskStatus;
  createdAt: string;
  lastUpdatedAt: string;
  ttlMs: number;
  pollIntervalMs: number;
  statusMessage?: string;
  /** What the client has to answer, by key, while the task waits for it. */
  inputRequests?: unknown;
  /** The tool's result, once completed. */
  result?: unknown;
  /** A JSON-RPC error, once failed. */
  error?: unknown;
}

export function viewOf(row: TaskRow): TaskView {
  const answer: unknown = row.answer === null ? undefined : JSON.parse(row.answer);
  return {
    taskId: row.id,
    status: row.status,
    createdAt: row.createdAt,
    lastUpdatedAt: row.updatedAt,
    ttlMs: row.expiresAt - Date.parse(row.createdAt),
    pollIntervalMs: POLL_INTERVAL_MS,
    ...(row.statusMessage !== null && { statusMessage: row.statusMessage }),
    ...(row.status === 'input_required' && { inputRequests: JSON.parse(row.questions) as unknown }),
    ...(row.status === 'completed' && { result: answer }),
    ...(row.status === 'failed' && { error: answer }),
  };
}

/** The result of a call that became a task. The SDK's result type has no tasks; it accepts their fields beside the content. */
export function createdResult(task: TaskView): CallToolResult {
  return { content: [], ...task, resultType: 'task' };
}

/** Whether the client declared the extension, with this request or when it connected. */
export function declaresTasks(capabilities: { readonly extensions?: unknown }): boolean {
  const { extensions } = capabilities;
  return typeof extensions === 'object' && extensions !== null && TASKS_EXTENSION in extensions;
}

/** The error data for a client that did not declare the extension. */
export const REQUIRED_CAPABILITIES = { requiredCapabilities: { extensions: { [TASKS_EXTENSION]: {} } } };
