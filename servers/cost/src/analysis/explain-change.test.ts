import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerFrom } from '../bill/answer-from.ts';
import { bills } from '../bill/bill.arbitraries.ts';
import { addDays, countDays, type Span } from '../bill/days.ts';
import type { BillRow, Dimension, Quantity } from '../bill/question.ts';
import { type ChangeParts, noParts, sumOfParts } from './change-parts.ts';
import { explainChange } from './explain-change.ts';

function line(key: string, gross: bigint, usage: Quantity[] = [], other: { credits?: bigint; refunds?: bigint } = {}): BillRow {
  return { start: '2026-10-01', keys: [key], amounts: { gross, credits: 0n, refunds: 0n, ...other }, usage };
}

function hours(quantity: bigint, unit = 'Hrs'): Quantity[] {
  return [{ quantity, unit }];
}

function explain(before: BillRow[], after: BillRow[], days = [30, 30]) {
  return explainChange({ rows: before, days: days[0] ?? 0 }, { rows: after, days: days[1] ?? 0 }, ['service']);
}

function parts(some: Partial<ChangeParts>): ChangeParts {
  return { ...noParts(), ...some };
}

describe('explainChange', () => {
  it('tells price from volume', () => {
    const { parts: found } = explain([line('a', 1000n, hours(10n))], [line('a', 1800n, hours(15n))]);
    expect(found).toEqual(parts({ volume: 500n, price: 300n }));
  });

  it('tells what is new and what is gone', () => {
    const { parts: found } = explain([line('a', 1000n, hours(10n))], [line('b', 700n, hours(7n))]);
    expect(found).toEqual(parts({ new: 700n, gone: -1000n }));
  });

  it('does not guess where quantities cannot be compared', () => {
    const both = (a: Quantity[], b: Quantity[]) => explain([line('a', 1000n, a)], [line('a', 1200n, b)]).parts;
    expect(both([], [])).toEqual(parts({ other: 200n }));
    expect(both(hours(1n), hours(1n, 'GB'))).toEqual(parts({ other: 200n }));
    expect(both(hours(1n), [...hours(1n), ...hours(1n, 'GB')])).toEqual(parts({ other: 200n }));
  });

  it('keeps credits and refunds apart', () => {
    const {
      before,
      after,
      parts: found,
    } = explain([line('a', 1000n, hours(1n), { credits: -100n })], [line('a', 1000n, hours(1n), { credits: -400n, refunds: -5n })]);
    expect([before, after, found]).toEqual([900n, 595n, parts({ credits: -300n, refunds: -5n })]);
  });

  it('takes the longer period into account first', () => {
    const { parts: found } = explain([line('a', 3000n, hours(30n))], [line('a', 3410n, hours(31n))], [30, 31]);
    expect(found).toEqual(parts({ days: 100n, price: 310n }));
  });

  it('tells the mix of a group that is measured in one unit', () => {
    const before = [line('small', 100n, hours(10n)), line('large', 1000n, hours(10n))];
    const after = [line('small', 50n, hours(5n)), line('large', 1500n, hours(15n))];
    expect(explain(before, after).parts).toEqual(parts({ mix: 450n }));
    const other = [line('disk', 10n, hours(1n, 'GB'))];
    expect(explain([...before, ...other], [...after, ...other]).parts).toEqual(parts({ volume: 450n }));
  });

  it('is exact where doubles are not', () => {
    const huge = 10n ** 17n + 1n;
    const { parts: found } = explain([line('a', huge, hours(3n))], [line('a', huge + 7n, hours(4n))]);
    expect(found.volume).toBe((huge + 1n) / 3n);
    expect(sumOfParts(found)).toBe(7n);
  });

  it('names the lines that changed most, and orders groups by the size of their change', () => {
    const after = Array.from({ length: 30 }, (_, index) => line(`s${index}`, BigInt((index * 7) % 30) * 100n, hours(1n)));
    const { lines, breakdowns } = explain([line('gone', 5000n, hours(1n))], after);
    const sizes = lines.map((one) => one.after - one.before);
    expect([lines.length, lines[0]?.keys, sizes[1]]).toEqual([10, ['gone'], 2900n]);
    expect(breakdowns[0]?.groups.slice(0, 2).map(({ before, after: now }) => now - before)).toEqual([-5000n, 2900n]);
  });
});

const DIMENSIONS: readonly Dimension[] = ['service', 'usage_type', 'account', 'tag:team'];

describe('the parts of a change', () => {
  it('add up to it, in all, in each group and over the groups of each dimension', () => {
    const days = fc.integer({ min: 1, max: 20 });
    fc.assert(
      fc.property(bills(), days, days, (charges, first, second) => {
        const spans: Span[] = [
          { start: '2026-09-12', end: addDays('2026-09-12', first) },
          { start: addDays('2026-09-12', first), end: addDays('2026-09-12', first + second) },
        ];
        const [before, after] = spans.map((period) => ({
          days: countDays(period),
          rows: answerFrom(charges, {
            period,
            granularity: 'total',
            metric: 'billed',
            groupBy: DIMENSIONS,
            filter: undefined,
            withUsage: true,
          }).rows,
        }));
        if (before === undefined || after === undefined) return;
        const explained = explainChange(before, after, DIMENSIONS, 1000);
        const change = explained.after - explained.before;
        expect(sumOfParts(explained.parts)).toBe(change);
        for (const { groups } of [...explained.breakdowns, { groups: explained.lines }]) {
          for (const group of groups) expect(sumOfParts(group.parts)).toBe(group.after - group.before);
          expect(groups.reduce((sum, group) => sum + group.after - group.before, 0n)).toBe(change);
        }
      }),
    );
  });
});
