import type { Charge } from './charge.ts';
import { bucketStart } from './days.ts';
import { type ChargeKind, chargeKind, costOf, readerOf } from './dimensions.ts';
import { matcherOf } from './filter.ts';
import type { Amounts, BillQuestion, BillRow, Metric, Quantity, ValuesQuestion } from './question.ts';
import type { Units } from './units.ts';

/** Charges in several currencies match the question: adding them up would be wrong. */
export class SeveralCurrencies extends Error {
  override readonly name = 'SeveralCurrencies';
  readonly currencies: readonly string[];

  constructor(currencies: readonly string[]) {
    super(`The charges are in ${currencies.join(' and ')}.`);
    this.currencies = currencies;
  }
}

interface Sum {
  start: string;
  keys: readonly (string | undefined)[];
  amounts: Amounts;
  usage: Map<string, Units>;
}

/**
 * The answer to a question: what every source must say of the same bill. Groups of which all amounts are zero, and that used nothing that was
 * asked for, are left out.
 * @returns rows in the order of their time and keys, and the currency unless nothing matches
 * @throws SeveralCurrencies
 */
export function answerFrom(charges: Iterable<Charge>, question: BillQuestion): { rows: BillRow[]; currency: string | undefined } {
  const { period, granularity, metric, withUsage } = question;
  const matches = matcherOf(question.filter);
  const readers = question.groupBy.map(readerOf);
  const sums = new Map<string, Sum>();
  const currencies = new Set<string>();
  for (const charge of charges) {
    const day = charge.chargePeriodStart;
    if (day < period.start || day >= period.end || !matches(charge)) continue;
    currencies.add(charge.billingCurrency);
    const keys = readers.map((read) => read(charge));
    addTo(findSum(sums, bucketStart(day, granularity, period), keys), charge, { metric, withUsage });
  }
  if (currencies.size > 1) throw new SeveralCurrencies([...currencies].toSorted());
  return { rows: [...sums.values()].map(toRow).filter(isSomething).toSorted(byTimeAndKeys), currency: [...currencies][0] };
}

/** The distinct values that charges of the period have, in alphabetical order. */
export function valuesFrom(charges: Iterable<Charge>, { period, dimension, search }: ValuesQuestion): string[] {
  const read = readerOf(dimension);
  const found = new Set<string>();
  for (const charge of charges) {
    const value = charge.chargePeriodStart >= period.start && charge.chargePeriodStart < period.end ? read(charge) : undefined;
    if (value !== undefined) found.add(value);
  }
  const wanted = search?.toLowerCase() ?? '';
  return [...found].filter((value) => value.toLowerCase().includes(wanted)).toSorted();
}

/** Which part of an amount a charge belongs to. */
export function partOf(kind: ChargeKind): keyof Amounts {
  return kind === 'credit' ? 'credits' : kind === 'refund' ? 'refunds' : 'gross';
}

function findSum(sums: Map<string, Sum>, start: string, keys: Sum['keys']): Sum {
  const id = [start, ...keys.map((key) => (key === undefined ? '-' : `=${key}`))].join('\u0000');
  const known = sums.get(id);
  if (known !== undefined) return known;
  const sum = { start, keys, amounts: { gross: 0n, credits: 0n, refunds: 0n }, usage: new Map() };
  sums.set(id, sum);
  return sum;
}

function addTo({ amounts, usage }: Sum, charge: Charge, { metric, withUsage }: { metric: Metric; withUsage: boolean }): void {
  amounts[partOf(chargeKind(charge))] += costOf(charge, metric);
  const { consumedQuantity, consumedUnit } = charge;
  if (!withUsage || consumedQuantity === undefined || consumedUnit === undefined) return;
  usage.set(consumedUnit, (usage.get(consumedUnit) ?? 0n) + consumedQuantity);
}

function toRow({ start, keys, amounts, usage }: Sum): BillRow {
  const quantities = [...usage].map(([unit, quantity]): Quantity => ({ quantity, unit })).filter(({ quantity }) => quantity !== 0n);
  return { start, keys, amounts, usage: quantities.toSorted((a, b) => compare(a.unit, b.unit)) };
}

function isSomething({ amounts: { gross, credits, refunds }, usage }: BillRow): boolean {
  return gross !== 0n || credits !== 0n || refunds !== 0n || usage.length > 0;
}

export function byTimeAndKeys(a: BillRow, b: BillRow): number {
  const byKeys = a.keys.map((key, index) => compare(key ?? '', b.keys[index] ?? '')).find((order) => order !== 0);
  return compare(a.start, b.start) || (byKeys ?? 0);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
