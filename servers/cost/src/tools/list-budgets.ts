import { type Context, defineTool } from '@fairway-mcp/kit';
import * as z from 'zod';
import { money, optional, originLines, originOf, originSchema } from '../answers/origin.ts';
import { formatUnits } from '../bill/units.ts';
import type { Services } from '../services.ts';

const output = z.object({
  budgets: z.array(
    z.object({
      name: z.string(),
      account: z.string(),
      limit: z.string(),
      actual: z.string(),
      forecast: z.string().optional(),
      currency: z.string(),
      time_unit: z.string(),
      breach_date: z.string().optional().describe('Absent: none is expected this month'),
    }),
  ),
  about: originSchema,
});

export const listBudgets = defineTool({
  name: 'list_budgets',
  title: 'List budgets',
  description: 'Budgets: limit, spent so far, expected, and the day on which the limit will be exceeded.',
  access: 'read',
  input: z.object({}),
  output,
  list: 'budgets',
  async run(_input, context: Context<Services>) {
    const { planning } = context.services;
    const told = await planning.budgets(context);
    return {
      budgets: told.value.map(({ name, account, limit, actual, forecast, currency, timeUnit, breachDate }) => ({
        name,
        account,
        limit: formatUnits(limit),
        actual: formatUnits(actual),
        forecast: optional(forecast),
        currency,
        time_unit: timeUnit,
        breach_date: breachDate,
      })),
      about: originOf(planning, told),
    };
  },
  text({ budgets, about }) {
    const lines = budgets.map(({ name, account, limit, actual, forecast, currency, time_unit, breach_date }) => {
      const expected = forecast === undefined ? '' : `, ${money(forecast, currency)} expected`;
      const breach = breach_date === undefined ? 'no breach is expected this month' : `the limit is exceeded on ${breach_date}`;
      return `${name} (${account}, ${time_unit.toLowerCase()}): ${money(actual, currency)} of ${money(limit, currency)} spent${expected}; ${breach}.`;
    });
    return [...(lines.length === 0 ? ['There are no budgets.'] : lines), ...originLines(about)].join('\n');
  },
});
