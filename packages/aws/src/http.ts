import { NodeHttpHandler } from '@smithy/node-http-handler';
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

/** The shared connections as one client sees them: each attempt, retries included, waits for its turn and has its time. */
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
      const time = AbortSignal.timeout(requestTimeoutMs);
      try {
        return await connections.handle(request, {
          ...options,
          abortSignal: signal === undefined ? time : AbortSignal.any([signal, time]),
        });
      } catch (error) {
        // The SDK tries again after a timeout, but not after an abortion, which is what it takes this for.
        if (time.aborted && signal?.aborted !== true) throw Object.assign(new Error('No answer in time.'), { name: 'TimeoutError' });
        throw error;
      }
    },
    // The connections belong to all clients: none of them may configure or end them.
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => connections.httpHandlerConfigs(),
    destroy() {},
  };
}

/** What the SDK has to say in words. It also hands out whole requests, answers and errors, which are not to be written down. */
export function quiet(log: AwsLog): { trace(): void; debug(): void; info(): void; warn(said: unknown): void; error(said: unknown): void } {
  const nothing = () => undefined;
  const warn = (said: unknown) => {
    if (typeof said === 'string') log.warn('The AWS SDK warns', { text: said });
  };
  return { trace: nothing, debug: nothing, info: nothing, warn, error: warn };
}
