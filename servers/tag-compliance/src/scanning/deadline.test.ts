import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { workingTimeMs } from './deadline.ts';

describe('workingTimeMs', () => {
  it('returns whole milliseconds that are never negative and end before the deadline', () => {
    const instants = fc.double({ min: 0, max: 1e13, noNaN: true });
    fc.assert(
      fc.property(instants, fc.double({ min: -1e5, max: 1e7, noNaN: true }), (now, ahead) => {
        const workingTime = workingTimeMs(now + ahead, now);
        expect(Number.isSafeInteger(workingTime)).toBe(true);
        expect(workingTime).toBeGreaterThanOrEqual(0);
        expect(workingTime).toBeLessThanOrEqual(Math.max(0, now + ahead - now - 100));
      }),
    );
  });

  it.each([
    [60_000, 57_000],
    [10_000, 9_000],
    [500, 400],
    [80, 0],
  ])('of %s ms is %s ms', (left, workingTime) => {
    expect(workingTimeMs(1_000_000 + left, 1_000_000)).toBe(workingTime);
  });
});
