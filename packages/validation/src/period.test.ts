import { describe, expect, it } from 'vitest';
import { parsePeriod, period } from './period.ts';

const now = new Date('2026-03-05T17:30:00Z');

describe('parsePeriod', () => {
  it.each([
    ['last_7_days', '2026-02-26', '2026-03-05'],
    ['last_30_days', '2026-02-03', '2026-03-05'],
    ['month_to_date', '2026-03-01', '2026-03-06'],
    ['last_month', '2026-02-01', '2026-03-01'],
    ['2026-01-01/2026-02-01', '2026-01-01', '2026-02-01'],
  ])('resolves %s to the days from %s until before %s', (text, start, end) => {
    expect(parsePeriod(text, now)).toEqual({ start, end });
  });

  it('resolves last_month in January to December', () => {
    expect(parsePeriod('last_month', new Date('2026-01-31T00:00:00Z'))).toEqual({ start: '2025-12-01', end: '2026-01-01' });
  });

  it.each(['', 'yesterday', '2026-02-30/2026-03-02', '2026-03-02/2026-03-02', '2026-03-02/2026-03-01', '2026-03-01', 'last_8_days'])(
    'rejects %j',
    (text) => {
      expect(parsePeriod(text, now)).toBeUndefined();
    },
  );
});

describe('a period that is rejected', () => {
  it.each([
    ['2026-03-02/2026-03-01', 'ends (2026-03-01) before it starts (2026-03-02); END is exclusive and must be after START'],
    ['2026-03-02/2026-03-02', 'starts and ends on 2026-03-02; END is exclusive and must be after START'],
    ['2026-02-30/2026-03-02', expect.stringContaining('is not a period; expected one of last_7_days')],
  ])('%s says what is wrong with it', (text, problem) => {
    expect(
      period()
        .safeParse(text)
        .error?.issues.map(({ message }) => message),
    ).toEqual([problem]);
  });
});
