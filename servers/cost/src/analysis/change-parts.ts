import type { Units } from '../bill/units.ts';

/**
 * What a change consists of. The parts add up to the change, in whole units: nothing is rounded twice.
 *
 * - `days`: one period is longer than the other.
 * - `price`: the same usage costs more or less. `volume`: there was more or less usage, at the price before.
 * - `mix`: usage moved between dearer and cheaper lines of a group that is measured in one unit; elsewhere it is part of `volume`.
 * - `new`, `gone`: lines that were not there before, or are no more.
 * - `credits`, `refunds`: of these.
 * - `other`: the residual, for lines without comparable quantities, such as tax and fees.
 */
export interface ChangeParts {
  days: Units;
  price: Units;
  volume: Units;
  mix: Units;
  new: Units;
  gone: Units;
  credits: Units;
  refunds: Units;
  other: Units;
}

export type PartName = keyof ChangeParts;

export const PART_NAMES: readonly PartName[] = ['new', 'gone', 'volume', 'price', 'mix', 'days', 'credits', 'refunds', 'other'];

export function noParts(): ChangeParts {
  return { days: 0n, price: 0n, volume: 0n, mix: 0n, new: 0n, gone: 0n, credits: 0n, refunds: 0n, other: 0n };
}

export function sumOfParts(parts: ChangeParts): Units {
  return PART_NAMES.reduce((sum, name) => sum + parts[name], 0n);
}

/** Halves away from zero. The divisor is positive. */
export function divideRounded(dividend: bigint, divisor: bigint): bigint {
  const half = divisor / 2n;
  return dividend < 0n ? -((-dividend + half) / divisor) : (dividend + half) / divisor;
}

/** How many days each period has. */
export interface Lengths {
  before: number;
  after: number;
}

/** What a cost would have been beside what it was, had the period before been as long as the one after. */
export function daysPart(cost: Units, { before, after }: Lengths): Units {
  return before === after ? 0n : divideRounded(cost * BigInt(after - before), BigInt(before));
}

/** A line's or group's usage in both periods, and its cost before, already as long as the period after. */
export interface Compared {
  cost: Units;
  /** Positive. */
  quantityBefore: Units;
  quantityAfter: Units;
}

export function volumePart({ cost, quantityBefore, quantityAfter }: Compared, lengths: Lengths): Units {
  const [before, after] = [BigInt(lengths.before), BigInt(lengths.after)];
  return divideRounded(cost * (quantityAfter * before - quantityBefore * after), quantityBefore * after);
}
