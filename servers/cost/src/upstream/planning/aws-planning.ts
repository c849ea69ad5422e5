import { type PageBudget, priceOf } from '@fairway-mcp/aws-billing';
import { ToolError } from '@fairway-mcp/kit';
import { addMonths } from '../../bill/days.ts';
import { FREE } from '../../bill/price.ts';
import type { Asking, BillSource } from '../../bill/question.ts';
import type { Units } from '../../bill/units.ts';
import { breachDate } from '../../planning/breach.ts';
import { deduplicate } from '../../planning/deduplicate.ts';
import type { Budget, Expected, Forecast, Planning, Told } from '../../planning/planning.ts';
import { sum } from '../../planning/project.ts';
import { type BudgetSettings, SERVER_SUBJECT, subjectOf } from '../aws/limits.ts';
import type { AccountBill } from '../cost-explorer/account-bill.ts';
import { readAnomalies, type StoredAnomalies, storedAnomalies, toAnomaly } from './anomalies.ts';
import { askEach } from './ask-each.ts';
import { readBudgets } from './budgets.ts';
import { RESERVED_SERVICES, readCommitments, type StoredCoverage, storedCoverage, toCoverage } from './commitments.ts';
import { FORECAST_ACTION, readForecast, type StoredForecast, storedForecast } from './forecast.ts';
import { amountOf } from './numbers.ts';
import { readRightsizing, type StoredRightsizing, storedRightsizing, toSaving } from './rightsizing.ts';

export interface AwsPlanningOptions {
  bills: readonly AccountBill[];
  source: BillSource;
  budget: PageBudget;
  limits: BudgetSettings;
  now(): Date;
}

/** What AWS expects, finds unusual, and knows of commitments. */
export function createAwsPlanning({ bills, source, budget, limits, now }: AwsPlanningOptions): Omit<Planning, 'title' | 'isSample'> {
  const today = () => now().toISOString().slice(0, 10);
  const planning: Omit<Planning, 'title' | 'isSample'> = {
    async forecast(question, asking) {
      const day = today();
      const query = { name: 'forecast', schema: storedForecast, question: { ...question, day } };
      const { value, ...about } = await askEach(bills, asking, (bill) =>
        bill.read(query, asking, (ask): Promise<StoredForecast> => readForecast(ask, question, day)),
      );
      const actual = await actualOf(source, question.metric, day, asking);
      const caveats =
        value.length > 1 ? ['The bounds of the accounts are added up, so that the interval is wider than it would have to be.'] : [];
      const pages = about.price.pages + actual.price.pages;
      return {
        ...about,
        price: { pages, bytesScanned: 0, usd: priceOf(pages) },
        value: toForecast(value, actual.value, day),
        currency: oneCurrency([...value.map(({ currency }) => currency), actual.currency]),
        caveats: [...caveats, ...about.caveats, ...actual.caveats],
      };
    },

    async anomalies(period, asking) {
      const query = { name: 'anomalies', schema: storedAnomalies, question: period };
      const { value, ...about } = await askEach(bills, asking, (bill) =>
        bill.read(query, asking, (ask): Promise<StoredAnomalies> => readAnomalies(ask, period)),
      );
      const found = value.flat().map(toAnomaly);
      return { ...about, currency: 'USD', value: found.toSorted((a, b) => (a.impact > b.impact ? -1 : 1)) };
    },

    async coverage(period, asking) {
      const query = { name: 'commitments', schema: storedCoverage, question: period };
      const { value, ...about } = await askEach(bills, asking, (bill) =>
        bill.read(query, asking, (ask): Promise<StoredCoverage> => readCommitments(ask, period, RESERVED_SERVICES)),
      );
      return { ...about, currency: 'USD', value: value.flat().map(toCoverage) };
    },

    async rightsizing(asking) {
      const query = { name: 'rightsizing', schema: storedRightsizing, question: {} };
      const { value, ...about } = await askEach(bills, asking, (bill) =>
        bill.read(query, asking, (ask): Promise<StoredRightsizing> => readRightsizing(ask)),
      );
      return { ...about, currency: 'USD', value: deduplicate(value.flat().map(toSaving)) };
    },

    async budgets(asking) {
      const { value, ...about } = await askEach(bills, asking, async ({ connection: { aws, account } }) => ({
        value: await readBudgets(aws, account, asking.signal),
        pages: 0,
        storedAt: now().getTime(),
      }));
      const found = value.flat();
      const told = { ...about, currency: found[0]?.currency ?? 'USD' };
      if (found.length === 0) return { ...told, value: [] };
      return withBreachDates(told, found, () => planning.forecast({ metric: 'billed', months: 1 }, asking), today());
    },

    async spend({ principal }) {
      const month = addMonths(today(), 0);
      const [server, caller] = await Promise.all([budget.counted(SERVER_SUBJECT, month), budget.counted(subjectOf(principal), month)]);
      const used = ({ today: day, since }: { today: number; since: number }) => ({ today: day, month: since });
      return { server: used(server), caller: used(caller), limits: { server: limits.usdPerDay, caller: limits.usdPerDayAndCaller } };
    },
  };
  return planning;
}

/** AWS does not tell the day of a breach. Where no forecast can be had or paid for, the budgets are told without it. */
async function withBreachDates(
  told: Omit<Told<unknown>, 'value'>,
  budgets: readonly Omit<Budget, 'breachDate'>[],
  askForecast: () => Promise<Told<Forecast>>,
  today: string,
): Promise<Told<readonly Budget[]>> {
  try {
    const { value, price } = await askForecast();
    const dated = budgets.map((budget) => ({ ...budget, breachDate: breachDate(budget, value, today) }));
    return { ...told, value: dated, price, caveats: [...told.caveats, 'The day of a breach is by the forecast of all accounts together.'] };
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    const undated = budgets.map((budget) => ({ ...budget, breachDate: budget.actual > budget.limit ? today : undefined }));
    return { ...told, value: undated, caveats: [...told.caveats, `When a limit will be exceeded is not known: ${error.message}`] };
  }
}

/** The month up to yesterday; nothing on its first day. */
async function actualOf(source: BillSource, metric: 'effective' | 'billed', today: string, asking: Asking): Promise<Told<Units>> {
  const start = addMonths(today, 0);
  const free = { asOf: '', price: FREE, caveats: [], currency: 'USD' };
  if (start === today) return { ...free, value: 0n };
  const question = {
    period: { start, end: today },
    granularity: 'total',
    metric,
    groupBy: [],
    filter: undefined,
    withUsage: false,
  } as const;
  const { rows, ...about } = await source.ask(question, asking);
  return { ...about, value: sum(rows.map(({ amounts }) => amounts.gross)) };
}

/**
 * The month's end is what was spent plus what is expected of its rest. Daily bounds do not add up, so that the interval is that of the month,
 * which covers the rest only if it starts today: otherwise it is of the whole month already.
 */
function toForecast(accounts: readonly StoredForecast[], actual: Units, today: string): Forecast {
  const months = addUp(accounts.map(({ months: spans }) => spans));
  const [current = { start: today, expected: 0n, low: 0n, high: 0n }] = months;
  const shift = current.start === today ? actual : 0n;
  return {
    actual,
    monthEnd: { expected: current.expected + shift, low: current.low + shift, high: current.high + shift },
    months,
    days: addUp(accounts.map(({ days }) => days)),
  };
}

function addUp(lists: readonly StoredForecast['months'][]): (Expected & { start: string })[] {
  const byStart = Map.groupBy(lists.flat(), ({ start }) => start);
  const amounts = (texts: readonly string[]) => sum(texts.map((text) => amountOf(FORECAST_ACTION, text)));
  return [...byStart]
    .map(([start, spans]) => ({
      start,
      expected: amounts(spans.map(({ expected }) => expected)),
      low: amounts(spans.map(({ low }) => low)),
      high: amounts(spans.map(({ high }) => high)),
    }))
    .toSorted((a, b) => (a.start < b.start ? -1 : 1));
}

/** @throws ToolError when there are several: adding them up would be wrong */
function oneCurrency(currencies: readonly string[]): string {
  const [first = 'USD', ...others] = [...new Set(currencies)];
  if (others.length === 0) return first;
  throw new ToolError({
    kind: 'invalid_input',
    message: `The accounts are billed in ${[first, ...others].join(' and ')}, which cannot be added.`,
    remedy: 'Run a server for each currency.',
  });
}
