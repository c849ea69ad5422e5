import * as z from 'zod';
import { type Bucketing, bucketName, bucketStart, nextBucket } from './calendar.ts';
import { type Snapshot, snapshotSchema, WHOLE } from './snapshot.ts';
import { trendOf } from './trend.ts';

export const bucketingSchema = z.enum(['day', 'week', 'month']);

export const historySchema = z.object({
  /** What the snapshots are of. */
  scope: z.string(),
  group_by: bucketingSchema,
  /** One entry for each day, week or month of the window, in order. */
  series: z.array(
    z.object({
      /** `2026-01-31`, `2026-W05` or `2026-01`, in UTC. */
      bucket: z.string(),
      /** The last complete one of the bucket, or the last one when none is; absent when there was no scan, which is not a score of zero. */
      snapshot: snapshotSchema.omit({ scope: true }).optional(),
      scans: z.int(),
    }),
  ),
  trend: z.enum(['improving', 'stable', 'declining', 'unknown']),
  /** Change of the score over the window, by the slope of the series: 0.05 is five percentage points better. */
  change: z.number().optional(),
  /** Caveats about the series. */
  notes: z.array(z.string()),
  /** Other scopes with snapshots in the window, the one with the most first. */
  other_scopes: z.array(z.string()),
});
export type History = z.infer<typeof historySchema>;

export interface HistoryQuery {
  now: Date;
  /** How many days to look back, today included. */
  daysBack: number;
  groupBy: Bucketing;
  /** Which scope; without it everything, or that of the newest snapshot in the window when there is none of everything. */
  scope?: string;
}

/** How compliance developed: the last snapshot of each day, week or month. Snapshots are never summed. */
export function historyOf(snapshots: readonly Snapshot[], { now, daysBack, groupBy, scope }: HistoryQuery): History {
  const from = bucketStart(now.getTime(), 'day') - (daysBack - 1) * 86_400_000;
  const inWindow = snapshots.filter(({ taken_at }) => timeOf(taken_at) >= from && timeOf(taken_at) <= now.getTime());
  const sorted = inWindow.toSorted((a, b) => timeOf(a.taken_at) - timeOf(b.taken_at));
  const byScope = Map.groupBy(sorted, (snapshot) => snapshot.scope);
  const wanted = scope ?? (byScope.has(WHOLE) ? WHOLE : (sorted.at(-1)?.scope ?? WHOLE));
  const same = byScope.get(wanted) ?? [];
  const series = bucketsBetween(from, now.getTime(), groupBy).map((start) => {
    const own = same.filter(({ taken_at }) => bucketStart(timeOf(taken_at), groupBy) === start);
    return {
      bucket: bucketName(start, groupBy),
      snapshot: own.findLast(({ is_complete }) => is_complete) ?? own.at(-1),
      scans: own.length,
    };
  });
  const shown = series.map(({ snapshot }) => snapshot).filter((snapshot) => snapshot !== undefined);
  const { trend, change } = trendOf(shown.map(({ taken_at, score }) => ({ time: timeOf(taken_at), score })));
  return {
    scope: wanted,
    group_by: groupBy,
    series: series.map((entry) => ({ ...entry, snapshot: entry.snapshot && withoutScope(entry.snapshot) })),
    trend,
    change,
    notes: notesOn(shown, { scans: same.length, otherScopes: sorted.length - same.length, groupBy }),
    other_scopes: otherScopes(byScope, wanted),
  };
}

const SCOPES_NAMED = 10;

function otherScopes(byScope: ReadonlyMap<string, readonly Snapshot[]>, shown: string): string[] {
  const others = [...byScope].filter(([scope]) => scope !== shown).sort(([, a], [, b]) => b.length - a.length);
  return others.slice(0, SCOPES_NAMED).map(([scope]) => scope);
}

function bucketsBetween(from: number, to: number, groupBy: Bucketing): number[] {
  const starts: number[] = [];
  for (let start = bucketStart(from, groupBy); start <= to; start = nextBucket(start, groupBy)) starts.push(start);
  return starts;
}

function withoutScope({ scope: _, ...rest }: Snapshot): Omit<Snapshot, 'scope'> {
  return rest;
}

interface Counted {
  /** Snapshots of the scope in the window. */
  scans: number;
  otherScopes: number;
  groupBy: Bucketing;
}

function notesOn(shown: readonly Snapshot[], { scans, otherScopes, groupBy }: Counted): string[] {
  const notes: string[] = [];
  const changes = shown.filter((snapshot, index) => index > 0 && snapshot.policy_version !== shown[index - 1]?.policy_version);
  const last = changes.at(-1);
  if (last !== undefined)
    notes.push(
      `The policy changed in this window, last before ${last.taken_at.slice(0, 10)} (now ${last.policy_version}). A part of the change may result from that.`,
    );
  const partial = shown.filter(({ is_complete }) => !is_complete).length;
  if (partial > 0) notes.push(`${partial} of ${shown.length} scans shown cover only a part of what was requested.`);
  if (otherScopes > 0)
    notes.push(
      `Scans of other types, regions, accounts or severities are not shown (${otherScopes}): scores of different scopes cannot be compared.`,
    );
  if (shown.length === 0)
    notes.push('There is no scan of this scope in this window. Check compliance with store_snapshot to start a history.');
  else if (shown.length === 1)
    notes.push(scans === 1 ? 'One scan is no trend yet.' : `All ${scans} scans are of the same ${groupBy}, which is no trend yet.`);
  return notes;
}

function timeOf(instant: string): number {
  return Date.parse(instant);
}
