import { addDays } from '../bill/days.ts';
import type { BillRow } from '../bill/question.ts';
import { formatUnits, UNITS_PER_ONE, type Units } from '../bill/units.ts';
import type { Anomaly, Period } from './planning.ts';
import { daysBetween, sum } from './project.ts';

/** With how many earlier days a day is compared. */
export const COMPARED_DAYS = 14;
const LEAST_IMPACT = 10n * UNITS_PER_ONE;

/**
 * Services in accounts and regions that for some days cost far more than usual: more than twice the median of the two weeks before, and more
 * than 10 of the currency beyond it.
 * @param rows daily, grouped by service, account, region and usage type, from {@link COMPARED_DAYS} before the period
 */
export function findUnusual(rows: readonly BillRow[], period: Period): Anomaly[] {
  const lines = Map.groupBy(rows, ({ keys }) => JSON.stringify(keys.map((key) => key ?? null)));
  return [...lines.values()].flatMap((line) => unusualOf(line, period)).toSorted((a, b) => (a.impact > b.impact ? -1 : 1));
}

function unusualOf(rows: readonly BillRow[], { start, end }: Period): Anomaly[] {
  const costs = new Map(rows.map((row) => [row.start, row.amounts.gross]));
  const keys = rows[0]?.keys ?? [];
  const found: Anomaly[] = [];
  let open: { start: string; usual: Units; days: string[] } | undefined;
  const finish = (lastDay: string | undefined) => {
    if (open !== undefined) found.push(...toAnomaly(open, costs, keys, lastDay));
    open = undefined;
  };
  for (const day of daysBetween(start, end)) {
    const usual = open?.usual ?? median(daysBetween(addDays(day, -COMPARED_DAYS), day).map((one) => costs.get(one) ?? 0n));
    const cost = costs.get(day) ?? 0n;
    if (cost <= usual * 2n || usual === 0n) finish(addDays(day, -1));
    else if (open === undefined) open = { start: day, usual, days: [day] };
    else open.days.push(day);
  }
  finish(undefined);
  return found;
}

function toAnomaly(
  { start, usual, days }: { start: string; usual: Units; days: readonly string[] },
  costs: ReadonlyMap<string, Units>,
  [service, account, region, usageType]: readonly (string | undefined)[],
  lastDay: string | undefined,
): Anomaly[] {
  const actual = sum(days.map((day) => costs.get(day) ?? 0n));
  const expected = usual * BigInt(days.length);
  const impact = actual - expected;
  if (impact < LEAST_IMPACT) return [];
  const cause = {
    impact,
    ...(service && { service }),
    ...(account && { account }),
    ...(region && { region }),
    ...(usageType && { usageType }),
  };
  return [{ id: `${start}/${usageType ?? service}/${formatUnits(impact)}`, start, lastDay, impact, actual, expected, causes: [cause] }];
}

function median(amounts: readonly Units[]): Units {
  return amounts.toSorted((a, b) => (a < b ? -1 : 1))[Math.floor(amounts.length / 2)] ?? 0n;
}
