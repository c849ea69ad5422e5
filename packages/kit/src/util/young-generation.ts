import { PerformanceObserver } from 'node:perf_hooks';
import v8 from 'node:v8';

/** Enough for the garbage of several hundred calls. V8's own limit is four times as much, most of which a server only holds and never needs. */
const MAX_BYTES = 8 * 1024 * 1024;

/**
 * Keeps V8's young generation at {@link MAX_BYTES} and collects it on the main thread alone. A server creates little that lives for long: a
 * larger young generation costs memory, and handing so little work to other threads costs more processor time than the work itself.
 *
 * V8 doubles the young generation while it is busy and shrinks it while the process is idle, so that growth is turned off at the limit and on
 * again below it. Within one long synchronous piece of work it may grow further.
 */
export function limitYoungGeneration(): void {
  v8.setFlagsFromString('--no-parallel-scavenge');
  let factor = 0;
  const adjust = () => {
    const wanted = youngGenerationBytes() * 2 <= MAX_BYTES ? 2 : 1;
    if (wanted !== factor) v8.setFlagsFromString(`--semi-space-growth-factor=${wanted}`);
    factor = wanted;
  };
  adjust();
  new PerformanceObserver(adjust).observe({ entryTypes: ['gc'] });
}

function youngGenerationBytes(): number {
  return v8.getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0;
}
