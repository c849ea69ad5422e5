import * as z from 'zod';
import type { Resource } from '../inventory/resource.ts';
import type { CompiledPolicy } from '../policy/compile-policy.ts';
import { type Violation, violationKindSchema, violationSchema } from '../policy/violation.ts';
import { costScoreSchema, createCostTally } from './cost-score.ts';
import { countedViolationsSchema, createTally, createViolationTally, scopeCounts, scopeCountsSchema } from './tally.ts';

/** Which violations count. */
export const severityFilterSchema = z.enum(['all', 'errors_only', 'warnings_only']);
export type SeverityFilter = z.infer<typeof severityFilterSchema>;

/**
 * The result of checking resources against a policy. In scope is a resource that any rule is about (see `CheckResult.isInScope`); compliant is
 * one in scope that breaks no rule that counts. What is in scope does not depend on the severity filter.
 */
export const summarySchema = z.object({
  /** All resources, also those that no rule is about. */
  resources: z.int(),
  ...scopeCountsSchema.shape,
  violations: z.int(),
  errors: z.int(),
  warnings: z.int(),
  /** The score weighted by what resources cost; absent when costs were not requested. */
  cost: costScoreSchema.optional(),
  by_kind: z.array(countedViolationsSchema.extend({ kind: violationKindSchema })),
  by_tag: z.array(countedViolationsSchema.extend({ tag: z.string() })),
  by_type: z.array(scopeCountsSchema.extend({ type: z.string() })),
  by_region: z.array(scopeCountsSchema.extend({ region: z.string() })),
  by_account: z.array(scopeCountsSchema.extend({ account: z.string() })),
});
export type Summary = z.infer<typeof summarySchema>;

export const evaluationSchema = z.object({
  severity: severityFilterSchema,
  summary: summarySchema,
  /** In the order of the resources. */
  violations: z.array(violationSchema),
  /** Violations that are counted but not listed, because there were more than `keep`. */
  left_out: z.int(),
});
export type Evaluation = z.infer<typeof evaluationSchema>;

export interface EvaluationOptions {
  severity?: SeverityFilter;
  /** Monthly cost by ARN, as decimal strings. A resource that is not here has an unknown cost. */
  costs?: ReadonlyMap<string, string>;
  /** How many violations to keep; all of them are counted. Bounds the memory that an evaluation needs. */
  keep?: number;
}

/** Checks resources one by one in a single pass; of a resource only its violations are kept. */
export interface RunningEvaluation {
  add(resource: Resource): void;
  /** The evaluation of the resources so far. */
  result(): Evaluation;
}

export function evaluate(resources: Iterable<Resource>, policy: CompiledPolicy, options: EvaluationOptions = {}): Evaluation {
  const running = startEvaluation(policy, options);
  for (const resource of resources) running.add(resource);
  return running.result();
}

export function startEvaluation(
  policy: CompiledPolicy,
  { severity = 'all', costs, keep = Number.POSITIVE_INFINITY }: EvaluationOptions,
): RunningEvaluation {
  const [byType, byRegion, byAccount] = [createTally(), createTally(), createTally()];
  const [byKind, byTag] = [createViolationTally(), createViolationTally()];
  const cost = costs === undefined ? undefined : createCostTally(costs);
  const kept: Violation[] = [];
  let [seen, inScope, compliant, counted, errors] = [0, 0, 0, 0, 0];

  function add(resource: Resource): void {
    seen++;
    const checked = policy.check(resource);
    if (!checked.isInScope) return;
    inScope++;
    const before = counted;
    for (const violation of checked.violations) {
      if (!counts(violation, severity)) continue;
      counted++;
      if (violation.severity === 'error') errors++;
      byKind.add(violation.kind, seen);
      byTag.add(violation.tag, seen);
      if (kept.length < keep) kept.push(violation);
    }
    const isCompliant = counted === before;
    if (isCompliant) compliant++;
    byType.add(resource.type, isCompliant);
    byRegion.add(resource.region, isCompliant);
    byAccount.add(resource.account, isCompliant);
    cost?.add(resource.arn, isCompliant);
  }

  function result(): Evaluation {
    const summary: Summary = {
      resources: seen,
      ...scopeCounts(inScope, compliant),
      violations: counted,
      errors,
      warnings: counted - errors,
      cost: cost?.result(),
      by_kind: byKind.entries().map(([kind, rest]) => ({ kind: violationKindSchema.parse(kind), ...rest })),
      by_tag: byTag.entries().map(([tag, rest]) => ({ tag, ...rest })),
      by_type: byType.entries().map(([type, rest]) => ({ type, ...rest })),
      by_region: byRegion.entries().map(([region, rest]) => ({ region, ...rest })),
      by_account: byAccount.entries().map(([account, rest]) => ({ account, ...rest })),
    };
    return { severity, summary, violations: [...kept], left_out: counted - kept.length };
  }
  return { add, result };
}

function counts({ severity }: Violation, filter: SeverityFilter): boolean {
  return filter === 'all' || (filter === 'errors_only') === (severity === 'error');
}
