import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClaimSource } from './claims.ts';
import { combine, type WeighedClaim } from './combine.ts';

function claim(source: ClaimSource, value: string, weight: number): WeighedClaim {
  return { source, detail: '', value, strength: 1, text: '', weight };
}

describe('combined claims', () => {
  it('have the confidence of a single claim', () => {
    expect(combine([claim('name', 'a', 0.8)])[0]?.confidence).toBeCloseTo(0.8, 10);
    expect(combine([])).toEqual([]);
  });

  it('have more confidence when independent claims agree, but not when they are of one family', () => {
    expect(combine([claim('name', 'a', 0.8), claim('parent_tag', 'a', 0.6)])[0]?.confidence).toBeCloseTo(0.92, 10);
    expect(combine([claim('name', 'a', 0.8), claim('name_word', 'a', 0.6)])[0]?.confidence).toBeCloseTo(0.8, 10);
  });

  it('have less confidence when they disagree', () => {
    const [first, second] = combine([claim('name', 'a', 0.8), claim('parent_tag', 'b', 0.8)]);
    expect(first?.confidence).toBeCloseTo(4 / 9, 10);
    expect(second?.confidence).toBeCloseTo(4 / 9, 10);
    expect(combine([claim('name', 'a', 0.95), claim('account', 'b', 0.5)])[0]).toMatchObject({
      value: 'a',
      confidence: expect.closeTo(19 / 21, 10),
    });
  });

  it('have confidences in [0, 1] that sum to at most 1 and do not depend on the order', () => {
    const source = fc.constantFrom<ClaimSource>('name', 'parent_tag', 'account', 'other_tag', 'principal_tag', 'wrong_value');
    const claims = fc.array(fc.tuple(source, fc.constantFrom('a', 'b', 'c'), fc.double({ min: 0, max: 1, noNaN: true })));
    fc.assert(
      fc.property(claims, (list) => {
        const all = list.map(([from, value, weight]) => claim(from, value, weight));
        const candidates = combine(all);
        for (const { confidence } of candidates) expect(confidence >= 0 && confidence < 1).toBe(true);
        expect(candidates.reduce((sum, { confidence }) => sum + confidence, 0)).toBeLessThanOrEqual(1 + 1e-9);
        const reversed = combine(all.toReversed());
        for (const { value, confidence } of candidates) {
          expect(reversed.find((other) => other.value === value)?.confidence).toBeCloseTo(confidence, 9);
        }
      }),
    );
  });
});
