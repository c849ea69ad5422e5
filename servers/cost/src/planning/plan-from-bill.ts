import { addDays, addMonths } from '../bill/days.ts';
import { FREE } from '../bill/price.ts';
import type { Asking, BillAnswer, BillQuestion, BillSource } from '../bill/question.ts';
import { UNITS_PER_ONE, type Units } from '../bill/units.ts';
import { breachDate } from './breach.ts';
import { deduplicate } from './deduplicate.ts';
import type { Coverage, Forecast, ForecastQuestion, Period, Planning, Saving, Told } from './planning.ts';
import { HISTORY_DAYS, projectCosts } from './project.ts';
import { COMPARED_DAYS, findUnusual } from './unusual.ts';

/**
 * What can be told from a bill alone, of any source: the forecast and what is unusual are computed from it. What only AWS knows is not there.
 */
export function planFromBill(bill: BillSource, now: () => Date): Planning {
  const today = () => now().toISOString().slice(0, 10);
  const forecast = (question: ForecastQuestion, asking: Asking) => forecastFromBill(bill, question, asking, today());
  return {
    title: bill.title,
    isSample: bill.isSample,
    forecast,
    anomalies: (period, asking) => anomaliesFromBill(bill, period, asking),
    coverage: (period, asking) => coverageFromBill(bill, period, asking),
    rightsizing: async (asking) =>
      bill.isSample
        ? sampleSavings(bill, today(), asking)
        : nothing(now(), `${bill.title} does not tell what could be smaller: that needs AWS (--cost-explorer).`),
    async budgets(asking) {
      if (!bill.isSample) return nothing(now(), `${bill.title} has no budgets: they need AWS (--cost-explorer).`);
      const told = await forecast({ metric: 'billed', months: 1 }, asking);
      const budget = sampleBudget(told.value, told.currency);
      return { ...told, value: [{ ...budget, breachDate: breachDate(budget, told.value, today()) }] };
    },
    async spend() {
      return { server: { today: 0, month: 0 }, caller: { today: 0, month: 0 }, limits: { server: 0, caller: 0 } };
    },
  };
}

function nothing(now: Date, caveat: string): Told<readonly never[]> {
  return { value: [], currency: 'USD', asOf: now.toISOString(), price: FREE, caveats: [caveat] };
}

async function forecastFromBill(
  bill: BillSource,
  { metric, months }: ForecastQuestion,
  asking: Asking,
  today: string,
): Promise<Told<Forecast>> {
  const [start = today] = [addDays(today, -HISTORY_DAYS), addMonths(today, 0)].toSorted();
  const period = { start, end: today };
  const answer = await bill.ask(ofBill({ period, metric, granularity: 'daily' }), asking);
  const costs = new Map(answer.rows.map(({ start, amounts }) => [start, amounts.gross]));
  return told(answer, projectCosts(costs, today, months), [
    'Expected from the last four weeks of the bill, each weekday as it was on average.',
  ]);
}

async function anomaliesFromBill(bill: BillSource, period: Period, asking: Asking) {
  const asked = { start: addDays(period.start, -COMPARED_DAYS), end: period.end };
  const groupBy = ['service', 'account', 'region', 'usage_type'] as const;
  const answer = await bill.ask(ofBill({ period: asked, metric: 'effective', granularity: 'daily', groupBy }), asking);
  return told(answer, findUnusual(answer.rows, period), [
    'Found in the bill: days that cost more than twice the median of the two weeks before.',
  ]);
}

/** Committed usage against all usage that is paid by the hour or the request, by effective cost. */
async function coverageFromBill(bill: BillSource, period: Period, asking: Asking): Promise<Told<readonly Coverage[]>> {
  const question = { period, granularity: 'total', groupBy: ['purchase_option', 'usage_type', 'charge'] } as const;
  const answer = await bill.ask(ofBill({ ...question, metric: 'effective' }), { ...asking });
  const usage = answer.rows.filter(({ keys }) => keys[2] === 'usage');
  const of = (option: string) => usage.filter(({ keys }) => keys[0] === option).reduce((sum, { amounts }) => sum + amounts.gross, 0n);
  const kinds = [['savings_plans', of('savings_plan')] as const, ['reservations', of('reserved')] as const];
  const value = kinds.flatMap(([kind, cost]): Coverage[] =>
    cost === 0n
      ? []
      : [
          {
            kind,
            service: undefined,
            coveredPercent: shareOf(cost, cost + of('on_demand')),
            usedPercent: undefined,
            unused: undefined,
            onDemand: of('on_demand'),
            netSavings: undefined,
          },
        ],
  );
  return told(answer, value, [
    'Coverage is by effective cost, of all usage on the bill. What of a commitment was not used needs AWS (--cost-explorer).',
  ]);
}

function shareOf(part: Units, whole: Units): number | undefined {
  return whole === 0n ? undefined : Number((part * 1000n) / whole) / 10;
}

/** Large instances of development, which the sample organization would do well to halve. */
async function sampleSavings(bill: BillSource, today: string, asking: Asking): Promise<Told<readonly Saving[]>> {
  const filter = { kind: 'is', dimension: 'tag:Environment', values: ['development', 'staging'] } as const;
  const groupBy = ['resource', 'account', 'region', 'usage_type'] as const;
  const period = { start: addDays(today, -30), end: today };
  const answer = await bill.ask(ofBill({ period, metric: 'effective', granularity: 'total', groupBy, filter }), asking);
  const value = answer.rows.flatMap(({ keys: [resource, account = '', region, usageType = ''], amounts }): Saving[] => {
    const [, type, family, size = ''] = /BoxUsage:((\w+)\.(\w+))$/.exec(usageType) ?? [];
    const smaller = SMALLER[size];
    // Only the small families have sizes below large.
    const exists = smaller?.includes('large') === true || family?.startsWith('t') === true;
    if (resource === undefined || type === undefined || smaller === undefined || !exists) return [];
    const change = { action: 'Rightsize', current: type, recommended: `${family}.${smaller}`, monthlySaving: amounts.gross / 2n };
    return [{ account, region, resource, resourceType: 'EC2 instance', ...change, sources: ['sample'] }];
  });
  return told(answer, deduplicate(value), []);
}

const SMALLER: Readonly<Record<string, string>> = {
  medium: 'small',
  large: 'medium',
  xlarge: 'large',
  '2xlarge': 'xlarge',
  '4xlarge': '2xlarge',
};

function sampleBudget({ actual, monthEnd }: Forecast, currency: string) {
  // A round amount that the month will exceed some days before its end.
  const limit = ((monthEnd.expected * 85n) / 100n / (100n * UNITS_PER_ONE)) * 100n * UNITS_PER_ONE;
  return {
    account: 'all accounts',
    name: 'Monthly cloud spend',
    limit,
    actual,
    forecast: monthEnd.expected,
    currency,
    timeUnit: 'MONTHLY',
  };
}

function ofBill(question: Pick<BillQuestion, 'period' | 'metric' | 'granularity'> & Partial<BillQuestion>): BillQuestion {
  return { groupBy: [], filter: undefined, withUsage: false, ...question };
}

function told<T>({ currency, asOf, price, caveats }: BillAnswer, value: T, own: readonly string[]): Told<T> {
  return { value, currency, asOf, price, caveats: [...own, ...caveats] };
}
