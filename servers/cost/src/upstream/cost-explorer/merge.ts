import type { Amounts, BillRow, Quantity } from '../../bill/question.ts';

/** Adds up rows of several accounts that have the same time and keys. */
export function mergeRows(lists: readonly (readonly BillRow[])[]): readonly BillRow[] {
  const [only = []] = lists;
  if (lists.length < 2) return only;
  const merged = new Map<string, BillRow>();
  for (const row of lists.flat()) {
    const id = JSON.stringify([row.start, ...row.keys.map((key) => key ?? null)]);
    const known = merged.get(id);
    merged.set(
      id,
      known === undefined ? row : { ...row, amounts: addAmounts(known.amounts, row.amounts), usage: addUsage(known.usage, row.usage) },
    );
  }
  return [...merged.values()];
}

function addAmounts(one: Amounts, other: Amounts): Amounts {
  return { gross: one.gross + other.gross, credits: one.credits + other.credits, refunds: one.refunds + other.refunds };
}

function addUsage(one: readonly Quantity[], other: readonly Quantity[]): Quantity[] {
  const sums = new Map(one.map(({ unit, quantity }) => [unit, quantity]));
  for (const { unit, quantity } of other) sums.set(unit, (sums.get(unit) ?? 0n) + quantity);
  return [...sums].map(([unit, quantity]) => ({ unit, quantity })).toSorted((a, b) => (a.unit < b.unit ? -1 : 1));
}
