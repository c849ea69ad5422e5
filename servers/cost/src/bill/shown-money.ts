import { compareUnits } from './amounts.ts';
import { UNITS_PER_ONE, type Units } from './units.ts';

const UNITS_PER_CENT = UNITS_PER_ONE / 100n;

/** Halves away from zero. */
export function toCents(units: Units): bigint {
  const size = units < 0n ? -units : units;
  const cents = (size + UNITS_PER_CENT / 2n) / UNITS_PER_CENT;
  return units < 0n ? -cents : cents;
}

/**
 * The cents that are shown for parts of a total, so that they add up to the shown total: each is rounded down, and the missing cents go to
 * those that lost most (the method of the largest remainder).
 */
export function centsOfParts(parts: readonly Units[]): bigint[] {
  const floors = parts.map((part) => part / UNITS_PER_CENT - (part % UNITS_PER_CENT < 0n ? 1n : 0n));
  const total = toCents(parts.reduce((sum, part) => sum + part, 0n));
  const missing = Number(total - floors.reduce((sum, floor) => sum + floor, 0n));
  const order = parts
    .map((part, index) => ({ index, lost: part - (floors[index] ?? 0n) * UNITS_PER_CENT }))
    .toSorted((a, b) => compareUnits(b.lost, a.lost) || a.index - b.index);
  const raised = new Set(order.slice(0, missing).map(({ index }) => index));
  return floors.map((floor, index) => (raised.has(index) ? floor + 1n : floor));
}

/** `-$1,234.50`, or `-1,234.50 EUR`. */
export function formatCents(cents: bigint, currency: string): string {
  const size = (cents < 0n ? -cents : cents).toString().padStart(3, '0');
  const whole = size.slice(0, -2).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
  const number = `${whole}.${size.slice(-2)}`;
  return `${cents < 0n ? '-' : ''}${currency === 'USD' ? `$${number}` : `${number} ${currency}`}`;
}

/** With its sign, also when it is more: for changes. */
export function formatChange(cents: bigint, currency: string): string {
  return `${cents > 0n ? '+' : ''}${formatCents(cents, currency)}`;
}

export function formatMoney(units: Units, currency: string): string {
  return formatCents(toCents(units), currency);
}

/** A part of a whole in percent with one decimal; `undefined` when the whole is not positive, so that there is no share of it. */
export function percentOf(part: Units, whole: Units): number | undefined {
  if (whole <= 0n) return undefined;
  const size = part < 0n ? -part : part;
  const tenths = Number((size * 2000n + whole) / (whole * 2n));
  return (part < 0n ? -tenths : tenths) / 10;
}
