import * as z from 'zod';
import { amountSchema, formatAmount, parseAmount, ZERO } from './money.ts';

/** The share of known cost that compliant resources have. Amounts are monthly, for resources in scope. */
export const costScoreSchema = z.object({
  /** From 0 to 1; absent when no cost is known, or nothing costs anything. */
  score: z.number().min(0).max(1).optional(),
  compliant: amountSchema,
  non_compliant: amountSchema,
  /** Resources whose cost is known, and those whose cost is not: these are left out of the score, not counted as zero. */
  known: z.int(),
  unknown: z.int(),
});
export type CostScore = z.infer<typeof costScoreSchema>;

/** Sums the costs of resources in scope. A credit (an amount below zero) counts as zero: it would invert the score. */
export function createCostTally(costs: ReadonlyMap<string, string>) {
  let [compliant, nonCompliant, known, unknown] = [ZERO, ZERO, 0, 0];
  return {
    add(arn: string, isCompliant: boolean): void {
      const amount = parseAmount(costs.get(arn));
      if (amount === undefined) {
        unknown++;
        return;
      }
      known++;
      const weight = amount.lt(0) ? ZERO : amount;
      if (isCompliant) compliant = compliant.plus(weight);
      else nonCompliant = nonCompliant.plus(weight);
    },
    result(): CostScore {
      const total = compliant.plus(nonCompliant);
      const score = total.eq(0) ? undefined : Number(compliant.div(total));
      return { score, compliant: formatAmount(compliant), non_compliant: formatAmount(nonCompliant), known, unknown };
    },
  };
}
