import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spread } from './spread.ts';

describe('labels that are pushed apart', () => {
  it('stay where they are when there is space', () => {
    expect(spread([10, 60, 100], { gap: 36, from: 0, to: 200 })).toEqual([10, 60, 100]);
  });

  it('share the displacement', () => {
    expect(spread([100, 100], { gap: 36, from: 0, to: 200 })).toEqual([82, 118]);
    expect(spread([100, 104, 108], { gap: 36, from: 0, to: 200 })).toEqual([68, 104, 140]);
  });

  it('stay between the ends, in their order, with their distance or with all the space that there is', () => {
    const wanted = fc
      .array(fc.double({ min: -50, max: 500, noNaN: true }), { minLength: 1, maxLength: 12 })
      .map((all) => all.sort((a, b) => a - b));
    fc.assert(
      fc.property(wanted, fc.integer({ min: 1, max: 60 }), (positions, gap) => {
        const found = spread(positions, { gap, from: 0, to: 300 });
        const step = Math.min(gap, 300 / Math.max(1, positions.length - 1));
        expect(found.every((position) => position >= -1e-6 && position <= 300 + 1e-6)).toBe(true);
        expect(found.every((position, index) => index === 0 || position - (found[index - 1] ?? 0) >= step - 1e-6)).toBe(true);
      }),
    );
  });
});
