import type { Amounts, BillRow } from './question.ts';
import type { Units } from './units.ts';

export function netOf({ gross, credits, refunds }: Amounts): Units {
  return gross + credits + refunds;
}

export function sumAmounts(all: Iterable<Amounts>): Amounts {
  const sum = { gross: 0n, credits: 0n, refunds: 0n };
  for (const { gross, credits, refunds } of all) {
    sum.gross += gross;
    sum.credits += credits;
    sum.refunds += refunds;
  }
  return sum;
}

/** A group over all of its time buckets. */
export interface GroupTotal {
  keys: BillRow['keys'];
  amounts: Amounts;
  /** By unit. */
  usage: ReadonlyMap<string, Units>;
  /** Net amounts by the first day of their bucket. */
  byStart: ReadonlyMap<string, Units>;
}

/** The groups of an answer, the largest net amount first. */
export function totalGroups(rows: readonly BillRow[]): GroupTotal[] {
  const groups = Map.groupBy(rows, ({ keys }) => JSON.stringify(keys.map((key) => key ?? null)));
  return [...groups.values()]
    .map((own) => ({
      keys: own[0]?.keys ?? [],
      amounts: sumAmounts(own.map(({ amounts }) => amounts)),
      usage: sumUsage(own),
      byStart: new Map(own.map(({ start, amounts }) => [start, netOf(amounts)])),
    }))
    .toSorted((a, b) => compareUnits(netOf(b.amounts), netOf(a.amounts)));
}

function sumUsage(rows: readonly BillRow[]): Map<string, Units> {
  const sums = new Map<string, Units>();
  for (const { usage } of rows) for (const { quantity, unit } of usage) sums.set(unit, (sums.get(unit) ?? 0n) + quantity);
  return sums;
}

export function compareUnits(a: Units, b: Units): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function sizeOf(units: Units): Units {
  return units < 0n ? -units : units;
}
