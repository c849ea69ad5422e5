import * as z from 'zod';
import type { Coverage } from '../../inventory/coverage.ts';
import { severitySchema } from '../../policy/policy.ts';
import { type Violation, violationKindSchema, violationSchema, weightiestFirst } from '../../policy/violation.ts';
import { type Evaluation, severityFilterSchema, summarySchema } from '../evaluate.ts';
import { amountSchema, costOf, formatAmount, ZERO } from '../money.ts';
import { type Recommendation, recommendationSchema } from '../next-steps/recommendations.ts';
import { coverageStatement } from './coverage-statement.ts';

/** Violations of one kind about one tag. */
export const rankedSchema = z.object({
  kind: violationKindSchema,
  tag: z.string(),
  severity: severitySchema,
  violations: z.int(),
  resources: z.int(),
  /** What the resources of known cost among them cost in a month; absent when none is known. */
  monthly_cost: amountSchema.optional(),
});
export type Ranked = z.infer<typeof rankedSchema>;

/** The content of a report in every format. */
export const reportSchema = z.object({
  /** When the oldest part of the data was read, as an ISO instant. */
  as_of: z.string(),
  written_at: z.string(),
  policy_version: z.string(),
  /** The data is made up. */
  is_sample: z.boolean(),
  /** The scope of the scan; see `scopeOf`. */
  scope: z.string(),
  severity: severityFilterSchema,
  /** Of all amounts; absent when costs were not requested. */
  currency: z.string().optional(),
  is_complete: z.boolean(),
  /** What could be read and what not. */
  coverage: z.string(),
  summary: summarySchema,
  by_count: z.array(rankedSchema),
  /** Absent when no cost is known. */
  by_cost: z.array(rankedSchema).optional(),
  recommendations: z.array(recommendationSchema),
  /** The weightiest first. */
  violations: z.array(violationSchema),
  /** Violations that are counted but not listed. */
  left_out: z.int(),
});
export type Report = z.infer<typeof reportSchema>;

export interface ReportInput {
  /** With all violations kept: the rankings are made of them. */
  evaluation: Evaluation;
  coverage: Coverage;
  asOf: string;
  now: Date;
  policyVersion: string;
  isSample: boolean;
  scope: string;
  costs?: { byArn: ReadonlyMap<string, string>; currency: string };
  recommendations?: readonly Recommendation[];
  /** How many violations to list. */
  list?: number;
}

export function buildReport(input: ReportInput): Report {
  const { evaluation, coverage, costs, recommendations = [], list = Number.POSITIVE_INFINITY } = input;
  const ranked = rank(evaluation.violations, costs?.byArn);
  const violations = weightiestFirst(evaluation.violations, costs?.byArn).slice(0, list);
  return {
    as_of: input.asOf,
    written_at: input.now.toISOString(),
    policy_version: input.policyVersion,
    is_sample: input.isSample,
    scope: input.scope,
    severity: evaluation.severity,
    currency: costs?.currency,
    is_complete: coverage.isComplete,
    coverage: coverageStatement(coverage),
    summary: evaluation.summary,
    by_count: ranked.map(({ cost: _, ...entry }) => entry),
    by_cost: ranked.some(({ cost }) => cost !== undefined)
      ? ranked.toSorted((a, b) => (b.cost ?? ZERO).cmp(a.cost ?? ZERO)).map(({ cost: _, ...entry }) => entry)
      : undefined,
    recommendations: [...recommendations],
    violations,
    left_out: evaluation.left_out + evaluation.violations.length - violations.length,
  };
}

/** The commonest first. */
function rank(violations: readonly Violation[], costs: ReadonlyMap<string, string> | undefined) {
  const groups = new Map<string, { first: Violation; count: number; arns: Set<string> }>();
  for (const violation of violations) {
    const name = JSON.stringify([violation.kind, violation.tag, violation.severity]);
    const group = groups.get(name) ?? { first: violation, count: 0, arns: new Set() };
    group.count++;
    group.arns.add(violation.arn);
    groups.set(name, group);
  }
  const entries = [...groups].sort(([nameA, a], [nameB, b]) => b.count - a.count || (nameA < nameB ? -1 : 1));
  return entries.map(
    ([
      ,
      {
        first: { kind, tag, severity },
        count,
        arns,
      },
    ]) => {
      const cost = costOf(arns, costs);
      const monthly_cost = cost && formatAmount(cost);
      return { kind, tag, severity, violations: count, resources: arns.size, monthly_cost, cost };
    },
  );
}
