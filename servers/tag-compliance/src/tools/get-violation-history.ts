import { type Context, defineTool, ToolError } from '@fairway-mcp/kit';
import * as z from 'zod';
import { columns } from '../answers/costs.ts';
import { bucketingSchema, historyOf, historySchema } from '../compliance/history.ts';
import { percent } from '../compliance/percent.ts';
import { isScope, readableScope, type Snapshot } from '../compliance/snapshot.ts';
import type { Services } from '../services.ts';

const DAY_MS = 86_400_000;
/** Scopes that an error lists. */
const SCOPES_NAMED = 10;

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
    if (scope !== undefined && !isScope(scope)) throw unknownScope(stored);
    const history = historyOf(stored, { now: present, daysBack: days_back, groupBy: group_by, ...(scope !== undefined && { scope }) });
    const unknown = await snapshots.countUnknown(from);
    return { ...history, notes: [...history.notes, ...unknownNote(unknown)], sample: source.isSample };
  },
  text: ({ series, trend, change, notes, scope, other_scopes, sample }) =>
    [
      // Where there is no trend, a note says why.
      ...(trend === 'unknown' ? [] : [`Compliance is ${trend}${changeText(change)}.`]),
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
      ...(other_scopes.length === 0 ? [] : ['Pass one of these as scope to see its scans:', ...other_scopes.map((other) => `  ${other}`)]),
      ...(sample ? ['SAMPLE DATA: this organization is made up.'] : []),
    ].join('\n'),
});

function unknownScope(stored: readonly Snapshot[]): ToolError {
  const known = [...new Set(stored.map((snapshot) => snapshot.scope))].slice(0, SCOPES_NAMED);
  const remedy = known.length === 0 ? 'Leave it out; no scan is stored yet.' : `Leave it out, or pass one of: ${known.join('; ')}.`;
  return new ToolError({ kind: 'invalid_input', message: 'scope: This is not the scope of a scan.', remedy });
}

function unknownNote(count: number): string[] {
  return count === 0 ? [] : [`Not shown: ${count} older scans whose accounts are unknown.`];
}

function changeText(change: number | undefined): string {
  return change === undefined ? '' : ` (${change >= 0 ? '+' : ''}${(change * 100).toFixed(1)} points over the window)`;
}
