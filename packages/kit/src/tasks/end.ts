import { type CallToolResult, ProtocolError } from '@modelcontextprotocol/server';
import type { Outcome } from '../pipeline/outcome.ts';
import { ERROR_META, resultOf } from '../pipeline/shape.ts';
import { INTERNAL_ERROR, isObject } from '../protocol/json-rpc.ts';

/** What becomes of a task: its status, and the result or the JSON-RPC error that goes with it. */
export interface TaskEnd {
  status: 'completed' | 'failed';
  answer: unknown;
}

export function endOf(outcome: Outcome): TaskEnd {
  return outcome.kind === 'answer' ? endOfResult(resultOf(outcome)) : failure('The call can no longer be made.');
}

/** A tool that ran and reported an error has completed; only what broke inside the server has failed. Clients read a whole result. */
export function endOfResult(result: CallToolResult): TaskEnd {
  const error = result._meta?.[ERROR_META];
  if (isObject(error) && error.kind === 'internal') return failure(String(error.message), { trace_id: error.trace_id });
  return { status: 'completed', answer: { ...result, resultType: 'complete' } };
}

/** @throws what is no JSON-RPC error. */
export function endOfError(thrown: unknown): TaskEnd {
  if (!(thrown instanceof ProtocolError)) throw thrown;
  const { code, message, data } = thrown;
  return { status: 'failed', answer: { code, message, ...(data !== undefined && { data }) } };
}

/** The end of a task that has been left behind by one process after another. */
export function tooOften(): TaskEnd {
  return failure('The call was begun anew too often: each time the server stopped in the middle of it.');
}

function failure(message: string, data?: object): TaskEnd {
  return { status: 'failed', answer: { code: INTERNAL_ERROR, message, ...(data !== undefined && { data }) } };
}
