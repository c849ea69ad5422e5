import type { BillRow, Dimension } from '../bill/question.ts';
import { type Lengths, noParts } from './change-parts.ts';
import { type Explained, GroupSum } from './group-sum.ts';
import { explainLine, type LineChange } from './line-change.ts';
import { pairLines } from './line-table.ts';

/** The lines of one period: rows without time, with quantities. */
export interface Side {
  rows: readonly BillRow[];
  days: number;
}

export interface ExplainedGroup extends Explained {
  /** `undefined`: what has no value, such as untagged spend. */
  key: string | undefined;
}

export interface ExplainedLine extends Explained {
  /** In the order of the dimensions. */
  keys: readonly (string | undefined)[];
}

export interface ExplainedChange extends Explained {
  /** For each dimension its groups, the largest change first. */
  breakdowns: readonly { dimension: Dimension; groups: readonly ExplainedGroup[] }[];
  /** The lines that changed most. */
  lines: readonly ExplainedLine[];
}

/**
 * Takes the change between two periods apart, line by line. What the parts mean stands at ChangeParts.
 * @param dimensions what the rows are grouped by
 * @param maxLines how many lines the answer names
 */
export function explainChange(before: Side, after: Side, dimensions: readonly Dimension[], maxLines = 10): ExplainedChange {
  const lengths: Lengths = { before: before.days, after: after.days };
  const table = pairLines(before.rows, after.rows, dimensions.length);
  const total = new GroupSum();
  const columns = table.keys.map((keys, index) => ({ sums: keys.map(() => new GroupSum()), numbers: table.numbers[index] ?? [] }));
  const top = new TopLines(maxLines);
  for (let line = 0; line < table.size; line += 1) {
    const change = explainLine(table.before[line], table.after[line], lengths);
    total.add(change);
    for (const { sums, numbers } of columns) sums[numbers[line] ?? 0]?.add(change);
    top.offer(line, change);
  }
  return {
    ...total.result(lengths),
    breakdowns: dimensions.map((dimension, index) => ({
      dimension,
      groups: (table.keys[index] ?? [])
        .map((key, number) => ({ key, ...(columns[index]?.sums[number]?.result(lengths) ?? NOTHING) }))
        .toSorted(largestFirst),
    })),
    lines: top.lines().map(({ line, explained }) => ({
      keys: table.keys.map((keys, index) => keys[table.numbers[index]?.[line] ?? 0]),
      ...explained,
    })),
  };
}

const NOTHING: Explained = { before: 0n, after: 0n, parts: noParts() };

/** The few lines that changed most, without sorting all of them. */
class TopLines {
  readonly #max: number;
  #kept: { line: number; size: number; explained: Explained }[] = [];
  #smallest = 0;

  constructor(max: number) {
    this.#max = max;
  }

  offer(line: number, change: LineChange): void {
    const size = sizeOf(change);
    if (size <= this.#smallest || this.#max === 0) return;
    const sum = new GroupSum();
    sum.add(change);
    this.#kept = [...this.#kept, { line, size, explained: sum.ofOneLine() }].toSorted((a, b) => b.size - a.size).slice(0, this.#max);
    if (this.#kept.length === this.#max) this.#smallest = this.#kept.at(-1)?.size ?? 0;
  }

  lines(): readonly { line: number; explained: Explained }[] {
    return this.#kept.toSorted((a, b) => largestFirst(a.explained, b.explained));
  }
}

/** Near enough to tell which are large. */
function sizeOf({ before, after, creditsBefore, creditsAfter, refundsBefore, refundsAfter }: LineChange): number {
  const credited = Number(creditsAfter) - Number(creditsBefore) + Number(refundsAfter) - Number(refundsBefore);
  return Math.abs(Number(after) - Number(before) + credited);
}

function largestFirst(a: Explained, b: Explained): number {
  const [first, second] = [a, b].map(({ before, after }) => (after > before ? after - before : before - after));
  return (first ?? 0n) > (second ?? 0n) ? -1 : first === second ? 0 : 1;
}
