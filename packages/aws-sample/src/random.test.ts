import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from './random.ts';
import { SEED_LABEL } from './seed-label.ts';

describe('createRandom', () => {
  it('gives the same numbers for the same seed and label, and only then', () => {
    const draw = (seed: number, label: string) => createRandom(seed, label).hex(32);
    expect(draw(1, 'a')).toBe(draw(1, 'a'));
    expect(new Set([draw(1, 'a'), draw(2, 'a'), draw(1, 'b'), draw(-1, 'a')]).size).toBe(4);
  });

  it('gives the same numbers as earlier releases, so that a seed keeps its organization', () => {
    expect(createRandom(1, SEED_LABEL).hex(32)).toBe('16f6b69c07150c07d2ddee3bda20d444');
  });

  it('keeps every kind of value within its bounds', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 1000 }), (seed, limit) => {
        const random = createRandom(seed, 'bounds');
        for (let draw = 0; draw < 50; draw += 1) {
          expect(random.int(limit)).toBeLessThan(limit);
          expect(random.next()).toBeLessThan(1);
          expect(random.longTail(5, 2)).toBeGreaterThanOrEqual(0);
        }
        expect(random.hex(17)).toMatch(/^[0-9a-f]{17}$/);
        expect(random.base32(17)).toMatch(/^[A-Z2-7]{17}$/);
      }),
    );
  });

  it('gives each of ten values about equally often', () => {
    const random = createRandom(7, 'even');
    const counts = new Array<number>(10).fill(0);
    for (let draw = 0; draw < 100_000; draw += 1) {
      const value = random.int(10);
      counts[value] = (counts[value] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });

  it('rejects picking from an empty list', () => {
    expect(() => createRandom(1, 'x').pick([])).toThrow(RangeError);
  });
});
