/** How a score changes over time; `unknown` when there are not two points to compare. */
export type Trend = 'improving' | 'stable' | 'declining' | 'unknown';

/** A change of less than one percentage point over the whole window is noise, not a development. */
export const DEAD_BAND = 0.01;

export interface TrendPoint {
  /** Milliseconds since the epoch. */
  time: number;
  /** From 0 to 1. */
  score: number;
}

/**
 * The trend of a score by the Theil-Sen estimator: the median of the slopes between all pairs of points, which one outlier cannot change.
 * Source: https://en.wikipedia.org/wiki/Theil%E2%80%93Sen_estimator
 * @returns the trend, and the change that the slope makes over the time between the first and the last point (0.05: five points better).
 */
export function trendOf(points: readonly TrendPoint[]): { trend: Trend; change: number | undefined } {
  const slopes = points.flatMap((a, index) =>
    points.slice(index + 1).flatMap((b) => (a.time === b.time ? [] : [(b.score - a.score) / (b.time - a.time)])),
  );
  if (slopes.length === 0) return { trend: 'unknown', change: undefined };
  const times = points.map(({ time }) => time);
  const change = median(slopes) * (Math.max(...times) - Math.min(...times));
  // Rounded far below what can be seen, so that a change of exactly one point is not lost to binary fractions.
  const seen = Math.round(change * 1e9) / 1e9;
  return { trend: Math.abs(seen) < DEAD_BAND ? 'stable' : seen > 0 ? 'improving' : 'declining', change: seen };
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1] ?? 0, sorted[Math.floor(middle)] ?? 0];
  return (low + high) / 2;
}
