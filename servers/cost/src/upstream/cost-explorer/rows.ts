import type { Amounts, BillQuestion, BillRow, Dimension } from '../../bill/question.ts';
import type { Units } from '../../bill/units.ts';
import type { GroupedCell } from './combine.ts';
import { type KnownMetric, kindOf, partOf, valueOfKey } from './terms.ts';

type RowQuestion = Pick<BillQuestion, 'groupBy' | 'period' | 'granularity' | 'withUsage'> & { metric: KnownMetric };

interface Sum {
  start: string;
  keys: readonly (string | undefined)[];
  amounts: Amounts;
  usage: Map<string, Units>;
}

/** Adds cells up to rows, in no order. Rows of which every amount is zero are left out. */
export function toRows(cells: readonly GroupedCell[], question: RowQuestion, dimensions: readonly Dimension[]): BillRow[] {
  const sums = new Map<string, Sum>();
  for (const cell of cells) {
    const kind = kindOf(cell.recordType, question.metric);
    const keys = question.groupBy.map((dimension) => keyOf(dimension, dimensions, cell, kind));
    const start = question.granularity === 'total' ? question.period.start : cell.start;
    const id = JSON.stringify([start, ...keys.map((key) => key ?? null)]);
    const sum = sums.get(id) ?? { start, keys, amounts: { gross: 0n, credits: 0n, refunds: 0n }, usage: new Map() };
    sums.set(id, sum);
    sum.amounts[partOf(kind)] += cell.amount;
    if (question.withUsage && kind === 'usage' && cell.unit !== undefined)
      sum.usage.set(cell.unit, (sum.usage.get(cell.unit) ?? 0n) + cell.quantity);
  }
  return [...sums.values()].map(toRow).filter(isSomething);
}

function keyOf(dimension: Dimension, dimensions: readonly Dimension[], { keys }: GroupedCell, kind: string): string | undefined {
  if (dimension === 'charge') return kind;
  if (dimension === 'provider') return 'AWS';
  return valueOfKey(dimension, keys[dimensions.indexOf(dimension)] ?? '');
}

function toRow({ usage, ...row }: Sum): BillRow {
  const quantities = [...usage].map(([unit, quantity]) => ({ quantity, unit })).filter(({ quantity }) => quantity !== 0n);
  return { ...row, usage: quantities.toSorted((a, b) => (a.unit < b.unit ? -1 : 1)) };
}

function isSomething({ amounts: { gross, credits, refunds }, usage }: BillRow): boolean {
  return gross !== 0n || credits !== 0n || refunds !== 0n || usage.length > 0;
}
