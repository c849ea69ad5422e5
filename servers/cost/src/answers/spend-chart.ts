import type { StackedSeriesData, WaterfallData } from '@fairway-mcp/charts';
import { stackedChart, waterfallChart } from '../analysis/chart-data.ts';
import type { Explained } from '../analysis/group-sum.ts';
import { type GroupTotal, netOf, sumAmounts } from '../bill/amounts.ts';
import { countDays, type Span } from '../bill/days.ts';
import type { BillAnswer, BillSource, Granularity, Metric } from '../bill/question.ts';
import { formatChange, formatMoney, percentOf, toCents } from '../bill/shown-money.ts';
import { METRIC_TEXT } from './about.ts';
import { keyText } from './table.ts';

const MAX_DAYS = 92;

/** A chart of amounts over time needs time. */
export function drawnGranularity(granularity: Granularity, period: Span): Granularity {
  if (granularity !== 'total') return granularity === 'daily' && countDays(period) > 400 ? 'monthly' : granularity;
  return countDays(period) <= MAX_DAYS ? 'daily' : 'monthly';
}

interface ChartOptions {
  period: Span;
  metric: Metric;
  source: Pick<BillSource, 'title' | 'isSample'>;
}

export function spendChart(
  answer: BillAnswer,
  groups: readonly GroupTotal[],
  options: ChartOptions & { granularity: Granularity; starts: readonly string[]; groupBy: readonly string[]; now: Date },
): StackedSeriesData {
  const { period, granularity, starts, groupBy, now } = options;
  const names = Object.fromEntries(answer.accountNames ?? []);
  const nameOf = ({ keys }: GroupTotal) =>
    keys.length === 0
      ? 'all'
      : keyText(
          keys.map((key) => key ?? ''),
          names,
        );
  const net = netOf(sumAmounts(groups.map(({ amounts }) => amounts)));
  const [largest] = groups;
  const share = largest === undefined ? undefined : percentOf(netOf(largest.amounts), net);
  const isTold = groupBy.length > 0 && largest !== undefined && share !== undefined;
  return stackedChart(groups, {
    starts,
    granularity,
    nameOf,
    today: now.toISOString().slice(0, 10),
    caption: {
      ...captionOf(options, answer.currency),
      title: isTold ? `${nameOf(largest)} is ${share.toFixed(1)} % of spend` : 'Spend over time',
      subtitle: `${formatMoney(net, answer.currency)} net, ${daysText(period)}`,
      noun: groupBy[0] ?? 'group',
    },
  });
}

export function changeChart(explained: Explained, options: ChartOptions & { before: Span; currency: string }): WaterfallData {
  const { before, period, currency } = options;
  const change = explained.after - explained.before;
  const percent = percentOf(change, explained.before);
  const share = percent === undefined ? '' : ` (${percent > 0 ? '+' : ''}${percent.toFixed(1)} %)`;
  return waterfallChart(explained, {
    labels: { start: shortText(before), end: shortText(period) },
    caption: {
      ...captionOf(options, currency),
      title: change > 0n ? 'What made costs rise' : change < 0n ? 'What made costs fall' : 'Costs did not change',
      subtitle: `${formatChange(toCents(change), currency)}${share}: ${daysText(period)} after ${daysText(before)}`,
      noun: 'part',
    },
  });
}

function captionOf({ metric, source }: ChartOptions, currency: string) {
  return {
    source: source.isSample ? 'made-up sample data' : source.title,
    metric: METRIC_TEXT[metric].replace(/ \(.*/, '').toLowerCase(),
    timeZone: 'days in UTC',
    currency,
  };
}

/** The end is exclusive. */
function daysText({ start, end }: Span): string {
  return `${start} up to, not including, ${end}`;
}

/** A whole month by its name, else its first day. */
function shortText({ start, end }: Span): string {
  const isMonth = start.endsWith('-01') && end.endsWith('-01') && countDays({ start, end }) <= 31;
  return isMonth ? start.slice(0, 7) : `from ${start}`;
}
