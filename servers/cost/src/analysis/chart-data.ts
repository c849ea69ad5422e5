import type { Caption, StackedSeriesData, WaterfallData } from '@fairway-mcp/charts';
import type { GroupTotal } from '../bill/amounts.ts';
import type { Granularity } from '../bill/question.ts';
import { formatUnits } from '../bill/units.ts';
import { PART_NAMES } from './change-parts.ts';
import type { Explained } from './group-sum.ts';

/** The words around a chart. */
export type ChartCaption = Pick<WaterfallData, keyof Caption | 'noun'>;

/** Net amounts of the groups over time, stacked. The chart itself puts small ones together. */
export function stackedChart(
  groups: readonly GroupTotal[],
  options: {
    starts: readonly string[];
    granularity: Granularity;
    nameOf: (group: GroupTotal) => string;
    /** The first day that is not over. */
    today: string;
    caption: ChartCaption;
  },
): StackedSeriesData {
  const { starts, granularity, nameOf, today, caption } = options;
  const dateOf = (day: string) => (granularity === 'monthly' ? day.slice(0, 7) : day);
  const incomplete = starts.map(dateOf).find((date) => date >= dateOf(today));
  return {
    ...caption,
    dates: starts.map(dateOf),
    series: groups.map((group) => ({ name: nameOf(group), amounts: starts.map((start) => formatUnits(group.byStart.get(start) ?? 0n)) })),
    incompleteFrom: incomplete,
  };
}

/** How the amount before became the one after, part by part. */
export function waterfallChart(
  { before, after, parts }: Explained,
  { labels, caption }: { labels: { start: string; end: string }; caption: ChartCaption },
): WaterfallData {
  return {
    ...caption,
    start: { label: labels.start, amount: formatUnits(before) },
    parts: PART_NAMES.flatMap((name) => (parts[name] === 0n ? [] : [{ label: name, amount: formatUnits(parts[name]) }])),
    end: { label: labels.end, amount: formatUnits(after) },
  };
}
