import { type Context, defineTool } from '@fairway-mcp/kit';
import * as z from 'zod';
import { money, originLines, originOf, originSchema } from '../answers/origin.ts';
import { formatUnits } from '../bill/units.ts';
import type { Expected } from '../planning/planning.ts';
import type { Services } from '../services.ts';

const amounts = { expected: z.string(), low: z.string(), high: z.string() };
const span = z.object({ start: z.string(), ...amounts });
const output = z.object({
  actual: z.string().describe('This month up to yesterday'),
  month_end: z.object(amounts).describe('The whole month; 80 % of cases lie between low and high'),
  months: z.array(span).describe('The current month from today on'),
  days: z.array(span).describe('Their bounds do not add up'),
  metric: z.string(),
  about: originSchema,
});

export const getCostForecast = defineTool({
  name: 'get_cost_forecast',
  title: 'Get cost forecast',
  description: 'What the current month will end at, with its interval, and what the next months will cost. Before credits and refunds.',
  access: 'read',
  input: z.object({
    months: z.int().min(1).max(12).default(1).describe('Including this one'),
    metric: z.enum(['billed', 'effective']).default('billed').describe('effective spreads commitments'),
  }),
  output,
  async run(question, context: Context<Services>) {
    const { planning } = context.services;
    const told = await planning.forecast(question, context);
    const { actual, monthEnd, months, days } = told.value;
    return {
      actual: formatUnits(actual),
      month_end: write(monthEnd),
      months: months.map(({ start, ...expected }) => ({ start, ...write(expected) })),
      days: days.map(({ start, ...expected }) => ({ start, ...write(expected) })),
      metric: question.metric,
      about: originOf(planning, told),
    };
  },
  text({ actual, month_end, months, metric, about }) {
    const { currency } = about;
    const interval = ({ low, high }: Pick<typeof month_end, 'low' | 'high'>) =>
      `between ${money(low, currency)} and ${money(high, currency)}`;
    return [
      `This month will end at about ${money(month_end.expected, currency)}, in four of five cases ${interval(month_end)}: ${money(actual, currency)} up to yesterday, and the rest is expected. ${metric === 'billed' ? 'As billed' : 'With commitments spread'}, before credits and refunds.`,
      ...months
        .slice(1)
        .map(({ start, expected, ...bounds }) => `${start.slice(0, 7)}: about ${money(expected, currency)}, ${interval(bounds)}.`),
      ...originLines(about),
    ].join('\n');
  },
});

function write({ expected, low, high }: Expected): { expected: string; low: string; high: string } {
  return { expected: formatUnits(expected), low: formatUnits(low), high: formatUnits(high) };
}
