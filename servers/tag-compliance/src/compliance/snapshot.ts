import * as z from 'zod';
import type { Coverage, GapReason } from '../inventory/coverage.ts';
import { joinNames } from '../inventory/inventory-name.ts';
import type { ScanQuery } from '../inventory/source.ts';
import { violationKindSchema } from '../policy/violation.ts';
import type { Evaluation, SeverityFilter } from './evaluate.ts';
import { scopeCountsSchema } from './tally.ts';

/** What is stored of one evaluation, for the history. */
export const snapshotSchema = z.object({
  /** ISO instant. */
  taken_at: z.string(),
  /** The scope of the scan; see `scopeOf`. Only snapshots of the same scope are compared. */
  scope: z.string(),
  resources: z.int(),
  /** Of them exempt, and so not in scope; absent in snapshots from before there were exemptions. */
  exempt: z.int().optional(),
  ...scopeCountsSchema.shape,
  /** Score weighted by cost, where costs were known. */
  cost_score: z.number().min(0).max(1).optional(),
  /** Violations by kind; a kind without any is absent. */
  violations: z.partialRecord(violationKindSchema, z.int()),
  /** Whether everything that was requested was seen. */
  is_complete: z.boolean(),
  policy_version: z.string(),
});
export type Snapshot = z.infer<typeof snapshotSchema>;

export function takeSnapshot(
  evaluation: Evaluation,
  about: { takenAt: Date; scope: string; coverage: Coverage; policyVersion: string },
): Snapshot {
  const { resources, exempt, in_scope, compliant, non_compliant, score, cost, by_kind } = evaluation.summary;
  return {
    taken_at: about.takenAt.toISOString(),
    scope: about.scope,
    resources,
    exempt: exempt.resources,
    in_scope,
    compliant,
    non_compliant,
    score,
    cost_score: cost?.score,
    violations: Object.fromEntries(by_kind.map(({ kind, violations }) => [kind, violations])),
    is_complete: about.coverage.isComplete,
    policy_version: about.policyVersion,
  };
}

/**
 * Whether a scan is worth storing. One that ran out of time is only a part of the next one, and one that could read nothing has no
 * score.
 */
export function isConclusive({ entries, isComplete }: Coverage, { resources }: Pick<Snapshot, 'resources'>): boolean {
  return isComplete || (resources > 0 && !entries.some(({ reason }) => reason === 'not_reached'));
}

/** Reasons that pass without anybody doing something about them. */
const PASSING: ReadonlySet<GapReason | undefined> = new Set<GapReason>(['throttled', 'unavailable', 'not_reached']);

/** Whether a scan missed something that the next one may see, rather than something that is never seen here. */
export function isInterrupted({ entries }: Coverage): boolean {
  return entries.some(({ status, reason }) => status !== 'complete' && PASSING.has(reason));
}

/**
 * A readable name of what was requested, such as `types=ec2:instance regions=* accounts=* severity=all`; the order of the lists
 * does not matter. Scores of different scopes say nothing about each other.
 */
export function scopeOf({ types, regions, accounts }: Omit<ScanQuery, 'refresh'>, severity: SeverityFilter): string {
  return `types=${joinNames(types)} regions=${joinNames(regions)} accounts=${joinNames(accounts)} severity=${severity}`;
}

const SCOPE = /^types=(\S*) regions=(\S*) accounts=(\S*) severity=(\S*)$/;

/** Whether a text has the form that {@link scopeOf} writes. */
export function isScope(text: string): boolean {
  return SCOPE.test(text);
}

/** A scope in words: `all types, regions eu-west-1, all accounts`. */
export function readableScope(scope: string): string {
  const [, types, regions, accounts, severity] = SCOPE.exec(scope) ?? [];
  if (severity === undefined) return scope;
  const part = (what: string, names = '*') => (names === '*' ? `all ${what}` : `${what} ${names.replaceAll(',', ', ')}`);
  const filter = severity === 'all' ? '' : `, ${severity.replace('_', ' ')}`;
  return `${part('types', types)}, ${part('regions', regions)}, ${part('accounts', accounts)}${filter}`;
}

/** Everything, in every severity. */
export const WHOLE = scopeOf({ types: [], regions: [], accounts: [] }, 'all');
