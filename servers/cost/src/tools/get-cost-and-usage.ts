import { type Context, defineTool } from '@fairway-mcp/kit';
import * as z from 'zod';
import { aboutAnswers, aboutLines, aboutSchema, amount, METRIC_TEXT, periodText, spanOfAbout } from '../answers/about.ts';
import { amountsSchema, amountsShape, amountsText, readUnits, writeAmounts } from '../answers/amounts.ts';
import { attachPicture } from '../answers/attach-picture.ts';
import { ALL_DIMENSIONS, chart, filters, groupBy, metric, spanOf, spendPeriod, toDimensions, toFilter } from '../answers/inputs.ts';
import { drawnGranularity, spendChart } from '../answers/spend-chart.ts';
import { keyText, table } from '../answers/table.ts';
import { type GroupTotal, sumAmounts, totalGroups } from '../bill/amounts.ts';
import { bucketsOf } from '../bill/days.ts';
import type { BillRow } from '../bill/question.ts';
import { centsOfParts, formatCents, formatMoney, percentOf } from '../bill/shown-money.ts';
import { formatUnits } from '../bill/units.ts';
import type { Services } from '../services.ts';

const output = z.object({
  totals: amountsSchema,
  group_by: z.array(z.string()),
  metric: z.string(),
  buckets: z.array(z.object({ start: z.string(), net: amount() })).optional(),
  rows: z
    .array(
      z.object({
        keys: z.array(z.string()).describe('In the order of group_by; "" is none'),
        ...amountsShape,
        usage: z.array(z.object({ quantity: z.string(), unit: z.string() })).optional(),
        by_bucket: z.array(z.string()).optional().describe('Net, in the order of buckets'),
      }),
    )
    .describe('The largest first'),
  about: aboutSchema,
});

export const getCostAndUsage = defineTool({
  name: 'get_cost_and_usage',
  title: 'Get cost and usage',
  description:
    'What was spent in a period, by anything, over time: gross, credits, refunds and net side by side. For why it changed use explain_cost_change.',
  access: 'read',
  input: z.object({
    period: spendPeriod(),
    group_by: groupBy(['service'], `Any of ${ALL_DIMENSIONS}; [] for the total`),
    granularity: z.enum(['total', 'monthly', 'daily']).default('total').describe('Amounts over time too'),
    ...filters(),
    metric: metric(),
    chart: chart(),
    include_usage: z.boolean().default(false).describe('Quantities too; group by usage_type'),
  }),
  output,
  list: 'rows',
  listVersion: ({ about }) => about.as_of,
  async run(input, context: Context<Services>) {
    const { bill, presentOf, charts } = context.services;
    const now = presentOf(context.now());
    const period = spanOf(input.period, now);
    const granularity = input.chart ? drawnGranularity(input.granularity, period) : input.granularity;
    const answer = await bill.ask(
      {
        period,
        granularity,
        metric: input.metric,
        groupBy: toDimensions(input.group_by),
        filter: toFilter(input),
        withUsage: input.include_usage,
      },
      context,
    );
    const starts = granularity === 'total' ? [] : bucketsOf(period, granularity);
    const groups = totalGroups(answer.rows);
    if (input.chart && !context.isLaterPage) {
      const options = { period, granularity, starts, groupBy: input.group_by, metric: input.metric, now, source: bill };
      attachPicture(await charts.stackedSeries(spendChart(answer, groups, options)), context.attach);
    }
    return {
      totals: writeAmounts(sumAmounts(answer.rows.map(({ amounts }) => amounts))),
      group_by: input.group_by,
      metric: input.metric,
      ...(starts.length > 0 && { buckets: netByBucket(answer.rows, starts) }),
      rows: groups.map((group) => toRow(group, starts, input.include_usage)),
      about: aboutAnswers({ source: bill, period, now, answers: [answer], metric: input.metric }),
    };
  },
  text: (answer) => usageText(answer),
});

function toRow({ keys, amounts, usage, byStart }: GroupTotal, starts: readonly string[], withUsage: boolean) {
  return {
    keys: keys.map((key) => key ?? ''),
    ...writeAmounts(amounts),
    ...(withUsage && { usage: [...usage].map(([unit, quantity]) => ({ quantity: formatUnits(quantity), unit })) }),
    ...(starts.length > 0 && { by_bucket: starts.map((start) => formatUnits(byStart.get(start) ?? 0n)) }),
  };
}

function netByBucket(rows: readonly BillRow[], starts: readonly string[]): { start: string; net: string }[] {
  const byStart = Map.groupBy(rows, ({ start }) => start);
  return starts.map((start) => ({ start, net: writeAmounts(sumAmounts((byStart.get(start) ?? []).map(({ amounts }) => amounts))).net }));
}

const SHOWN = 25;
const SHOWN_BUCKETS = 31;

type Answer = z.output<typeof output>;

function usageText(answer: Answer): string {
  const { about, metric: chosen } = answer;
  const { currency = '' } = about;
  return [
    `${amountsText(answer.totals, currency)}, ${periodText(spanOfAbout(about))}. ${METRIC_TEXT[chosen as keyof typeof METRIC_TEXT]}.`,
    ...rowLines(answer, currency),
    ...bucketLines(answer, currency),
    ...aboutLines(about),
  ].join('\n');
}

/** What is not shown has a line of its own, so that the column adds up to the total. */
function rowLines({ rows, group_by, totals, about }: Answer, currency: string): string[] {
  if (group_by.length === 0 || rows.length === 0) return [];
  const net = readUnits(totals.net);
  const shown = rows
    .slice(0, SHOWN)
    .map((row) => ({ name: keyText(row.keys, about.account_names), net: readUnits(row.net), usage: row.usage ?? [] }));
  const rest = shown.reduce((left, row) => left - row.net, net);
  const all = rest === 0n ? shown : [...shown, { name: 'everything else', net: rest, usage: [] }];
  const cents = centsOfParts(all.map((row) => row.net));
  const hasUsage = shown.some(({ usage }) => usage.length > 0);
  const lines = all.map((row, index) => [
    row.name,
    formatCents(cents[index] ?? 0n, currency),
    shareText(percentOf(row.net, net)),
    ...(hasUsage ? [usageOf(row.usage)] : []),
  ]);
  return ['', ...table([group_by.join(' / '), '>net', '>share', ...(hasUsage ? ['usage'] : [])], lines)];
}

function usageOf(usage: readonly { quantity: string; unit: string }[]): string {
  return usage.map(({ quantity, unit }) => `${Number(quantity).toLocaleString('en-US', { maximumFractionDigits: 2 })} ${unit}`).join(', ');
}

function shareText(percent: number | undefined): string {
  return percent === undefined ? '' : `${percent.toFixed(1)} %`;
}

function bucketLines({ buckets = [] }: Answer, currency: string): string[] {
  if (buckets.length === 0) return [];
  const shown = buckets.slice(-SHOWN_BUCKETS);
  return [
    '',
    ...(shown.length < buckets.length ? [`The last ${shown.length} of ${buckets.length}:`] : []),
    ...table(
      ['from', '>net'],
      shown.map(({ start, net }) => [start, formatMoney(readUnits(net), currency)]),
    ),
  ];
}
