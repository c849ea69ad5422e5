import * as z from 'zod';
import type { Resource } from '../../inventory/resource.ts';
import type { CompiledPolicy } from '../../policy/compile-policy.ts';
import { severitySchema } from '../../policy/policy.ts';
import type { Violation } from '../../policy/violation.ts';
import type { Evaluation } from '../evaluate.ts';
import { amountSchema, costOf, formatAmount, ZERO } from '../money.ts';
import { indexResources } from '../parents.ts';
import { type Cause, FIXES, type Fix, groupByCause } from './causes.ts';
import { describeStep } from './describe-step.ts';

/** One step that corrects all violations of one cause. */
export const recommendationSchema = z.object({
  /** What to do, on how many resources, as a sentence. */
  action: z.string(),
  fix: z.enum(FIXES),
  /** `low`: the same mechanical change everywhere; `medium`: somebody must decide; `high`: templates must change too. */
  effort: z.enum(['low', 'medium', 'high']),
  /** The worst of the violations. */
  severity: severitySchema,
  tags: z.array(z.string()),
  types: z.array(z.string()),
  resources: z.int(),
  violations: z.int(),
  /** What those of known cost cost in a month; absent when none is known. */
  monthly_cost: amountSchema.optional(),
  /** Some of the resources, as ARNs, the most expensive first. */
  examples: z.array(z.string()),
});
export type Recommendation = z.infer<typeof recommendationSchema>;

export interface RecommendationInput {
  resources: readonly Resource[];
  evaluation: Evaluation;
  policy: CompiledPolicy;
  /** Monthly cost by ARN, as decimal strings. */
  costs?: ReadonlyMap<string, string>;
  /** How many steps to name. */
  limit?: number;
}

const EFFORTS: Readonly<Record<Fix, Recommendation['effort']>> = {
  rename_keys: 'low',
  respell_values: 'low',
  copy_from_parent: 'low',
  remove_keys: 'low',
  replace_values: 'medium',
  remove_unused_tags: 'medium',
  set_at_creation: 'high',
};

/** How much more work a step is for each resource. A rough measure: it only decides which of two steps comes first. */
const WORK: Readonly<Record<Recommendation['effort'], number>> = { low: 1, medium: 3, high: 5 };

const EXAMPLES = 3;

/** Next steps: those that correct the most money for the least work first; among equals, the most violations for the least work. */
export function recommend({ resources, evaluation, policy, costs, limit = 10 }: RecommendationInput): Recommendation[] {
  const { summary, violations } = evaluation;
  const typeCounts = new Map(summary.by_type.map(({ type, in_scope }) => [type, in_scope]));
  const steps = groupByCause(violations, indexResources(resources), policy).map((cause) => {
    const arns = [...new Set(cause.violations.map(({ arn }) => arn))].sort();
    const cost = costOf(arns, costs);
    const work = WORK[EFFORTS[cause.fix]];
    return { cause, arns, cost, money: (cost ?? ZERO).div(work), violations: cause.violations.length / work };
  });
  steps.sort((a, b) => b.money.cmp(a.money) || b.violations - a.violations || compare(a.cause, b.cause));
  return steps.slice(0, limit).map(({ cause, arns, cost }) => ({
    action: describeStep(cause, typeCounts),
    fix: cause.fix,
    effort: EFFORTS[cause.fix],
    severity: cause.violations.some(({ severity }) => severity === 'error') ? 'error' : 'warning',
    tags: namesOf(cause, ({ tag }) => tag),
    types: namesOf(cause, ({ type }) => type),
    resources: arns.length,
    violations: cause.violations.length,
    monthly_cost: cost && formatAmount(cost),
    examples: arns.toSorted((a, b) => Number(costs?.get(b) ?? 0) - Number(costs?.get(a) ?? 0)).slice(0, EXAMPLES),
  }));
}

function namesOf({ violations }: Cause, nameOf: (violation: Violation) => string): string[] {
  return [...new Set(violations.map(nameOf))].sort();
}

function compare(a: Cause, b: Cause): number {
  return FIXES.indexOf(a.fix) - FIXES.indexOf(b.fix) || (a.about < b.about ? -1 : 1);
}
