/** Buckets of time in UTC. Weeks are ISO weeks: they begin on Monday. */
export type Bucketing = 'day' | 'week' | 'month';

const DAY = 86_400_000;

/** The first instant of the bucket that an instant lies in. */
export function bucketStart(time: number, bucketing: Bucketing): number {
  const date = new Date(time);
  const midnight = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate());
  if (bucketing === 'day') return midnight;
  if (bucketing === 'month') return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  return midnight - ((date.getUTCDay() + 6) % 7) * DAY;
}

/** The first instant of the bucket behind the one that starts at `start`. */
export function nextBucket(start: number, bucketing: Bucketing): number {
  const date = new Date(start);
  if (bucketing === 'month') return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
  return start + (bucketing === 'day' ? DAY : 7 * DAY);
}

/** `2026-01-31`, `2026-W05`, `2026-01` */
export function bucketName(start: number, bucketing: Bucketing): string {
  const day = new Date(start).toISOString().slice(0, 10);
  if (bucketing === 'day') return day;
  if (bucketing === 'month') return day.slice(0, 7);
  // The week belongs to the year that its Thursday is in: https://www.iso.org/iso-8601-date-and-time-format.html
  const thursday = new Date(start + 3 * DAY);
  const firstDay = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  const week = Math.floor((thursday.getTime() - firstDay) / (7 * DAY)) + 1;
  return `${thursday.getUTCFullYear()}-W${String(week).padStart(2, '0')}`;
}
