import { type Context, defineTool } from '@fairway-mcp/kit';
import * as z from 'zod';
import { columns } from '../answers/costs.ts';
import { bucketingSchema, historyOf, historySchema } from '../compliance/history.ts';
import { percent } from '../compliance/percent.ts';
import { readableScope } from '../compliance/snapshot.ts';
import type { Services } from '../services.ts';

const DAY_MS = 86_400_000;

export const getViolationHistory = defineTool({
  name: 'get_violation_history',
  title: 'Get violation history',
  description: 'How compliance developed: the last scan of each day, week or month, and whether it is improving, stable or declining.',
  access: 'read',
  input: z.object({
    days_back: z.int().min(1).max(90).default(30).describe('How far to look back'),
    group_by: bucketingSchema.default('day').describe('One entry for each'),
    scope: z.string().max(10_000).optional().describe('One of other_scopes of an earlier answer; default: everything'),
  }),
  output: historySchema.extend({ sample: z.boolean().describe('True: the data is made up') }),
  async run({ days_back, group_by, scope }, context: Context<Services>) {
    const { snapshots, source } = context.services;
    const present = context.now();
    const from = new Date(present.getTime() - (days_back + 1) * DAY_MS).toISOString();
    const stored = await snapshots.since(await source.inventoryName(context), from);
    const history = historyOf(stored, { now: present, daysBack: days_back, groupBy: group_by, ...(scope !== undefined && { scope }) });
    const unknown = await snapshots.countUnknown(from);
    return { ...history, notes: [...history.notes, ...unknownNote(unknown)], sample: source.isSample };
  },
  text: ({ series, trend, change, notes, scope, sample }) =>
    [
      trend === 'unknown' ? 'There is no trend yet.' : `Compliance is ${trend}${changeText(change)}.`,
      `Scope: ${readableScope(scope)}.`,
      ...columns(
        series.flatMap(({ bucket, snapshot }) =>
          snapshot === undefined
            ? []
            : [
                [
                  bucket,
                  percent(snapshot.score),
                  `${snapshot.non_compliant} of ${snapshot.in_scope} wrong${snapshot.exempt ? `, ${snapshot.exempt} exempt` : ''}`,
                ],
              ],
        ),
      ),
      ...notes,
      ...(sample ? ['SAMPLE DATA: this organization is made up.'] : []),
    ].join('\n'),
});

function unknownNote(count: number): string[] {
  return count === 0 ? [] : [`Not shown: ${count} older scans whose accounts are unknown.`];
}

function changeText(change: number | undefined): string {
  return change === undefined ? '' : ` (${change >= 0 ? '+' : ''}${(change * 100).toFixed(1)} points over the window)`;
}
