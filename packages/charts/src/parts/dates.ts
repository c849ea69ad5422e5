/** Days and months, without time zones: a date is the name of a day. */
import { scaleUtc } from 'd3-scale';

const DAY_MS = 86_400_000;
/** More bars than this are thinner than two pixels. */
const MAX_DATES = 400;

/** When not all dates have a text, few are enough. */
const MAX_MARKS = 7;

const FORM = /^\d{4}-\d{2}(?:-\d{2})?$/;

/** The beginning of a day or month, in ms since 1970. */
export function instantOf(date: string): number {
  const instant = FORM.test(date) ? Date.parse(date.length === 7 ? `${date}-01` : date) : Number.NaN;
  if (Number.isNaN(instant) || !new Date(instant).toISOString().startsWith(date))
    throw new TypeError(`"${date}" is not a date; dates of a chart read 2026-11-03 or 2026-11.`);
  return instant;
}

/** All dates from the first to the last, also those that are missing in between. They must ascend. */
export function calendar(dates: readonly string[]): string[] {
  const [first] = dates;
  const last = dates.at(-1);
  if (first === undefined || last === undefined) return [];
  for (const [index, date] of dates.entries()) {
    if (date.length !== first.length) throw new TypeError('A chart has days or months, not both.');
    const before = dates[index - 1];
    if (before !== undefined && instantOf(before) >= instantOf(date)) throw new TypeError('The dates of a chart ascend.');
  }
  const all: string[] = [];
  for (let date = first; instantOf(date) <= instantOf(last); date = dateAfter(date)) {
    all.push(date);
    if (all.length > MAX_DATES) throw new RangeError(`A chart has at most ${MAX_DATES} dates.`);
  }
  return all;
}

/** The dates that are worth a text, at most `space` of them: all, or the beginnings of some days, weeks, months or years. */
export function dateMarks(dates: readonly string[], space: number): string[] {
  const [first, last] = [dates[0], dates.at(-1)];
  if (first === undefined || last === undefined) return [];
  if (dates.length <= space) return [...dates];
  const known = new Set(dates);
  const marks = scaleUtc([instantOf(first), instantOf(last)], [0, 1]).ticks(Math.min(MAX_MARKS, Math.max(1, Math.floor(space))));
  return [...new Set(marks.map((mark) => mark.toISOString().slice(0, first.length)))].filter((date) => known.has(date));
}

/** "Nov 3", or "Nov" for a month. */
export function dateText(date: string): string {
  const isMonth = date.length === 7;
  return new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', month: 'short', ...(isMonth ? {} : { day: 'numeric' }) }).format(
    instantOf(date),
  );
}

/** Whether the costs of a date are still arriving. */
export function isIncomplete(date: string, incompleteFrom: string | undefined): boolean {
  return incompleteFrom !== undefined && date >= incompleteFrom;
}

function dateAfter(date: string): string {
  const day = new Date(instantOf(date));
  if (date.length === 7) return new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1)).toISOString().slice(0, 7);
  return new Date(day.getTime() + DAY_MS).toISOString().slice(0, 10);
}
