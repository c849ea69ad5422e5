import { sleep } from '@fairway-mcp/async';

/** Where the time comes from. Tests pass their own. */
export interface Clock {
  /** Milliseconds that never jump: deadlines, rates, breaker. */
  monotonic(): number;
  /** Milliseconds since the epoch: HTTP dates. */
  wall(): number;
  /** Rejects with the signal's reason when aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  monotonic: () => performance.now(),
  wall: () => Date.now(),
  sleep,
};
