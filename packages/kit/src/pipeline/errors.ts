import { type ErrorDetails, ToolError } from '../protocol/errors.ts';
import { errorCodeOf } from '../protocol/json-rpc.ts';
import type { Answer } from './outcome.ts';
import { isUpstreamFailure, toToolError } from './upstream-failure.ts';

/** The key of an error's parts in a result's `_meta`. */
export const ERROR_META = 'io.github.fairway-mcp/error';

/** An error as callers see it: readable text, and the parts in `_meta` for programs. The trace id finds the details in the log. */
export function errorAnswer(error: ToolError, traceId: string): Answer {
  const parts = {
    kind: error.kind,
    message: error.message,
    remedy: error.remedy,
    ...(error.retryAfterS !== undefined && { retry_after_s: error.retryAfterS }),
    trace_id: traceId,
  };
  const wait = error.retryAfterS === undefined ? '' : ` Retry after ${error.retryAfterS} s.`;
  const text = `${error.message} ${error.remedy}${wait} (${error.kind}, trace ${traceId})`;
  return { kind: 'answer', content: [{ type: 'text', text }], isError: true, meta: { [ERROR_META]: parts } };
}

/** The error that a caller is shown for anything that was thrown. */
export function publicError(thrown: unknown, cancelled: boolean): ToolError {
  if (thrown instanceof ToolError) return thrown;
  if (isUpstreamFailure(thrown)) return toToolError(thrown);
  const details: ErrorDetails = cancelled
    ? { kind: 'cancelled', message: 'The call was cancelled.', remedy: 'Call again when the answer is wanted.', cause: thrown }
    : {
        kind: 'internal',
        message: 'Something went wrong inside the server.',
        remedy: 'Report it with the trace id; the log has the details.',
        cause: thrown,
      };
  return new ToolError(details);
}

/** An error as a JSON-RPC error, for requests whose results cannot carry one. */
export function errorParts({ kind, message, remedy, retryAfterS }: ToolError): { code: number; message: string; data: object } {
  const data = { kind, remedy, ...(retryAfterS !== undefined && { retry_after_s: retryAfterS }) };
  return { code: errorCodeOf(kind), message: `${message} ${remedy}`, data };
}

export function forbidden(scope: string): ToolError {
  return new ToolError({
    kind: 'forbidden',
    message: `This caller may not do that: it needs the scope ${scope}.`,
    remedy: 'Ask the operator for a credential with that scope.',
  });
}
