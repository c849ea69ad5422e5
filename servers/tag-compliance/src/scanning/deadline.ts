/**
 * How long may be worked so that judging and sending the answer fit in before a deadline: it is answered a tenth of the time earlier, but
 * a tenth of a second at least and three seconds at most.
 * @param deadline and now in milliseconds since the epoch
 * @returns whole milliseconds, as timers want them; 0 when there is no time left
 */
export function patienceMs(deadline: number, now: number): number {
  const left = deadline - now;
  return Math.max(0, Math.floor(left - Math.min(3_000, Math.max(100, left / 10))));
}
