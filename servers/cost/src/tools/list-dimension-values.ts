import { type Context, defineTool } from '@fairway-mcp/kit';
import * as z from 'zod';
import { aboutAnswers, aboutLines, aboutSchema, periodText, spanOfAbout } from '../answers/about.ts';
import { dimension, spanOf, spendPeriod } from '../answers/inputs.ts';
import type { Dimension } from '../bill/question.ts';
import type { Services } from '../services.ts';

const output = z.object({
  dimension: z.string(),
  values: z.array(z.object({ value: z.string(), name: z.string().optional() })),
  about: aboutSchema,
});

export const listDimensionValues = defineTool({
  name: 'list_dimension_values',
  title: 'List dimension values',
  description: 'The services, accounts, regions, values of a tag or other values that charges of a period have: what filters can name.',
  access: 'read',
  input: z.object({
    dimension: dimension().describe('As in group_by of get_cost_and_usage'),
    search: z.string().min(1).max(200).optional().describe('Only values or names that contain this'),
    period: spendPeriod('last_30_days'),
  }),
  output,
  list: 'values',
  listVersion: ({ about }) => about.as_of,
  async run(input, context: Context<Services>) {
    const { bill, presentOf } = context.services;
    const now = presentOf(context.now());
    const period = spanOf(input.period, now);
    const answer = await bill.values({ period, dimension: input.dimension as Dimension, search: input.search }, context);
    return {
      dimension: input.dimension,
      values: answer.values.map(({ value, name }) => ({ value, ...(name !== undefined && { name }) })),
      about: aboutAnswers({ source: bill, period, now, answers: [answer] }),
    };
  },
  text: ({ dimension: of, values, about }) =>
    [
      values.length === 0
        ? `No charge ${periodText(spanOfAbout(about))} has such a value of ${of}.`
        : `Values of ${of} ${periodText(spanOfAbout(about))}:`,
      ...values.map(({ value, name }) => (name === undefined ? value : `${value} (${name})`)),
      ...aboutLines(about),
    ].join('\n'),
});
