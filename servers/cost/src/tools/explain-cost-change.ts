import { type Context, defineTool } from '@fairway-mcp/kit';
import * as z from 'zod';
import { askChange } from '../analysis/ask-lines.ts';
import { PART_NAMES } from '../analysis/change-parts.ts';
import type { Explained } from '../analysis/group-sum.ts';
import { aboutAnswers, aboutSchema, amount } from '../answers/about.ts';
import { attachPicture } from '../answers/attach-picture.ts';
import { explanationText } from '../answers/explanation-text.ts';
import {
  chart,
  earlierPeriod as earlierInput,
  filters,
  groupBy,
  metric,
  spanOf,
  spendPeriod,
  toDimensions,
  toFilter,
} from '../answers/inputs.ts';
import { changeChart } from '../answers/spend-chart.ts';
import { earlierPeriod } from '../bill/earlier-period.ts';
import { percentOf } from '../bill/shown-money.ts';
import { formatUnits } from '../bill/units.ts';
import type { Services } from '../services.ts';

const explainedShape = {
  before: amount(),
  after: amount(),
  change: amount(),
  parts: z.record(z.string(), amount()),
};

const output = z.object({
  ...explainedShape,
  change_percent: z.number().optional(),
  compared_with: z.string(),
  breakdowns: z.array(
    z.object({
      dimension: z.string(),
      groups: z.array(z.object({ key: z.string(), ...explainedShape })),
      other_groups: z.int(),
      other_change: amount(),
    }),
  ),
  line_keys: z.array(z.string()),
  lines: z.array(z.object({ keys: z.array(z.string()), ...explainedShape })),
  metric: z.string(),
  about: aboutSchema,
});

export const explainCostChange = defineTool({
  name: 'explain_cost_change',
  title: 'Explain a cost change',
  description:
    'Why costs went up or down: new, gone, volume, price, mix, days, credits, refunds and the rest, which add up to the cent, by service, account, region, usage type or tag.',
  access: 'read',
  input: z.object({
    period: spendPeriod(),
    compare_with: earlierInput(),
    group_by: groupBy(['service', 'account', 'region', 'usage_type']),
    ...filters(),
    metric: metric(),
    chart: chart(),
    top: z.int().min(1).max(25).default(5).describe('Groups and lines to name'),
    max_price_usd: z.number().min(0).max(10).default(0.2).describe('Above this, groupings are asked one by one'),
  }),
  output,
  async run(input, context: Context<Services>) {
    const { bill, presentOf, charts } = context.services;
    const now = presentOf(context.now());
    const period = spanOf(input.period, now);
    const before = input.compare_with === undefined ? earlierPeriod(period) : spanOf(input.compare_with, now);
    const { explained, lineDimensions, answers, caveats } = await askChange(
      bill,
      {
        before,
        after: period,
        metric: input.metric,
        filter: toFilter(input),
        dimensions: toDimensions(input.group_by),
        maxPriceUsd: input.max_price_usd.toFixed(4),
      },
      context,
    );
    if (input.chart) {
      const options = { before, period, metric: input.metric, source: bill, currency: answers[0]?.currency ?? 'USD' };
      attachPicture(await charts.waterfall(changeChart(explained, options)), context.attach);
    }
    const percent = percentOf(explained.after - explained.before, explained.before);
    return {
      ...writeExplained(explained),
      ...(percent !== undefined && { change_percent: percent }),
      compared_with: `${before.start}/${before.end}`,
      breakdowns: explained.breakdowns.map(({ dimension, groups }) => ({ dimension, ...topGroups(groups, input.top) })),
      line_keys: [...lineDimensions],
      lines: explained.lines.slice(0, input.top).map((line) => ({ keys: line.keys.map((key) => key ?? ''), ...writeExplained(line) })),
      metric: input.metric,
      about: aboutAnswers({ source: bill, period, now, answers, caveats, metric: input.metric }),
    };
  },
  text: (answer) => explanationText(answer),
});

function writeExplained({ before, after, parts }: Explained) {
  const written = PART_NAMES.flatMap((name) => (parts[name] === 0n ? [] : [[name, formatUnits(parts[name])] as const]));
  return {
    before: formatUnits(before),
    after: formatUnits(after),
    change: formatUnits(after - before),
    parts: Object.fromEntries(written),
  };
}

function topGroups(groups: readonly (Explained & { key: string | undefined })[], top: number) {
  const others = groups.slice(top);
  return {
    groups: groups.slice(0, top).map((group) => ({ key: group.key ?? '', ...writeExplained(group) })),
    other_groups: others.length,
    other_change: formatUnits(others.reduce((sum, { before, after }) => sum + after - before, 0n)),
  };
}
