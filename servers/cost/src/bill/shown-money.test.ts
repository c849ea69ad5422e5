import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { centsOfParts, formatCents, formatChange, percentOf, toCents } from './shown-money.ts';
import { UNITS_PER_ONE } from './units.ts';

describe('shown money', () => {
  it('has parts that add up to the shown total, each at most a cent away from its amount', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n }), { minLength: 1, maxLength: 30 }), (parts) => {
        const cents = centsOfParts(parts);
        const total = parts.reduce((sum, part) => sum + part, 0n);
        expect(cents.reduce((sum, cent) => sum + cent, 0n)).toBe(toCents(total));
        for (const [index, part] of parts.entries()) {
          const away = (cents[index] ?? 0n) * (UNITS_PER_ONE / 100n) - part;
          expect(away < UNITS_PER_ONE / 100n && away > -UNITS_PER_ONE / 100n).toBe(true);
        }
      }),
    );
  });

  it('is written with thousands, cents and the currency', () => {
    expect(formatCents(123_456_789n, 'USD')).toBe('$1,234,567.89');
    expect(formatCents(-5n, 'USD')).toBe('-$0.05');
    expect(formatCents(100_000n, 'EUR')).toBe('1,000.00 EUR');
    expect([formatChange(5n, 'USD'), formatChange(0n, 'USD'), formatChange(-5n, 'USD')]).toEqual(['+$0.05', '$0.00', '-$0.05']);
  });

  it('has no share of nothing', () => {
    expect([percentOf(1n, 3n), percentOf(-1n, 3n), percentOf(5n, 0n)]).toEqual([33.3, -33.3, undefined]);
  });
});
