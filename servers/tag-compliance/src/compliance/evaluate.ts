import { forEachYielding } from '@fairway-mcp/async';
import * as z from 'zod';
import type { Resource } from '../inventory/resource.ts';
import type { CompiledPolicy } from '../policy/compile-policy.ts';
import { type Violation, violationKindSchema, violationSchema } from '../policy/violation.ts';
import { costScoreSchema, createCostTally } from './cost-score.ts';
import { createExemptionTally, type ExemptCounts, exemptCountsSchema } from './exempt.ts';
import { countedViolationsSchema, createTally, createViolationTally, scopeCounts, scopeCountsSchema } from './tally.ts';

/** Which violations count. */
export const severityFilterSchema = z.enum(['all', 'errors_only', 'warnings_only']);
export type SeverityFilter = z.infer<typeof severityFilterSchema>;

/**
 * The result of checking resources against a policy. In scope is a resource that any rule is about (see `CheckResult.isInScope`); compliant is
 * one in scope that breaks no rule that counts. What is in scope does not depend on the severity filter. What is exempt is not in scope.
 */
export const summarySchema = z.object({
  /** All resources, also those that are exempt or that no rule is about. */
  resources: z.int(),
  exempt: exemptCountsSchema,
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
  /** When the resources were listed: grace periods are counted to it. Without it no grace period applies. */
  asOf?: Date;
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

/** {@link evaluate}, without blocking the process. @throws the signal's reason when it fires first */
export async function evaluateInPieces(
  resources: Iterable<Resource>,
  policy: CompiledPolicy,
  options: EvaluationOptions,
  signal?: AbortSignal,
): Promise<Evaluation> {
  const running = startEvaluation(policy, options);
  await forEachYielding(resources, (resource) => running.add(resource), signal);
  return running.result();
}

export function startEvaluation(
  policy: CompiledPolicy,
  { severity = 'all', costs, asOf, keep = Number.POSITIVE_INFINITY }: EvaluationOptions,
): RunningEvaluation {
  const counts = new Counts();
  const cost = costs === undefined ? undefined : createCostTally(costs);
  const exemptions = createExemptionTally(policy, asOf);
  const kept: Violation[] = [];

  function add(resource: Resource): void {
    counts.resources++;
    if (exemptions.leavesOut(resource)) return;
    const checked = policy.check(resource);
    if (!checked.isInScope) return;
    const before = counts.violations;
    for (const violation of checked.violations) {
      if (!isCounted(violation, severity)) continue;
      counts.addViolation(violation);
      if (kept.length < keep) kept.push(violation);
    }
    const isCompliant = counts.violations === before;
    counts.addInScope(resource, isCompliant);
    cost?.add(resource.arn, isCompliant);
  }

  function result(): Evaluation {
    return {
      severity,
      summary: counts.summary(exemptions.result(), cost?.result()),
      violations: [...kept],
      left_out: counts.violations - kept.length,
    };
  }
  return { add, result };
}

/** What an evaluation counts. */
class Counts {
  resources = 0;
  violations = 0;
  #errors = 0;
  #inScope = 0;
  #compliant = 0;
  readonly #byKind = createViolationTally();
  readonly #byTag = createViolationTally();
  readonly #byType = createTally();
  readonly #byRegion = createTally();
  readonly #byAccount = createTally();

  /** @param violation of the resource that was counted last */
  addViolation({ kind, tag, severity }: Violation): void {
    this.violations++;
    if (severity === 'error') this.#errors++;
    this.#byKind.add(kind, this.resources);
    this.#byTag.add(tag, this.resources);
  }

  addInScope({ type, region, account }: Resource, isCompliant: boolean): void {
    this.#inScope++;
    if (isCompliant) this.#compliant++;
    this.#byType.add(type, isCompliant);
    this.#byRegion.add(region, isCompliant);
    this.#byAccount.add(account, isCompliant);
  }

  summary(exempt: ExemptCounts, cost: Summary['cost']): Summary {
    return {
      resources: this.resources,
      exempt,
      ...scopeCounts(this.#inScope, this.#compliant),
      violations: this.violations,
      errors: this.#errors,
      warnings: this.violations - this.#errors,
      cost,
      by_kind: this.#byKind.entries().map(([kind, rest]) => ({ kind: violationKindSchema.parse(kind), ...rest })),
      by_tag: this.#byTag.entries().map(([tag, rest]) => ({ tag, ...rest })),
      by_type: this.#byType.entries().map(([type, rest]) => ({ type, ...rest })),
      by_region: this.#byRegion.entries().map(([region, rest]) => ({ region, ...rest })),
      by_account: this.#byAccount.entries().map(([account, rest]) => ({ account, ...rest })),
    };
  }
}

function isCounted({ severity }: Violation, filter: SeverityFilter): boolean {
  return filter === 'all' || (filter === 'errors_only') === (severity === 'error');
}
