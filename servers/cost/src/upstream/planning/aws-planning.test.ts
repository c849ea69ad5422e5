import { BILL_EVENTS } from '@fairway-mcp/aws-sample';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { UNITS_PER_ONE } from '../../bill/units.ts';
import { askingAs, startEmulatedBill } from '../emulated-aws.fixture.ts';

vi.setConfig({ testTimeout: 120_000 });

const OCTOBER = { start: '2026-10-01', end: '2026-11-01' };

async function start(opening: Parameters<Awaited<ReturnType<typeof startEmulatedBill>>['open']>[0] = {}) {
  const emulated = await startEmulatedBill({ size: 60 });
  onTestFinished(() => emulated.stop());
  return { ...emulated, ...emulated.open(opening) };
}

describe('the forecast', () => {
  it('ends the month at what was spent up to yesterday and what is expected from today on', async () => {
    const { planning, source, charged } = await start();
    const { value, price } = await planning.forecast({ metric: 'billed', months: 2 }, askingAs());
    const month = { period: { start: '2026-11-01', end: '2026-11-17' }, granularity: 'total', metric: 'billed' } as const;
    const { rows } = await source.ask({ ...month, groupBy: [], filter: undefined, withUsage: false }, askingAs());
    expect(value.actual).toBe(rows[0]?.amounts.gross);
    const [rest] = value.months;
    expect(rest?.start).toBe('2026-11-17');
    expect(value.monthEnd.expected).toBe(value.actual + (rest?.expected ?? 0n));
    expect(value.monthEnd.low).toBe(value.actual + (rest?.low ?? 0n));
    expect(value.months.map(({ start: first }) => first)).toEqual(['2026-11-17', '2026-12-01']);
    expect(value.days).toHaveLength(14);
    expect(price.pages).toBe(charged());
  });

  it('of an account that cannot be entered says so', async () => {
    const { planning } = await start({
      connections: { accounts: ['666677778888'], roleArn: 'arn:aws:iam::{account}:role/FairwayReadOnly' },
    });
    const asked = planning.forecast({ metric: 'billed', months: 1 }, askingAs());
    await expect(asked).rejects.toMatchObject({ name: 'ToolError', remedy: expect.stringMatching(/./) });
  });
});

describe('anomalies', () => {
  it('are those that end in the period, the greatest first, with their cause', async () => {
    const { planning } = await start();
    const { value } = await planning.anomalies(OCTOBER, askingAs());
    const { spike } = BILL_EVENTS;
    expect(value).toEqual([expect.objectContaining({ start: spike.start, lastDay: '2026-10-23', impact: 5n * 93n * UNITS_PER_ONE })]);
    expect(value[0]?.causes).toEqual([
      expect.objectContaining({ account: spike.account, region: spike.region, usageType: spike.usageType }),
    ]);
  });
});

describe('coverage', () => {
  it('tells what commitments cover, what of them is used, and what was paid for nothing', async () => {
    const { planning, charged } = await start();
    const { value, price } = await planning.coverage(OCTOBER, askingAs());
    const plans = value.find(({ kind }) => kind === 'savings_plans');
    const database = value.find(({ service }) => service === 'Amazon Relational Database Service');
    expect(plans?.coveredPercent).toBeGreaterThan(0);
    expect(plans?.usedPercent).toBeGreaterThan(0);
    // Nobody uses the reservation since the database was deleted: 31 days at 8 dollars.
    expect(database).toMatchObject({ usedPercent: 0, unused: 248n * UNITS_PER_ONE });
    expect(price.pages).toBe(charged());
  });
});

describe('rightsizing', () => {
  it('names each resource once with the alternative that saves most', async () => {
    const { planning, charged } = await start();
    const { value, price } = await planning.rightsizing(askingAs());
    expect(value.length).toBeGreaterThan(1);
    expect(new Set(value.map(({ resource }) => resource)).size).toBe(value.length);
    expect(value.map(({ recommended }) => recommended)).not.toContain('t3.large');
    expect(value.map(({ monthlySaving }) => monthlySaving)).toEqual(
      value.map(({ monthlySaving }) => monthlySaving).toSorted((a, b) => (a > b ? -1 : 1)),
    );
    expect(price.pages).toBe(charged());
  });
});

describe('budgets', () => {
  it('are those about money, each with the day on which its limit will be exceeded', async () => {
    const { planning } = await start();
    const { value } = await planning.budgets(askingAs());
    expect(value.map(({ name, breachDate }) => [name, breachDate])).toEqual([
      ['Monthly cloud spend', undefined],
      ['Small change', '2026-11-17'],
    ]);
  });

  it('are told without that day when nothing may be spent on a forecast', async () => {
    const { planning, charged } = await start({ limits: { usdPerDay: 0 } });
    const { value, caveats } = await planning.budgets(askingAs());
    expect(value).toHaveLength(2);
    expect(caveats).toEqual([expect.stringContaining('is not known')]);
    expect(charged()).toBe(0);
  });
});

describe('the price of all calls so far', () => {
  it('is told for the caller and for all callers, with what the budgets are', async () => {
    const { planning, charged } = await start({ limits: { usdPerDay: 5, usdPerDayAndCaller: 2 } });
    await planning.anomalies(OCTOBER, askingAs('ann'));
    await planning.coverage(OCTOBER, askingAs('bob'));
    const all = charged();
    expect(await planning.spend(askingAs('ann'))).toEqual({
      server: { today: all, month: all },
      caller: { today: 1, month: 1 },
      limits: { server: 5, caller: 2 },
    });
  });
});
