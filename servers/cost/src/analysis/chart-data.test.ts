import { describe, expect, it } from 'vitest';
import { noParts } from './change-parts.ts';
import { type ChartCaption, stackedChart, waterfallChart } from './chart-data.ts';

const ONE = 10_000_000_000n;
const caption: ChartCaption = { title: '', subtitle: '', source: '', metric: '', timeZone: 'UTC', currency: 'USD', noun: 'service' };

describe('stackedChart', () => {
  const group = {
    keys: ['a'],
    amounts: { gross: 3n * ONE, credits: 0n, refunds: 0n },
    usage: new Map(),
    byStart: new Map([
      ['2026-10-20', ONE],
      ['2026-11-01', 2n * ONE],
    ]),
  };

  it('has an amount for every bucket, and says from when costs still arrive', () => {
    const options = { starts: ['2026-10-20', '2026-10-21', '2026-11-01'], nameOf: () => 'a', today: '2026-11-01', caption };
    expect(stackedChart([group], { ...options, granularity: 'daily' })).toMatchObject({
      dates: options.starts,
      series: [{ name: 'a', amounts: ['1', '0', '2'] }],
      incompleteFrom: '2026-11-01',
    });
  });

  it('names months, also where the first one is cut', () => {
    const options = { starts: ['2026-10-20', '2026-11-01'], nameOf: () => 'a', today: '2026-11-17', caption };
    const { dates, incompleteFrom } = stackedChart([group], { ...options, granularity: 'monthly' });
    expect([dates, incompleteFrom]).toEqual([['2026-10', '2026-11'], '2026-11']);
  });
});

describe('waterfallChart', () => {
  it('leaves out parts that are zero', () => {
    const explained = { before: ONE, after: 3n * ONE, parts: { ...noParts(), price: 2n * ONE } };
    const { start, parts, end } = waterfallChart(explained, { labels: { start: 'September', end: 'October' }, caption });
    expect([start.amount, parts, end.amount]).toEqual(['1', [{ label: 'price', amount: '2' }], '3']);
  });
});
