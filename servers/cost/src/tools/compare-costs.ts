import { type Context, defineTool } from '@fairway-mcp/kit';
import * as z from 'zod';
import { compareGroups } from '../analysis/compare.ts';
import { aboutAnswers, aboutLines, aboutSchema, amount, METRIC_TEXT, periodText, spanOfAbout } from '../answers/about.ts';
import { readUnits } from '../answers/amounts.ts';
import { earlierPeriod as earlierInput, filters, groupBy, metric, spanOf, spendPeriod, toDimensions, toFilter } from '../answers/inputs.ts';
import { keyText, table } from '../answers/table.ts';
import { countDays } from '../bill/days.ts';
import { earlierPeriod } from '../bill/earlier-period.ts';
import { centsOfParts, formatCents, formatChange, formatMoney, percentOf } from '../bill/shown-money.ts';
import { formatUnits, type Units } from '../bill/units.ts';
import type { Services } from '../services.ts';

const changeShape = { before: amount(), after: amount(), change: amount(), change_percent: z.number().optional() };

const output = z.object({
  ...changeShape,
  compared_with: z.string(),
  daily_change_percent: z.number().optional().describe('Of the average day'),
  group_by: z.array(z.string()),
  metric: z.string(),
  drivers: z.array(z.object({ keys: z.array(z.string()), ...changeShape })).describe('Net'),
  about: aboutSchema,
});

export const compareCosts = defineTool({
  name: 'compare_costs',
  title: 'Compare costs',
  description:
    'Two periods of any length side by side, with what drove the change, ranked. For price, volume, new and gone use explain_cost_change.',
  access: 'read',
  input: z.object({
    period: spendPeriod(),
    compare_with: earlierInput(),
    group_by: groupBy(['service']),
    ...filters(),
    metric: metric(),
  }),
  output,
  list: 'drivers',
  listVersion: ({ about }) => about.as_of,
  async run(input, context: Context<Services>) {
    const { bill, presentOf } = context.services;
    const now = presentOf(context.now());
    const period = spanOf(input.period, now);
    const before = input.compare_with === undefined ? earlierPeriod(period) : spanOf(input.compare_with, now);
    const question = {
      granularity: 'total' as const,
      metric: input.metric,
      groupBy: toDimensions(input.group_by),
      filter: toFilter(input),
      withUsage: false,
    };
    const [was, is] = await Promise.all([before, period].map((span) => bill.ask({ ...question, period: span }, context)));
    if (was === undefined || is === undefined) throw new TypeError('Two questions have two answers.');
    const drivers = compareGroups(was.rows, is.rows);
    const sums = { before: sumOf(drivers.map((one) => one.before)), after: sumOf(drivers.map((one) => one.after)) };
    const daily = dailyChange(sums, countDays(before), countDays(period));
    return {
      ...writeChange(sums),
      compared_with: `${before.start}/${before.end}`,
      ...(daily !== undefined && { daily_change_percent: daily }),
      group_by: input.group_by,
      metric: input.metric,
      drivers: drivers.map((driver) => ({ keys: driver.keys.map((key) => key ?? ''), ...writeChange(driver) })),
      about: aboutAnswers({ source: bill, period, now, answers: [is, was], metric: input.metric }),
    };
  },
  text: (answer) => comparisonText(answer),
});

interface Sums {
  before: Units;
  after: Units;
}

function sumOf(amounts: readonly Units[]): Units {
  return amounts.reduce((sum, one) => sum + one, 0n);
}

function writeChange({ before, after }: Sums) {
  const percent = percentOf(after - before, before);
  return {
    before: formatUnits(before),
    after: formatUnits(after),
    change: formatUnits(after - before),
    ...(percent !== undefined && { change_percent: percent }),
  };
}

/** Days are compared crosswise, so that nothing is divided before the end. */
function dailyChange({ before, after }: Sums, daysBefore: number, daysAfter: number): number | undefined {
  if (daysBefore === daysAfter) return undefined;
  const [was, is] = [before * BigInt(daysAfter), after * BigInt(daysBefore)];
  return percentOf(is - was, was);
}

const SHOWN = 15;

type Answer = z.output<typeof output>;

function comparisonText(answer: Answer): string {
  const { before, after, change_percent, daily_change_percent, compared_with, metric: chosen, about } = answer;
  const { currency = '' } = about;
  const cents = centsOfParts([readUnits(after), -readUnits(before)]);
  const [now = 0n, was = 0n] = cents;
  return [
    `${formatChange(now + was, currency)}${percentText(change_percent)}: ${formatCents(now, currency)} ${periodText(spanOfAbout(about))}, after ${formatCents(-was, currency)} ${periodText(spanOfAbout({ period: compared_with }))}. Net, ${METRIC_TEXT[chosen as keyof typeof METRIC_TEXT].toLowerCase()}.`,
    ...(daily_change_percent === undefined
      ? []
      : [`The periods differ in length: the average day changed by ${signed(daily_change_percent)} %.`]),
    ...driverLines(answer, currency),
    ...aboutLines(about),
  ].join('\n');
}

/** The column of changes adds up to the change: what is not shown has a line of its own. */
function driverLines({ drivers, group_by, change, before, after, about }: Answer, currency: string): string[] {
  if (group_by.length === 0 || drivers.length === 0) return [];
  const shown = drivers.slice(0, SHOWN).map((row) => ({
    name: keyText(row.keys, about.account_names),
    before: readUnits(row.before),
    after: readUnits(row.after),
    percent: row.change_percent,
  }));
  const rest = {
    name: 'everything else',
    before: shown.reduce((left, row) => left - row.before, readUnits(before)),
    after: shown.reduce((left, row) => left - row.after, readUnits(after)),
    percent: undefined,
  };
  const all = rest.before === 0n && rest.after === 0n ? shown : [...shown, rest];
  const cents = centsOfParts(all.map((row) => row.after - row.before));
  return [
    '',
    ...table(
      [group_by.join(' / '), '>before', '>after', '>change', '>'],
      all.map((row, index) => [
        row.name,
        formatMoney(row.before, currency),
        formatMoney(row.after, currency),
        formatChange(cents[index] ?? 0n, currency),
        row.percent === undefined ? '' : `${signed(row.percent)} %`,
      ]),
    ),
    `The changes add up to ${formatChange(centsOfParts([readUnits(change)])[0] ?? 0n, currency)}.`,
  ];
}

function percentText(percent: number | undefined): string {
  return percent === undefined ? '' : ` (${signed(percent)} %)`;
}

function signed(percent: number): string {
  return `${percent > 0 ? '+' : ''}${percent.toFixed(1)}`;
}
