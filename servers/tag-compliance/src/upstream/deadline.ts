import { ToolError } from '@fairway-mcp/kit';
import type { CallContext } from '../inventory/source.ts';
import { workingTimeMs } from '../scanning/deadline.ts';

/** Fires when the caller cancels, and shortly before its deadline. */
export function deadlineSignal({ signal, deadline }: CallContext): AbortSignal {
  return deadline === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(workingTimeMs(deadline, Date.now()))]);
}

/**
 * Runs work that outlives a deadline but not a cancellation: what it caches after the deadline is there when the caller asks again.
 * Timeout helpers of libraries end the work in both cases or in neither.
 * @param what the work in words, for the message of a timeout
 * @throws ToolError `timeout`; the signal's reason; whatever the work throws
 */
export async function runUntilDeadline<T>(call: CallContext, what: string, work: (call: CallContext) => Promise<T>): Promise<T> {
  const { signal, deadline } = call;
  signal.throwIfAborted();
  const controller = new AbortController();
  const { promise: interrupted, reject: interrupt } = Promise.withResolvers<never>();
  const cancel = () => {
    controller.abort(signal.reason);
    interrupt(signal.reason);
  };
  signal.addEventListener('abort', cancel, { once: true });
  const timer = deadline === undefined ? undefined : setTimeout(() => interrupt(timeoutError(what)), workingTimeMs(deadline, Date.now()));
  let isAnswered = false;
  const progress: CallContext['progress'] = (...report) => isAnswered || call.progress(...report);
  const working = work({ signal: controller.signal, deadline, progress });
  try {
    return await Promise.race([working, interrupted]);
  } finally {
    isAnswered = true;
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
    // Work that continues may fail when nothing waits for it any more.
    working.catch(() => undefined);
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
