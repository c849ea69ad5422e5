/**
 * How long a call may work so that evaluating and sending the answer fit in before its deadline. A tenth of the time is kept for that,
 * at least 0.1 s and at most 3 s.
 * @param deadline and now in milliseconds of `performance.now()`
 * @returns whole milliseconds, as timers need them; 0 when there is no time left
 */
export function workingTimeMs(deadline: number, now = performance.now()): number {
  const left = deadline - now;
  return Math.max(0, Math.floor(left - Math.min(3_000, Math.max(100, left / 10))));
}
