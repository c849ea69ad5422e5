import type { Big } from 'big.js';

/** What is shown by itself (largest first), what shares one place, and the label of that place. */
export interface WithOther<T> {
  shown: readonly T[];
  rest: readonly T[];
  label?: string;
}

/** The `max` largest, whatever their sign, and the others. A single other one keeps its own name: "Other (1)" would hide it for nothing. */
export function withOther<T>(items: readonly T[], { size, max }: { size(item: T): Big; max: number }): WithOther<T> {
  const sorted = items.toSorted((one, other) => size(other).abs().cmp(size(one).abs()));
  if (sorted.length <= max + 1) return { shown: sorted, rest: [] };
  const rest = sorted.slice(max);
  return { shown: sorted.slice(0, max), rest, label: `Other (${rest.length})` };
}
