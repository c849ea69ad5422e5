/**
 * Positions as near as possible to those wanted (ascending), each at least `gap` from the next, all between `from` and `to`. Those that would
 * lie on each other share the displacement. When there is not enough space for all gaps, they become equally smaller.
 */
export function spread(wanted: readonly number[], { gap, from, to }: { gap: number; from: number; to: number }): number[] {
  const step = Math.min(gap, wanted.length > 1 ? (to - from) / (wanted.length - 1) : gap);
  // Without the gaps the question is which ascending positions are nearest: neighbours in the wrong order get their common mean.
  const groups: { sum: number; count: number }[] = [];
  for (const [index, position] of wanted.entries()) {
    groups.push({ sum: position - index * step, count: 1 });
    for (let last = groups.at(-1), before = groups.at(-2); last && before && mean(before) > mean(last); before = groups.at(-2)) {
      groups.splice(-2, 2, { sum: before.sum + last.sum, count: before.count + last.count });
      last = groups.at(-1);
      if (last === undefined) break;
    }
  }
  const highest = to - (wanted.length - 1) * step;
  const bases = groups.flatMap((group) => Array<number>(group.count).fill(Math.min(Math.max(mean(group), from), highest)));
  return bases.map((base, index) => base + index * step);
}

function mean({ sum, count }: { sum: number; count: number }): number {
  return sum / count;
}
