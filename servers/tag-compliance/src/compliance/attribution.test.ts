import Big from 'big.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attributionGap, attributionSchema } from './attribution.ts';

describe('attribution gap', () => {
  it('is exactly the total minus the attributable spend, for each group and in sum', () => {
    const groups = [
      { key: 'ec2:instance', total: '0.30', attributable: '0.10', taggable: '0.3' },
      { key: 's3:bucket', total: '0.1', attributable: '0.1', taggable: '0.1' },
      { key: 'Tax', total: '0.0000000001', attributable: '0', taggable: '0' },
    ];
    expect(attributionGap(groups)).toEqual({
      total: '0.4000000001',
      attributable: '0.2',
      gap: '0.2000000001',
      gap_percent: 50,
      taggable: { total: '0.4', attributable: '0.2', gap: '0.2', gap_percent: 50 },
      breakdown: [
        { key: 'ec2:instance', total: '0.3', attributable: '0.1', gap: '0.2', gap_percent: 66.7 },
        { key: 'Tax', total: '0.0000000001', attributable: '0', gap: '0.0000000001', gap_percent: 100 },
        { key: 's3:bucket', total: '0.1', attributable: '0.1', gap: '0', gap_percent: 0 },
      ],
    });
  });

  it('is also computed for taggable spend', () => {
    const groups = [
      { key: 'a', total: '10', attributable: '4', taggable: '8' },
      { key: 'Tax', total: '2', attributable: '0', taggable: '0' },
    ];
    expect(attributionGap(groups)).toMatchObject({
      gap: '8',
      gap_percent: 66.7,
      taggable: { total: '8', attributable: '4', gap: '4', gap_percent: 50 },
    });
  });

  it('is never less than nothing of the taggable spend, also where no tag is required', () => {
    const groups = [
      { key: 'a', total: '10', attributable: '10', taggable: '8' },
      { key: 'Support', total: '2', attributable: '2', taggable: '0' },
    ];
    expect(attributionGap(groups)).toMatchObject({ gap: '0', taggable: { total: '8', attributable: '8', gap: '0', gap_percent: 0 } });
  });

  it('has no percentage when there is no spend', () => {
    expect(attributionGap([])).toMatchObject({ total: '0', gap: '0', gap_percent: undefined, breakdown: [] });
    expect(attributionGap([{ key: 'refund', total: '-5', attributable: '0', taggable: '0' }])).toMatchObject({
      gap: '-5',
      gap_percent: undefined,
    });
  });

  it('is not computed from an amount that is not a number', () => {
    expect(() => attributionGap([{ key: 'a', total: 'n/a', attributable: '0', taggable: '0' }])).toThrow(
      'The spend of "a" is not a decimal number.',
    );
  });

  it('equals total minus attributable, and the breakdown adds up to each total', () => {
    const amount = fc.tuple(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 18n }), fc.integer({ min: 0, max: 12 })).map(([digits, places]) => {
      return new Big(digits.toString()).div(new Big(10).pow(places)).toFixed();
    });
    const groups = fc.uniqueArray(fc.record({ key: fc.string(), total: amount, attributable: amount, taggable: amount }), {
      selector: ({ key }) => key,
    });
    fc.assert(
      fc.property(groups, (list) => {
        const gap = attributionGap(list);
        expect(attributionSchema.parse(gap)).toEqual(gap);
        expect(new Big(gap.total).minus(gap.attributable).eq(gap.gap)).toBe(true);
        for (const part of ['total', 'attributable', 'gap'] as const) {
          const sum = gap.breakdown.reduce((all, group) => all.plus(group[part]), new Big(0));
          expect(sum.eq(gap[part])).toBe(true);
        }
      }),
    );
  });
});
