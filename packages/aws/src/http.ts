import { NodeHttpHandler } from '@smithy/node-http-handler';
import { observeAttempt } from './attempts.ts';
import type { Pace } from './pacing.ts';
import type { AwsLog } from './settings.ts';

export interface HttpLimits {
  /** How long one attempt may take from the first byte sent to the last one received, in milliseconds. */
  requestTimeoutMs: number;
  /** How long connecting may take, in milliseconds. */
  connectionTimeoutMs: number;
  /** Connections to one address at a time. */
  maxSockets: number;
}

type Handler = Pick<NodeHttpHandler, 'metadata' | 'handle' | 'updateHttpClientConfig' | 'httpHandlerConfigs' | 'destroy'>;

/** The connections that all clients share. */
export function createConnections({ connectionTimeoutMs, maxSockets }: HttpLimits, log: AwsLog): NodeHttpHandler {
  const agent = { keepAlive: true, maxSockets };
  return new NodeHttpHandler({ connectionTimeout: connectionTimeoutMs, httpAgent: agent, httpsAgent: agent, logger: quiet(log) });
}

/** The shared connections for one client: each attempt, retries included, is paced and has a timeout. */
export function pacedHandler(
  connections: NodeHttpHandler,
  { pace, requestTimeoutMs, onAttempt }: { pace: Pace; requestTimeoutMs: number; onAttempt: () => void },
): Handler {
  return {
    metadata: connections.metadata,
    async handle(request, options) {
      const signal = options?.abortSignal instanceof AbortSignal ? options.abortSignal : undefined;
      await pace.take(signal);
      onAttempt();
      const timeout = AbortSignal.timeout(requestTimeoutMs);
      const abortSignal = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
      try {
        return await observeAttempt(options, () => connections.handle(request, { ...options, abortSignal }));
      } catch (error) {
        // The SDK retries after a timeout, but would take this for an abort by the caller, which it does not retry.
        if (timeout.aborted && signal?.aborted !== true) throw Object.assign(new Error('No answer in time.'), { name: 'TimeoutError' });
        throw error;
      }
    },
    // The connections belong to all clients: none of them may configure or end them.
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => connections.httpHandlerConfigs(),
    destroy() {},
  };
}

/** Passes on the SDK's warnings in words only. It also logs whole requests, answers and errors, which must not be recorded. */
export function quiet(log: AwsLog): {
  trace(): void;
  debug(): void;
  info(): void;
  warn(message: unknown): void;
  error(message: unknown): void;
} {
  const nothing = () => undefined;
  const warn = (message: unknown) => {
    if (typeof message === 'string') log.warn('The AWS SDK logged a warning', { text: message });
  };
  return { trace: nothing, debug: nothing, info: nothing, warn, error: warn };
}
