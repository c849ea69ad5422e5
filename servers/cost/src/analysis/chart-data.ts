import type { GroupTotal } from '../bill/amounts.ts';
import type { Granularity } from '../bill/question.ts';
import { formatUnits } from '../bill/units.ts';
import { PART_NAMES } from './change-parts.ts';
import type { Explained } from './group-sum.ts';

/** The words around a chart. */
export interface ChartCaption {
  /** What the chart shows, as a finding. */
  title: string;
  /** The number behind it. */
  subtitle: string;
  source: string;
  metric: string;
  timeZone: string;
  currency: string;
  /** What a name stands for: `service`. */
  noun: string;
}

export interface StackedChart extends ChartCaption {
  /** Days, or months as `2026-11`. */
  dates: readonly string[];
  series: readonly { name: string; amounts: readonly string[] }[];
  incompleteFrom: string | undefined;
}

export interface WaterfallChart extends ChartCaption {
  start: { label: string; amount: string };
  parts: readonly { label: string; amount: string }[];
  end: { label: string; amount: string };
}

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
): StackedChart {
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
): WaterfallChart {
  return {
    ...caption,
    start: { label: labels.start, amount: formatUnits(before) },
    parts: PART_NAMES.flatMap((name) => (parts[name] === 0n ? [] : [{ label: name, amount: formatUnits(parts[name]) }])),
    end: { label: labels.end, amount: formatUnits(after) },
  };
}
