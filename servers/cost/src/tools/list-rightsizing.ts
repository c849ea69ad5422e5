import { type Context, defineTool } from '@fairway-mcp/kit';
import * as z from 'zod';
import { money, originLines, originOf, originSchema } from '../answers/origin.ts';
import { formatUnits } from '../bill/units.ts';
import { sum } from '../planning/project.ts';
import type { Services } from '../services.ts';

const output = z.object({
  savings: z.array(
    z.object({
      resource: z.string(),
      type: z.string(),
      account: z.string(),
      region: z.string().optional(),
      action: z.string(),
      current: z.string().optional(),
      recommended: z.string().optional(),
      monthly_saving: z.string(),
      recommended_by: z.array(z.string()),
    }),
  ),
  total_monthly_saving: z.string(),
  about: originSchema,
});

export const listRightsizing = defineTool({
  name: 'list_rightsizing',
  title: 'List rightsizing',
  description: 'Resources that could be stopped or smaller, each once, with what it would save a month. The greatest first.',
  access: 'read',
  input: z.object({}),
  output,
  list: 'savings',
  async run(_input, context: Context<Services>) {
    const { planning } = context.services;
    const told = await planning.rightsizing(context);
    return {
      savings: told.value.map(({ resource, resourceType, account, region, action, current, recommended, monthlySaving, sources }) => ({
        resource,
        type: resourceType,
        account,
        region,
        action,
        current,
        recommended,
        monthly_saving: formatUnits(monthlySaving),
        recommended_by: [...sources],
      })),
      total_monthly_saving: formatUnits(sum(told.value.map(({ monthlySaving }) => monthlySaving))),
      about: originOf(planning, told),
    };
  },
  text({ savings, total_monthly_saving, about }) {
    const lines = savings.map(
      ({ resource, type, account, action, current, recommended, monthly_saving }) =>
        `${money(monthly_saving, about.currency)} a month: ${action.toLowerCase()} ${type} ${resource} in ${account}${current === undefined ? '' : ` (${[current, recommended].filter(Boolean).join(' → ')})`}.`,
    );
    const head = `${money(total_monthly_saving, about.currency)} a month could be saved:`;
    return [...(lines.length === 0 ? ['Nothing is recommended.'] : [head, ...lines]), ...originLines(about)].join('\n');
  },
});
