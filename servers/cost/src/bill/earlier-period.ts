import { addDays, addMonths, countDays, type Span } from './days.ts';

/**
 * The period to compare with where none is named: for whole months the same number of months before, for the beginning of a month the same days
 * of the month before, else the same number of days before.
 */
export function earlierPeriod(period: Span): Span {
  const { start, end } = period;
  if (!start.endsWith('-01')) return { start: addDays(start, -countDays(period)), end: start };
  if (end.endsWith('-01')) return { start: addMonths(start, -monthsIn(period)), end: start };
  if (end > addMonths(start, 1)) return { start: addDays(start, -countDays(period)), end: start };
  const before = addMonths(start, -1);
  const sameDays = addDays(before, countDays(period));
  const isShorter = sameDays < start;
  return { start: before, end: isShorter ? sameDays : start };
}

function monthsIn({ start, end }: Span): number {
  const months = (day: string) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));
  return months(end) - months(start);
}
