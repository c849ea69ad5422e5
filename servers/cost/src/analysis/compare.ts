import { compareUnits, netOf, sizeOf, totalGroups } from '../bill/amounts.ts';
import type { BillRow } from '../bill/question.ts';
import type { Units } from '../bill/units.ts';

/** A group's net amount in two periods. */
export interface Driver {
  keys: BillRow['keys'];
  before: Units;
  after: Units;
}

/** All groups of either period; those that changed most come first. */
export function compareGroups(before: readonly BillRow[], after: readonly BillRow[]): Driver[] {
  const drivers = new Map<string, Driver>();
  for (const [side, rows] of [
    ['before', before],
    ['after', after],
  ] as const) {
    for (const { keys, amounts } of totalGroups(rows)) {
      const id = JSON.stringify(keys.map((key) => key ?? null));
      const driver = drivers.get(id) ?? { keys, before: 0n, after: 0n };
      driver[side] += netOf(amounts);
      drivers.set(id, driver);
    }
  }
  return [...drivers.values()].toSorted((a, b) => compareUnits(sizeOf(b.after - b.before), sizeOf(a.after - a.before)));
}
