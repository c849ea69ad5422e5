import { type Context, defineTool } from '@fairway-mcp/kit';
import * as z from 'zod';
import { columns, percent } from '../answers/costs.ts';
import { bucketingSchema, historyOf, historySchema } from '../compliance/history.ts';
import type { Services } from '../services.ts';

const DAY_MS = 86_400_000;

export const getViolationHistory = defineTool({
  name: 'get_violation_history',
  title: 'Get violation history',
  description: 'How compliance developed: the last scan of each day, week or month, and whether it is improving, stable or declining.',
  access: 'read',
  openWorld: false,
  input: z.object({
    days_back: z.int().min(1).max(90).default(30).describe('How far to look back'),
    group_by: bucketingSchema.default('day').describe('One entry for each'),
  }),
  output: historySchema.extend({ sample: z.boolean().describe('True: the data is made up') }),
  async run({ days_back, group_by }, { services: { snapshots, source }, now }: Context<Services>) {
    const present = now();
    const stored = await snapshots.since(new Date(present.getTime() - (days_back + 1) * DAY_MS).toISOString());
    return { ...historyOf(stored, { now: present, daysBack: days_back, groupBy: group_by }), sample: source.isSample };
  },
  text: ({ series, trend, change, notes, scope, sample }) =>
    [
      `Compliance is ${trend}${change === null ? '' : ` (${change >= 0 ? '+' : ''}${(change * 100).toFixed(1)} points over the window)`}. Scope: ${scope || 'none yet'}.`,
      ...columns(
        series.flatMap(({ bucket, snapshot }) =>
          snapshot === null ? [] : [[bucket, percent(snapshot.score), `${snapshot.non_compliant} of ${snapshot.in_scope} wrong`]],
        ),
      ),
      ...notes,
      ...(sample ? ['SAMPLE DATA: this organization is made up.'] : []),
    ].join('\n'),
});
