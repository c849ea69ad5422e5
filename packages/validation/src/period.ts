import * as z from 'zod';

/** A span of whole UTC days. `start` is inclusive, `end` is exclusive; both are `YYYY-MM-DD`. */
export interface Period {
  start: string;
  end: string;
}

const NAMED = ['last_7_days', 'last_30_days', 'last_90_days', 'month_to_date', 'last_month'] as const;
const EXPECTED = `one of ${NAMED.join(', ')}, or START/END as YYYY-MM-DD/YYYY-MM-DD with END exclusive`;

/** Input: a span of days, named or as an ISO 8601 interval. Resolve it with {@link parsePeriod}. */
export function period(): z.ZodString {
  return z
    .string()
    .refine((text) => parsePeriod(text, new Date()) !== undefined, { error: ({ input }) => problemOf(String(input)) })
    .describe(EXPECTED);
}

/**
 * Resolves a period at a given instant. Named periods end with yesterday, because today is not complete; only `month_to_date`
 * includes today.
 * @returns `undefined` when the text is not a period, a date does not exist, or the end is not after the start.
 */
export function parsePeriod(text: string, now: Date): Period | undefined {
  const today = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate());
  const monthStart = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1);
  const days = /^last_(7|30|90)_days$/.exec(text);
  if (days) return span(today - Number(days[1]) * DAY, today);
  if (text === 'month_to_date') return span(monthStart, today + DAY);
  if (text === 'last_month') return span(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1), monthStart);
  const [start, end] = daysOf(text) ?? [];
  return start === undefined || end === undefined || end <= start ? undefined : span(start, end);
}

function problemOf(text: string): string {
  const [start, end] = daysOf(text) ?? [];
  if (start === undefined || end === undefined) return `is not a period; expected ${EXPECTED}`;
  const problem = end < start ? `ends (${isoDay(end)}) before it starts (${isoDay(start)})` : `starts and ends on ${isoDay(start)}`;
  return `${problem}; END is exclusive and must be after START`;
}

/** The two days of `START/END`, each `undefined` when it does not exist. */
function daysOf(text: string): (number | undefined)[] | undefined {
  const interval = /^(\d{4}-\d{2}-\d{2})\/(\d{4}-\d{2}-\d{2})$/.exec(text);
  return interval?.slice(1).map(parseDay);
}

const DAY = 86_400_000;

function span(start: number, end: number): Period {
  return { start: isoDay(start), end: isoDay(end) };
}

function isoDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** The instant of a day's start, or `undefined` for a day that does not exist (2026-02-30). */
function parseDay(text: string): number | undefined {
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(time) || isoDay(time) !== text ? undefined : time;
}
