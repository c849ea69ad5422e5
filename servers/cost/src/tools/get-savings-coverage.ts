import { type Context, defineTool } from '@fairway-mcp/kit';
import { parsePeriod, period } from '@fairway-mcp/validation';
import * as z from 'zod';
import { money, optional, originLines, originOf, originSchema } from '../answers/origin.ts';
import type { Services } from '../services.ts';

const commitment = z.object({
  kind: z.enum(['savings_plans', 'reservations']),
  service: z.string().optional(),
  covered_percent: z.number().optional().describe('Of what they can cover'),
  used_percent: z.number().optional().describe('Of the commitment'),
  unused: z.string().optional().describe('Paid and not used'),
  on_demand: z.string().optional().describe('Not covered'),
  net_savings: z.string().optional(),
});
const output = z.object({ commitments: z.array(commitment), period: z.string().describe('START/END, END exclusive'), about: originSchema });

export const getSavingsCoverage = defineTool({
  name: 'get_savings_coverage',
  title: 'Get savings coverage',
  description: 'Savings Plans and reservations: how much usage they cover, how much of them is used, and the money left on the table.',
  access: 'read',
  input: z.object({ period: period().default('last_30_days') }),
  output,
  async run({ period: asked }, context: Context<Services>) {
    const { planning, presentOf } = context.services;
    const span = parsePeriod(asked, presentOf(context.now()));
    if (span === undefined) throw new TypeError('The period was validated and cannot be read.');
    const told = await planning.coverage(span, context);
    return {
      commitments: told.value.map(({ kind, service, coveredPercent, usedPercent, unused, onDemand, netSavings }) => ({
        kind,
        service,
        covered_percent: coveredPercent,
        used_percent: usedPercent,
        unused: optional(unused),
        on_demand: optional(onDemand),
        net_savings: optional(netSavings),
      })),
      period: `${span.start}/${span.end}`,
      about: originOf(planning, told),
    };
  },
  text({ commitments, period: span, about }) {
    const [start, end] = span.split('/');
    const lines = commitments.map((one) => commitmentText(one, about.currency));
    return [
      `From ${start} up to, but not including, ${end}:`,
      ...(lines.length === 0 ? ['There are no Savings Plans and no reservations.'] : lines),
      ...originLines(about),
    ].join('\n');
  },
});

function commitmentText({ kind, service, ...one }: z.output<typeof commitment>, currency: string): string {
  const parts = [
    ...(one.covered_percent === undefined ? [] : [`${one.covered_percent.toFixed(1)} % of the usage is covered`]),
    ...(one.on_demand === undefined ? [] : [`${money(one.on_demand, currency)} was paid on demand`]),
    ...(one.used_percent === undefined ? [] : [`${one.used_percent.toFixed(1)} % of the commitment was used`]),
    ...(one.unused === undefined ? [] : [`${money(one.unused, currency)} was paid and not used`]),
    ...(one.net_savings === undefined ? [] : [`net savings ${money(one.net_savings, currency)}`]),
  ];
  return `${kind === 'savings_plans' ? 'Savings Plans' : 'Reservations'}${service === undefined ? '' : ` (${service})`}: ${parts.join(', ')}.`;
}
