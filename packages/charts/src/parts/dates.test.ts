import { describe, expect, it } from 'vitest';
import { calendar, dateMarks, dateText } from './dates.ts';

describe('the dates of a chart', () => {
  it('include those that are missing in between', () => {
    expect(calendar(['2026-02-27', '2026-03-02'])).toEqual(['2026-02-27', '2026-02-28', '2026-03-01', '2026-03-02']);
    expect(calendar(['2025-11', '2026-02'])).toEqual(['2025-11', '2025-12', '2026-01', '2026-02']);
    expect(calendar([])).toEqual([]);
  });

  it('are marked where people look: all of few, weeks, months', () => {
    const days = (count: number) =>
      Array.from({ length: count }, (_, index) => new Date(Date.UTC(2026, 9, 1 + index)).toISOString().slice(0, 10));
    expect(dateMarks(days(5), 12)).toEqual(days(5));
    expect(dateMarks(days(31), 12)).toEqual(['2026-10-04', '2026-10-11', '2026-10-18', '2026-10-25']);
    expect(dateMarks(days(200), 12)).toEqual([
      '2026-10-01',
      '2026-11-01',
      '2026-12-01',
      '2027-01-01',
      '2027-02-01',
      '2027-03-01',
      '2027-04-01',
    ]);
  });

  it('are written short', () => {
    expect(['2026-11-03', '2026-11'].map(dateText)).toEqual(['Nov 3', 'Nov']);
  });
});
