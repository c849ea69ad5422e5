import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pace, RATES } from './pacing.ts';

describe('Pace', () => {
  it('never allows more calls in any span of time than the burst plus what the rate adds', () => {
    const rates = fc.record({ perSecond: fc.integer({ min: 1, max: 50 }), burst: fc.integer({ min: 1, max: 50 }) });
    fc.assert(
      fc.property(rates, fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 120 }), (rate, pauses) => {
        let now = 0;
        const pace = new Pace(rate, () => now);
        const passages = pauses.map((pause) => {
          now += pause;
          return now + pace.reserve();
        });
        for (const [first, from] of passages.entries()) {
          for (const [last, to] of passages.entries()) {
            if (last < first) continue;
            const allowed = rate.burst + ((to - from) / 1000) * rate.perSecond;
            expect(last - first + 1).toBeLessThanOrEqual(Math.floor(allowed + 1e-6));
          }
        }
      }),
    );
  });

  it('lets calls proceed in the order in which they arrived', () => {
    let now = 0;
    const pace = new Pace({ perSecond: 10, burst: 2 }, () => now);
    const waits = [0, 1, 2, 3, 4].map(() => pace.reserve());
    expect(waits).toEqual([0, 0, 100, 200, 300]);
    now = 1000;
    expect(pace.reserve()).toBe(0);
  });

  it('rejects a waiting call when its signal is aborted', async () => {
    const pace = new Pace({ perSecond: 0.001, burst: 1 });
    await pace.take(undefined);
    const controller = new AbortController();
    const waiting = pace.take(controller.signal);
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow();
  });

  it('limits Cost Explorer to one call a second', () => {
    expect(RATES['cost-explorer'].perSecond).toBe(1);
  });
});
