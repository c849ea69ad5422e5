import { ToolError } from '@fairway-mcp/kit';
import type { BillQuestion } from '../../bill/question.ts';
import { asText, type Cell } from './rows.ts';

/** What is known of the charges of one month in one currency before anything is asked. */
export interface MonthOfCharges {
  /** Its first day. */
  month: string;
  currency: string;
  charges: number;
  /** Usage that lasts longer than a day: on which of its days it was used, nobody can tell. */
  longUsage: number;
  /** Tax, credits and fees that do: they are booked, not used, and count on their first day. */
  longOthers: number;
  refunds: number;
  firstDay: string;
  lastDay: string;
}

export function readInspection(rows: readonly (readonly Cell[])[]): MonthOfCharges[] {
  return rows.map(([month, currency, charges, longUsage, longOthers, refunds, firstDay, lastDay]) => ({
    month: asText(month) ?? '',
    currency: asText(currency) ?? '',
    charges: Number(charges ?? 0),
    longUsage: Number(longUsage ?? 0),
    longOthers: Number(longOthers ?? 0),
    refunds: Number(refunds ?? 0),
    firstDay: asText(firstDay) ?? '',
    lastDay: asText(lastDay) ?? '',
  }));
}

export function monthsOf(period: BillQuestion['period'], months: readonly MonthOfCharges[]): MonthOfCharges[] {
  return months.filter(({ month }) => month < period.end && month >= firstOfMonth(period.start));
}

/** The currencies of the months that a question is about. Where it is only one, no question needs to tell them apart. */
export function currenciesOf(months: readonly MonthOfCharges[]): string[] {
  return [...new Set(months.map(({ currency }) => currency))].toSorted();
}

/** @throws ToolError `invalid_input` when charges are coarser than the question */
export function checkGrain({ period, granularity }: BillQuestion, months: readonly MonthOfCharges[]): void {
  const coarse = months.filter(({ longUsage }) => longUsage > 0);
  const isCut = coarse.some(({ month }) => cuts(period.start, month) || cuts(period.end, month));
  if (coarse.length === 0 || (granularity !== 'daily' && !isCut)) return;
  throw new ToolError({
    kind: 'invalid_input',
    message: `The export has usage of more than a day in one row in ${coarse[0]?.month.slice(0, 7)}, so that it cannot be told by day.`,
    remedy: 'Ask for whole months with the granularity monthly or total, or let the export have daily rows.',
  });
}

/** What the answer cannot tell, in sentences. @param today the current UTC day */
export function inspectionCaveats(question: BillQuestion, months: readonly MonthOfCharges[], today: string): string[] {
  return [...bookedCaveat(question, months), ...coverageCaveat(question.period, months, today)];
}

function bookedCaveat({ granularity, period }: BillQuestion, months: readonly MonthOfCharges[]): string[] {
  const isByMonth = granularity !== 'daily' && !months.some(({ month }) => cuts(period.start, month) || cuts(period.end, month));
  const count = months.reduce((sum, { longOthers }) => sum + longOthers, 0);
  if (isByMonth || count === 0) return [];
  return [
    `${count.toLocaleString('en-US')} charges that are not usage (tax, fees, credits) stand for more than a day; each counts on its first day.`,
  ];
}

function coverageCaveat(period: BillQuestion['period'], months: readonly MonthOfCharges[], today: string): string[] {
  const lastDay =
    months
      .map((month) => month.lastDay)
      .toSorted()
      .at(-1) ?? '';
  const end = period.end < today ? period.end : today;
  if (lastDay === '' || nextDay(lastDay) >= end) return [];
  return [`The export holds nothing after ${lastDay}.`];
}

/** Clouds correct the current month until it is closed, and no export says when that was. */
export function estimatedFrom({ start, end }: BillQuestion['period'], today: string): { estimatedFrom?: string } {
  const month = firstOfMonth(today);
  if (end <= month) return {};
  return { estimatedFrom: start > month ? start : month };
}

function cuts(day: string, month: string): boolean {
  return !day.endsWith('-01') && firstOfMonth(day) === month;
}

function firstOfMonth(day: string): string {
  return `${day.slice(0, 7)}-01`;
}

function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
