import type { BillRow, Quantity } from '../bill/question.ts';
import type { Units } from '../bill/units.ts';
import { daysPart, type Lengths, volumePart } from './change-parts.ts';
import { growthOf, isExact, narrow, type Whole } from './exact-number.ts';

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
  const [usedBefore, usedAfter] = [oneQuantity(before), oneQuantity(after)];
  const isComparable = usedBefore !== undefined && usedAfter !== undefined && usedBefore.unit === usedAfter.unit;
  const kind = isAbsent(before) ? 'new' : isAbsent(after) ? 'gone' : isComparable ? 'volume' : 'other';
  const compared = kind === 'volume' ? { usedBefore, usedAfter } : NOT_COMPARED;
  const [from, to] = [before?.amounts ?? NOTHING, after?.amounts ?? NOTHING];
  const { amount, days, price } = explainGross(from.gross, to.gross, compared, lengths);
  return {
    kind,
    before: narrow(from.gross),
    after: narrow(to.gross),
    amount,
    days,
    price,
    creditsBefore: narrow(from.credits),
    creditsAfter: narrow(to.credits),
    refundsBefore: narrow(from.refunds),
    refundsAfter: narrow(to.refunds),
    usedBefore: compared.usedBefore,
    usedAfter: compared.usedAfter,
  };
}

const NOTHING = { gross: 0n, credits: 0n, refunds: 0n };

type Used = Pick<LineChange, 'usedBefore' | 'usedAfter'>;

const NOT_COMPARED: Used = { usedBefore: undefined, usedAfter: undefined };

/** A line of which only credits are left is gone: these are told apart anyway. */
function isAbsent(row: BillRow | undefined): boolean {
  return row === undefined || (row.amounts.gross === 0n && row.usage.length === 0);
}

function oneQuantity(row: BillRow | undefined): Quantity | undefined {
  const first = row?.usage[0];
  return first !== undefined && row?.usage.length === 1 && first.quantity > 0n ? first : undefined;
}

type GrossChange = Pick<LineChange, 'amount' | 'days' | 'price'>;

function explainGross(before: Units, after: Units, used: Used, lengths: Lengths): GrossChange {
  return explainWithDoubles(Number(before), Number(after), used, lengths) ?? explainExactly(before, after, used, lengths);
}

function explainWithDoubles(before: number, after: number, { usedBefore, usedAfter }: Used, lengths: Lengths): GrossChange | undefined {
  if (!isExact(before) || !isExact(after)) return undefined;
  const isSameLength = lengths.before === lengths.after;
  const days = isSameLength ? 0 : growthOf(before, lengths.after / lengths.before);
  if (days === undefined) return undefined;
  const cost = before + days;
  if (usedBefore === undefined || usedAfter === undefined) return { days, amount: after - cost, price: 0 };
  const ratio = Number(usedAfter.quantity) / Number(usedBefore.quantity);
  const amount = growthOf(cost, isSameLength ? ratio : (ratio * lengths.before) / lengths.after);
  return amount === undefined ? undefined : { days, amount, price: after - cost - amount };
}

function explainExactly(before: Units, after: Units, { usedBefore, usedAfter }: Used, lengths: Lengths): GrossChange {
  const days = daysPart(before, lengths);
  const cost = before + days;
  if (usedBefore === undefined || usedAfter === undefined) return { days: narrow(days), amount: narrow(after - cost), price: 0 };
  const amount = volumePart({ cost, quantityBefore: usedBefore.quantity, quantityAfter: usedAfter.quantity }, lengths);
  return { days: narrow(days), amount: narrow(amount), price: narrow(after - cost - amount) };
}
