import { waitFor } from '@fairway-mcp/async';
import { ToolError } from '@fairway-mcp/kit';
import type { CallContext } from '../inventory/source.ts';
import { workingTimeMs } from '../scanning/deadline.ts';

/** Fires when the caller cancels, and shortly before its deadline. */
export function deadlineSignal({ signal, deadline }: CallContext): AbortSignal {
  return deadline === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(workingTimeMs(deadline))]);
}

/**
 * Runs work that outlives a deadline but not a cancellation: what it caches after the deadline is there when the caller asks again.
 * @param what the work in words, for the message of a timeout
 * @throws ToolError `timeout`; the signal's reason; whatever the work throws
 */
export async function runUntilDeadline<T>(call: CallContext, what: string, work: (call: CallContext) => Promise<T>): Promise<T> {
  const { signal, deadline } = call;
  signal.throwIfAborted();
  const controller = new AbortController();
  const cancel = () => controller.abort(signal.reason);
  signal.addEventListener('abort', cancel, { once: true });
  const timeoutMs = deadline === undefined ? undefined : workingTimeMs(deadline);
  let isAnswered = false;
  const progress: CallContext['progress'] = (...report) => isAnswered || call.progress(...report);
  const working = work({ signal: controller.signal, deadline, progress });
  try {
    return await waitFor(working, { signal, timeoutMs, timeoutError: () => timeoutError(what) });
  } finally {
    isAnswered = true;
    signal.removeEventListener('abort', cancel);
  }
}

function timeoutError(what: string): ToolError {
  return new ToolError({
    kind: 'timeout',
    message: `${what} takes longer than this call may last.`,
    remedy: 'Ask again in a minute: it continues in the background, and its results are kept.',
    retryAfterS: 30,
  });
}
