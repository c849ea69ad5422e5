import type { BillRow, Quantity } from '../bill/question.ts';
import { daysPart, type Lengths, volumePart } from './change-parts.ts';
import { growthOf, narrow, type Whole } from './exact-number.ts';

/** One line's change: flat, because there may be a million. */
export interface LineChange {
  kind: 'new' | 'gone' | 'other' | 'volume';
  /** Gross. */
  before: Whole;
  after: Whole;
  /** All of the gross change but the days' part; where the kind is `volume`, the volume's part. */
  amount: Whole;
  days: Whole;
  price: Whole;
  creditsBefore: Whole;
  creditsAfter: Whole;
  refundsBefore: Whole;
  refundsAfter: Whole;
  /** What was used, where the kind is `volume`. */
  usedBefore: Quantity | undefined;
  usedAfter: Quantity | undefined;
}

export function explainLine(before: BillRow | undefined, after: BillRow | undefined, lengths: Lengths): LineChange {
  const usedBefore = oneQuantity(before);
  const usedAfter = oneQuantity(after);
  const isComparable = usedBefore !== undefined && usedAfter !== undefined && usedBefore.unit === usedAfter.unit;
  const kind = isAbsent(before) ? 'new' : isAbsent(after) ? 'gone' : isComparable ? 'volume' : 'other';
  const from = before?.amounts ?? NOTHING;
  const to = after?.amounts ?? NOTHING;
  const change: LineChange = {
    kind,
    before: narrow(from.gross),
    after: narrow(to.gross),
    amount: 0,
    days: 0,
    price: 0,
    creditsBefore: narrow(from.credits),
    creditsAfter: narrow(to.credits),
    refundsBefore: narrow(from.refunds),
    refundsAfter: narrow(to.refunds),
    usedBefore: kind === 'volume' ? usedBefore : undefined,
    usedAfter: kind === 'volume' ? usedAfter : undefined,
  };
  if (!explainWithDoubles(change, lengths)) explainExactly(change, lengths);
  return change;
}

const NOTHING = { gross: 0n, credits: 0n, refunds: 0n };

/** A line of which only credits are left is gone: these are told apart anyway. */
function isAbsent(row: BillRow | undefined): boolean {
  return row === undefined || (row.amounts.gross === 0n && row.usage.length === 0);
}

function oneQuantity(row: BillRow | undefined): Quantity | undefined {
  const first = row?.usage[0];
  return first !== undefined && row?.usage.length === 1 && first.quantity > 0n ? first : undefined;
}

/** Fills in the parts of the gross change. @returns whether doubles were exact enough */
function explainWithDoubles(change: LineChange, lengths: Lengths): boolean {
  const { before, after, usedBefore, usedAfter } = change;
  if (typeof before !== 'number' || typeof after !== 'number') return false;
  const isSameLength = lengths.before === lengths.after;
  const days = isSameLength ? 0 : growthOf(before, lengths.after / lengths.before);
  if (days === undefined) return false;
  const rest = after - before - days;
  change.days = days;
  change.amount = rest;
  if (usedBefore === undefined || usedAfter === undefined) return true;
  const ratio = Number(usedAfter.quantity) / Number(usedBefore.quantity);
  const volume = growthOf(before + days, isSameLength ? ratio : (ratio * lengths.before) / lengths.after);
  if (volume === undefined) return false;
  change.amount = volume;
  change.price = rest - volume;
  return true;
}

function explainExactly(change: LineChange, lengths: Lengths): void {
  const { usedBefore, usedAfter } = change;
  const before = BigInt(change.before);
  const days = daysPart(before, lengths);
  const cost = before + days;
  const rest = BigInt(change.after) - cost;
  change.days = narrow(days);
  change.amount = narrow(rest);
  if (usedBefore === undefined || usedAfter === undefined) return;
  const volume = volumePart({ cost, quantityBefore: usedBefore.quantity, quantityAfter: usedAfter.quantity }, lengths);
  change.amount = narrow(volume);
  change.price = narrow(rest - volume);
}
