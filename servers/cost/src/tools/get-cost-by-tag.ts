import { type Context, defineTool } from '@fairway-mcp/kit';
import * as z from 'zod';
import { aboutAnswers, aboutLines, aboutSchema, amount, METRIC_TEXT, periodText, spanOfAbout } from '../answers/about.ts';
import { amountsShape, readUnits, writeAmounts } from '../answers/amounts.ts';
import { filters, metric, spanOf, spendPeriod, toFilter } from '../answers/inputs.ts';
import { table } from '../answers/table.ts';
import { sumAmounts, totalGroups } from '../bill/amounts.ts';
import type { BillRow, Filter } from '../bill/question.ts';
import { centsOfParts, formatCents, formatMoney, percentOf } from '../bill/shown-money.ts';
import { formatUnits, type Units } from '../bill/units.ts';
import type { Services } from '../services.ts';

const output = z.object({
  tag: z.string(),
  gross: amount().describe('Of all, without tax'),
  untagged: amount(),
  untagged_percent: z.number().optional(),
  untagged_by_service: z.array(z.object({ service: z.string(), gross: amount() })),
  values: z.array(z.object({ value: z.string(), ...amountsShape, percent: z.number().optional() })),
  metric: z.string(),
  about: aboutSchema,
});

export const getCostByTag = defineTool({
  name: 'get_cost_by_tag',
  title: 'Get cost by tag',
  description: 'Spend by the values of a cost allocation tag (team, environment), and the untagged share with the services it comes from.',
  access: 'read',
  input: z.object({
    tag: z.string().min(1).max(128).describe('Its key, in exact letter case'),
    period: spendPeriod(),
    ...filters(),
    metric: metric(),
  }),
  output,
  list: 'values',
  listVersion: ({ about }) => about.as_of,
  async run(input, context: Context<Services>) {
    const { bill, presentOf } = context.services;
    const now = presentOf(context.now());
    const period = spanOf(input.period, now);
    const answer = await bill.ask(
      {
        period,
        granularity: 'total',
        metric: input.metric,
        groupBy: [`tag:${input.tag}`, 'service'],
        filter: withoutTax(toFilter(input)),
        withUsage: false,
      },
      context,
    );
    const untagged = answer.rows.filter(({ keys: [value] }) => value === undefined);
    const [total, none] = [grossOf(answer.rows), grossOf(untagged)];
    const percent = percentOf(none, total);
    return {
      tag: input.tag,
      gross: formatUnits(total),
      untagged: formatUnits(none),
      ...(percent !== undefined && { untagged_percent: percent }),
      untagged_by_service: byService(untagged),
      values: byValue(answer.rows, total),
      metric: input.metric,
      about: aboutAnswers({
        source: bill,
        period,
        now,
        answers: [answer],
        caveats: [TAX_CAVEAT, ...(none === total && total > 0n ? [unknownTag(input.tag)] : [])],
        metric: input.metric,
      }),
    };
  },
  text: (answer) => tagText(answer),
});

const TAX: Filter = { kind: 'is', dimension: 'charge', values: ['tax'] };
const TAX_CAVEAT = 'Tax is left out: it cannot carry tags. Shares are of the gross amount, before credits and refunds.';

function unknownTag(tag: string): string {
  return `No spend carries ${tag}: check its letter case, and that it is activated for cost allocation.`;
}

function withoutTax(filter: Filter | undefined): Filter {
  const taxless: Filter = { kind: 'not', of: TAX };
  return filter === undefined ? taxless : { kind: 'all', of: [filter, taxless] };
}

function grossOf(rows: readonly BillRow[]): Units {
  return sumAmounts(rows.map(({ amounts }) => amounts)).gross;
}

const MAX_SERVICES = 10;

function byService(rows: readonly BillRow[]): { service: string; gross: string }[] {
  const groups = totalGroups(rows.map((row) => ({ ...row, keys: row.keys.slice(1) })));
  return groups
    .toSorted((a, b) => Number(b.amounts.gross - a.amounts.gross))
    .slice(0, MAX_SERVICES)
    .map(({ keys: [service], amounts }) => ({ service: service ?? '', gross: formatUnits(amounts.gross) }));
}

function byValue(rows: readonly BillRow[], total: Units) {
  const groups = totalGroups(rows.map((row) => ({ ...row, keys: row.keys.slice(0, 1) })));
  return groups
    .toSorted((a, b) => Number(b.amounts.gross - a.amounts.gross))
    .map(({ keys: [value], amounts }) => {
      const percent = percentOf(amounts.gross, total);
      return { value: value ?? '', ...writeAmounts(amounts), ...(percent !== undefined && { percent }) };
    });
}

const SHOWN = 25;

function tagText({
  tag,
  gross,
  untagged,
  untagged_percent,
  untagged_by_service,
  values,
  metric: chosen,
  about,
}: z.output<typeof output>): string {
  const { currency = '' } = about;
  const shown = values.slice(0, SHOWN);
  const cents = centsOfParts(shown.map((row) => readUnits(row.gross)));
  const share = untagged_percent === undefined ? '' : ` (${untagged_percent.toFixed(1)} %)`;
  return [
    `${formatMoney(readUnits(untagged), currency)} of ${formatMoney(readUnits(gross), currency)}${share} carries no ${tag}, ${periodText(spanOfAbout(about))}. ${METRIC_TEXT[chosen as keyof typeof METRIC_TEXT]}.`,
    '',
    ...table(
      [tag, '>gross', '>share', '>net'],
      shown.map(({ value, percent, net }, index) => [
        value || '(untagged)',
        formatCents(cents[index] ?? 0n, currency),
        percent === undefined ? '' : `${percent.toFixed(1)} %`,
        formatMoney(readUnits(net), currency),
      ]),
    ),
    ...(untagged_by_service.length === 0
      ? []
      : [
          '',
          `Untagged by service: ${untagged_by_service
            .slice(0, 5)
            .map(({ service, gross }) => `${service} ${formatMoney(readUnits(gross), currency)}`)
            .join(', ')}.`,
        ]),
    ...aboutLines(about),
  ].join('\n');
}
