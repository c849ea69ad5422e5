import { type Clock, createUpstream, type Upstream, type UpstreamOptions } from '../../src/index.ts';
import type { HostileServer } from '../../src/testing/index.ts';

/** A client for a hostile server: no store, one attempt, unless the test says otherwise. */
export function clientFor(server: Pick<HostileServer, 'origin'>, options: Partial<UpstreamOptions> = {}): Upstream {
  return createUpstream({
    hosts: [{ host: server.origin, why: 'tests' }],
    userAgent: 'fairway-test/1.0',
    allowPrivateAddresses: true,
    store: false,
    ...options,
    retry: { maxAttempts: 1, ...options.retry },
  });
}

/** The error of a request that must fail. */
export async function failureOf(promise: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('error' in outcome) return outcome.error as Error & Record<string, unknown>;
  throw new Error(`expected a failure, got ${JSON.stringify(outcome.value)?.slice(0, 200)}`);
}

export interface FakeClock extends Clock {
  /** Every wait, in milliseconds. */
  readonly sleeps: number[];
  advance(ms: number): void;
}

/** Time that passes only when somebody sleeps or the test says so. */
export function createFakeClock(start = Date.UTC(2026, 0, 1)): FakeClock {
  let elapsed = 0;
  const sleeps: number[] = [];
  return {
    sleeps,
    monotonic: () => elapsed,
    wall: () => start + elapsed,
    advance: (ms) => {
      elapsed += ms;
    },
    async sleep(ms, signal) {
      signal.throwIfAborted();
      sleeps.push(ms);
      elapsed += ms;
    },
  };
}
