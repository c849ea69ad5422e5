import { ToolError } from '@fairway-mcp/kit';
import type { Waiting } from '../inventory/source.ts';
import { patienceMs } from '../scanning/deadline.ts';

/** Fires when the caller gives up, and some time before its deadline. */
export function untilDeadline({ signal, deadline }: Waiting): AbortSignal {
  return deadline === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(patienceMs(deadline, Date.now()))]);
}

/**
 * Works until the caller gives up, which ends the work, or its deadline comes, which does not: what the work then still remembers is
 * there when it is asked again. Progress is told for as long as the caller listens.
 * @param what for a person: what takes so long
 * @throws ToolError `timeout`; the signal's reason; whatever the work throws
 */
export async function patiently<T>(waiting: Waiting, what: string, work: (waiting: Waiting) => Promise<T>): Promise<T> {
  const { signal, deadline } = waiting;
  signal.throwIfAborted();
  const controller = new AbortController();
  const { promise: left, reject: leave } = Promise.withResolvers<never>();
  const cancel = () => {
    controller.abort(signal.reason);
    leave(signal.reason);
  };
  signal.addEventListener('abort', cancel, { once: true });
  const timer = deadline === undefined ? undefined : setTimeout(() => leave(tooSlow(what)), patienceMs(deadline, Date.now()));
  let isListening = true;
  const progress: Waiting['progress'] = (...told) => isListening && waiting.progress(...told);
  const working = work({ signal: controller.signal, deadline, progress });
  try {
    return await Promise.race([working, left]);
  } finally {
    isListening = false;
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
    // It may go on and fail with nobody listening.
    working.catch(() => undefined);
  }
}

function tooSlow(what: string): ToolError {
  return new ToolError({
    kind: 'timeout',
    message: `${what} takes longer than this call may last.`,
    remedy: 'Ask again in a minute: it goes on, and what has come by then is kept.',
    retryAfterS: 30,
  });
}
