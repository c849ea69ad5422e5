import { type CallToolResult, ProtocolError } from '@modelcontextprotocol/server';
import { ERROR_META } from '../pipeline/errors.ts';
import { type Outcome, resultOf } from '../pipeline/outcome.ts';
import { INTERNAL_ERROR, isObject } from '../protocol/json-rpc.ts';

/** How a task ended: its status, and the result or the JSON-RPC error that belongs to it. */
export interface TaskEnd {
  status: 'completed' | 'failed';
  answer: unknown;
}

export function endOf(outcome: Outcome): TaskEnd {
  return outcome.kind === 'answer' ? endOfResult(resultOf(outcome)) : failure('The call can no longer be made.');
}

/** A tool that ran and reported an error has completed; only an internal error makes a task fail. */
export function endOfResult(result: CallToolResult): TaskEnd {
  const error = result._meta?.[ERROR_META];
  if (isObject(error) && error.kind === 'internal') return failure(String(error.message), { trace_id: error.trace_id });
  return { status: 'completed', answer: { ...result, resultType: 'complete' } };
}

/** @throws what was thrown, unless it is a JSON-RPC error. */
export function endOfError(thrown: unknown): TaskEnd {
  if (!(thrown instanceof ProtocolError)) throw thrown;
  const { code, message, data } = thrown;
  return { status: 'failed', answer: { code, message, ...(data !== undefined && { data }) } };
}

/** The end of a task that one process after another did not finish. */
export function tooManyRestarts(): TaskEnd {
  return failure('The call was restarted too often: each time the server stopped before it had finished.');
}

function failure(message: string, data?: object): TaskEnd {
  return { status: 'failed', answer: { code: INTERNAL_ERROR, message, ...(data !== undefined && { data }) } };
}
