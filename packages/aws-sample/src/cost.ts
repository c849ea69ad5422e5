import { createRandom } from './random.ts';
import type { CostShape, OrganizationResource, SharedCharge } from './types.ts';

/**
 * Spend, exact and without a stored row per day: a day costs `unit × load of that day`, where loads are whole numbers that
 * repeat every 52 weeks. So any span of days is one multiplication with a difference of running totals. Amounts are whole
 * numbers of 1e-10 USD, the precision that Cost Explorer answers with.
 */

const DAY_MS = 86_400_000;
/** 52 weeks: weekdays stay weekdays when the curve is shifted by weeks. */
const CURVE_DAYS = 364;
const UNITS_PER_DOLLAR = 10_000_000_000n;
/** Points in 30 usual days. */
const MONTH_POINTS = 3000;
/** The first Monday after the epoch, so that curves know the weekday. */
const FIRST_MONDAY = 4;

export const STEADY_CURVE = 0;
export const OFFICE_HOURS_CURVE = 1;
export const SPIKY_CURVE = 2;

const CURVES = [
  runningTotals('steady', (_weekday, noise) => 97 + Math.floor(noise * 7)),
  runningTotals('office hours', (weekday, noise) => (weekday < 5 ? 114 : 55) + Math.floor(noise * 9)),
  runningTotals('spiky', (_weekday, noise) => 60 + Math.floor(noise * noise * 120)),
];

/** Days since 1970-01-01 of an ISO date or instant. */
export function dayOf(iso: string): number {
  return Math.floor(Date.parse(iso) / DAY_MS);
}

/** The ISO date of a number of days since 1970-01-01. */
export function isoDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** A shape that costs about the given dollars in 30 days; `undefined` when that rounds to nothing. */
export function costShape(monthlyDollars: number, curve: number, shift: number): CostShape | undefined {
  const unit = Math.round((monthlyDollars * Number(UNITS_PER_DOLLAR)) / MONTH_POINTS);
  return unit > 0 ? { unit, curve, shift } : undefined;
}

/** What a resource costs over days since the epoch, `end` exclusive, in 1e-10 USD. Nothing before the day it was created. */
export function resourceCost({ cost, createdAt }: Pick<OrganizationResource, 'cost' | 'createdAt'>, start: number, end: number): number {
  return cost === undefined ? 0 : cost.unit * loadPoints(cost, Math.max(start, dayOf(createdAt)), end);
}

/** What a charge without a resource costs over days since the epoch, `end` exclusive, in 1e-10 USD. */
export function chargeCost({ cost, rhythm }: SharedCharge, start: number, end: number): bigint {
  const points = rhythm === 'daily' ? loadPoints(cost, start, end) : firstsOfMonth(start, end) * MONTH_POINTS;
  return BigInt(cost.unit) * BigInt(points);
}

/** A resource's cost on one day (ISO date), in USD as a decimal string of at most 10 decimals. */
export function dailyCost(resource: Pick<OrganizationResource, 'cost' | 'createdAt'>, date: string): string {
  const day = dayOf(date);
  return formatUsd(BigInt(resourceCost(resource, day, day + 1)));
}

/** A resource's cost over the last 30 whole days before `now` (ISO), in USD as a decimal string of at most 10 decimals. */
export function monthlyCost(resource: Pick<OrganizationResource, 'cost' | 'createdAt'>, now: string): string {
  const today = dayOf(now);
  return formatUsd(BigInt(resourceCost(resource, today - 30, today)));
}

/** 1e-10 USD as a decimal string without trailing zeros, as Cost Explorer writes amounts: `12.5`, `0.0000004`, `0`. */
export function formatUsd(units: bigint): string {
  const sign = units < 0n ? '-' : '';
  const size = units < 0n ? -units : units;
  const decimals = (size % UNITS_PER_DOLLAR).toString().padStart(10, '0').replace(/0+$/, '');
  return `${sign}${size / UNITS_PER_DOLLAR}${decimals === '' ? '' : `.${decimals}`}`;
}

/** Running totals of a year of loads; entry n is the sum of the first n days. */
function runningTotals(label: string, load: (weekday: number, noise: number) => number): readonly number[] {
  const random = createRandom(1, label);
  const totals = [0];
  for (let day = 0; day < CURVE_DAYS; day += 1) totals.push((totals.at(-1) ?? 0) + load(day % 7, random.next()));
  return totals;
}

/** How many points of load a shape has over days since the epoch, `end` exclusive. */
function loadPoints({ curve, shift }: CostShape, start: number, end: number): number {
  if (end <= start) return 0;
  const totals = CURVES[curve];
  if (totals === undefined) throw new RangeError(`there is no load curve ${curve}`);
  const offset = shift * 7 - FIRST_MONDAY;
  return totalBefore(totals, end + offset) - totalBefore(totals, start + offset);
}

function firstsOfMonth(start: number, end: number): number {
  let count = 0;
  for (let day = start; day < end; day += 1) if (isoDay(day).endsWith('-01')) count += 1;
  return count;
}

function totalBefore(totals: readonly number[], day: number): number {
  const years = Math.floor(day / CURVE_DAYS);
  return years * (totals[CURVE_DAYS] ?? 0) + (totals[day - years * CURVE_DAYS] ?? 0);
}
