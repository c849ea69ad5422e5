import type { BillQuestion, Granularity } from './question.ts';

const DAY_MS = 86_400_000;

export type Span = BillQuestion['period'];

/** Days since 1970-01-01. */
export function dayNumber(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / DAY_MS;
}

export function dayOfNumber(number: number): string {
  return new Date(number * DAY_MS).toISOString().slice(0, 10);
}

export function addDays(day: string, days: number): string {
  return dayOfNumber(dayNumber(day) + days);
}

/** The first day of a month so many months later. */
export function addMonths(day: string, months: number): string {
  return new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1 + months, 1)).toISOString().slice(0, 10);
}

export function countDays({ start, end }: Span): number {
  return dayNumber(end) - dayNumber(start);
}

/** The first day of the bucket that a day is counted in: a month that begins before the period begins with it. */
export function bucketStart(day: string, granularity: Granularity, { start }: Span): string {
  if (granularity === 'daily') return day;
  if (granularity === 'total') return start;
  const month = `${day.slice(0, 8)}01`;
  return month < start ? start : month;
}

/** All buckets of a period, in order, also those without charges. */
export function bucketsOf(period: Span, granularity: Granularity): string[] {
  if (granularity === 'total') return [period.start];
  const next = (day: string) => (granularity === 'daily' ? addDays(day, 1) : addMonths(day, 1));
  const buckets: string[] = [];
  for (let day = period.start; day < period.end; day = next(day)) buckets.push(day);
  return buckets;
}
