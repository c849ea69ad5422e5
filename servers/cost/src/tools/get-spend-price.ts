import { type Context, defineTool } from '@fairway-mcp/kit';
import * as z from 'zod';
import type { Services } from '../services.ts';

const used = z.object({ today: z.string(), this_month: z.string(), left_today: z.string() });
const output = z.object({
  yours: used.describe('USD'),
  all_callers: used,
  price_per_page: z.string(),
  sample: z.boolean(),
});

export const getSpendPrice = defineTool({
  name: 'get_spend_price',
  title: 'Get spend price',
  description: 'What questions to Cost Explorer have cost today and this month, and what is left of the daily budgets.',
  access: 'read',
  openWorld: false,
  input: z.object({}),
  output,
  async run(_input, context: Context<Services>) {
    const { planning } = context.services;
    const { server, caller, limits } = await planning.spend(context);
    return {
      yours: usage(caller, limits.caller),
      all_callers: usage(server, limits.server),
      price_per_page: '0.01',
      sample: planning.isSample,
    };
  },
  text: ({ yours, all_callers }) =>
    [
      `Your questions cost $${yours.today} today and $${yours.this_month} this month; $${yours.left_today} of today's budget is left.`,
      `All callers together: $${all_callers.today} today, $${all_callers.this_month} this month, $${all_callers.left_today} left today.`,
      'Cost Explorer charges $0.01 a page. An answer that was given before is free while it is kept.',
    ].join('\n'),
});

function usage({ today, month }: { today: number; month: number }, limit: number): z.input<typeof used> {
  const cents = (pages: number) => (pages / 100).toFixed(2);
  return { today: cents(today), this_month: cents(month), left_today: cents(Math.max(0, Math.floor(limit * 100 + 1e-6) - today)) };
}
