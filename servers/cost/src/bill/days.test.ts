import { describe, expect, it } from 'vitest';
import { bucketsOf, countDays } from './days.ts';
import { earlierPeriod } from './earlier-period.ts';

describe('earlierPeriod', () => {
  it.each([
    ['whole months', '2026-10-01', '2026-11-01', '2026-09-01', '2026-10-01'],
    ['a quarter', '2026-01-01', '2026-04-01', '2025-10-01', '2026-01-01'],
    ['a month to date', '2026-11-01', '2026-11-18', '2026-10-01', '2026-10-18'],
    ['a longer month to date', '2026-03-01', '2026-03-31', '2026-02-01', '2026-03-01'],
    ['a week', '2026-11-10', '2026-11-17', '2026-11-03', '2026-11-10'],
  ])('of %s', (_what, start, end, before, until) => {
    expect(earlierPeriod({ start, end })).toEqual({ start: before, end: until });
  });
});

describe('bucketsOf', () => {
  it('begins with the period and goes on with months', () => {
    const period = { start: '2026-09-20', end: '2026-11-02' };
    expect(bucketsOf(period, 'monthly')).toEqual(['2026-09-20', '2026-10-01', '2026-11-01']);
    expect(bucketsOf(period, 'daily')).toHaveLength(countDays(period));
    expect(bucketsOf(period, 'total')).toEqual(['2026-09-20']);
  });
});
