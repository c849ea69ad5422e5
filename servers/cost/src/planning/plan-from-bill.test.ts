import { BILL_EVENTS } from '@fairway-mcp/aws-sample';
import { expect, it } from 'vitest';
import type { Asking } from '../bill/question.ts';
import { UNITS_PER_ONE } from '../bill/units.ts';
import { createSampleSource } from '../sample/sample-source.ts';
import { planFromBill } from './plan-from-bill.ts';
import { projectCosts } from './project.ts';

const asking: Asking = { signal: new AbortController().signal, principal: { id: 'ann' } };
const source = createSampleSource({ size: 60 });
const planning = planFromBill(source, () => source.now);

it('finds the two anomalies of the sample bill, with their cause', async () => {
  const { value } = await planning.anomalies({ start: '2026-10-18', end: '2026-11-17' }, asking);
  const { spike, anomaly } = BILL_EVENTS;
  expect(value).toContainEqual(
    expect.objectContaining({
      start: spike.start,
      lastDay: '2026-10-23',
      impact: 465n * UNITS_PER_ONE,
      causes: [expect.objectContaining({ account: spike.account, usageType: spike.usageType })],
    }),
  );
  expect(value).toContainEqual(expect.objectContaining({ start: anomaly.start, lastDay: undefined }));
});

it('expects days that always cost the same to go on so, without any doubt', () => {
  const history = new Map(Array.from({ length: 31 }, (_, index) => [`2026-10-${String(index + 1).padStart(2, '0')}`, 5n * UNITS_PER_ONE]));
  for (let day = 1; day <= 10; day += 1) history.set(`2026-11-${String(day).padStart(2, '0')}`, 5n * UNITS_PER_ONE);
  const { actual, monthEnd, days } = projectCosts(history, '2026-11-11', 1);
  expect(actual).toBe(50n * UNITS_PER_ONE);
  expect(monthEnd).toEqual({ expected: 150n * UNITS_PER_ONE, low: 150n * UNITS_PER_ONE, high: 150n * UNITS_PER_ONE });
  expect(days).toHaveLength(20);
});

it('has an interval for the month that is narrower than those of its days together', async () => {
  const { value } = await planning.forecast({ metric: 'billed', months: 1 }, asking);
  const sum = (pick: 'low' | 'high') => value.days.reduce((all, day) => all + day[pick], 0n);
  expect(value.monthEnd.high - value.monthEnd.low).toBeLessThan(sum('high') - sum('low'));
});
