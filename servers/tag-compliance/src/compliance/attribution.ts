import type Big from 'big.js';
import * as z from 'zod';
import type { SpendGroup } from '../inventory/source.ts';
import { amountSchema, formatAmount, parseAmount, percentOf, ZERO } from './money.ts';

/** Spend, and the part of it that can be attributed because the required tags are there. `gap` is exactly the rest. */
const spendSchema = z.object({
  total: amountSchema,
  attributable: amountSchema,
  gap: amountSchema,
  /** The gap in percent of the total, with one decimal; absent when there was no spend (or more credit than spend). */
  gap_percent: z.number().optional(),
});

export const attributionSchema = spendSchema.extend({
  /** The same for spend that can be tagged at all. */
  taggable: spendSchema,
  /** The largest gap first. Sums exactly to the totals. */
  breakdown: z.array(spendSchema.extend({ key: z.string() })),
});
export type Attribution = z.infer<typeof attributionSchema>;
export type Spend = z.infer<typeof spendSchema>;

/**
 * The attribution gap: spend without the required tags. Exact, in decimals.
 * @throws Error when an amount is not a decimal number, because a sum without it would be silently wrong
 */
export function attributionGap(groups: readonly SpendGroup[]): Attribution {
  const exact = groups.map(({ key, total, attributable, taggable }) => ({
    key,
    total: amount(total, key),
    attributable: amount(attributable, key),
    taggable: amount(taggable, key),
  }));
  const sum = (amounts: readonly Big[]) => amounts.reduce((all, one) => all.plus(one), ZERO);
  const attributable = sum(exact.map((group) => group.attributable));
  return {
    ...spend(sum(exact.map(({ total }) => total)), attributable),
    // Where the policy requires no tag, also spend that cannot carry one is attributable.
    taggable: spend(
      sum(exact.map(({ taggable }) => taggable)),
      sum(exact.map((group) => (group.attributable.gt(group.taggable) ? group.taggable : group.attributable))),
    ),
    breakdown: exact
      .toSorted((a, b) => gapOf(b).cmp(gapOf(a)) || (a.key < b.key ? -1 : 1))
      .map((group) => ({ key: group.key, ...spend(group.total, group.attributable) })),
  };
}

function amount(text: string, key: string): Big {
  const parsed = parseAmount(text);
  if (parsed === undefined) throw new Error(`The spend of "${key}" is not a decimal number.`);
  return parsed;
}

function gapOf({ total, attributable }: { total: Big; attributable: Big }): Big {
  return total.minus(attributable);
}

function spend(total: Big, attributable: Big): Spend {
  const gap = total.minus(attributable);
  return {
    total: formatAmount(total),
    attributable: formatAmount(attributable),
    gap: formatAmount(gap),
    gap_percent: percentOf(gap, total),
  };
}
