import { type Context, defineTool } from '@fairway-mcp/kit';
import { parsePeriod, period } from '@fairway-mcp/validation';
import * as z from 'zod';
import { money, optional, originLines, originOf, originSchema } from '../answers/origin.ts';
import { formatUnits } from '../bill/units.ts';
import type { Services } from '../services.ts';

const output = z.object({
  anomalies: z.array(
    z.object({
      start: z.string(),
      last_day: z.string().optional().describe('Absent: it goes on'),
      impact: z.string().describe('Beyond what was expected'),
      expected: z.string().optional(),
      cause: z.string(),
    }),
  ),
  about: originSchema,
});

export const listCostAnomalies = defineTool({
  name: 'list_cost_anomalies',
  title: 'List cost anomalies',
  description: 'Unusual spend that nobody may have noticed: since when, how much beyond the expected, and its cause. The greatest first.',
  access: 'read',
  input: z.object({ period: period().default('last_30_days') }),
  output,
  list: 'anomalies',
  async run({ period: asked }, context: Context<Services>) {
    const { planning, presentOf } = context.services;
    const span = parsePeriod(asked, presentOf(context.now()));
    if (span === undefined) throw new TypeError('The period was validated and cannot be read.');
    const told = await planning.anomalies(span, context);
    return {
      anomalies: told.value.map(({ start, lastDay, impact, expected, causes }) => ({
        start,
        ...(lastDay !== undefined && { last_day: lastDay }),
        impact: formatUnits(impact),
        ...(expected !== undefined && { expected: optional(expected) }),
        cause:
          causes
            .map(({ service, usageType, account, region }) => [service, usageType, account, region].filter(Boolean).join(', '))
            .join('; ') || 'unknown',
      })),
      about: originOf(planning, told),
    };
  },
  text({ anomalies, about }) {
    const lines = anomalies.map(
      ({ start, last_day, impact, cause }) =>
        `${money(impact, about.currency)} more than expected ${last_day === undefined ? `since ${start}, and it goes on` : `from ${start} to ${last_day}`}: ${cause}.`,
    );
    return [...(lines.length === 0 ? ['Nothing unusual was found.'] : lines), ...originLines(about)].join('\n');
  },
});
