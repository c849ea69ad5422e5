import { dayOf, isoDay } from '@fairway-mcp/aws-sample';
import type { Call } from '../../service.ts';
import { ServiceError } from '../../wire/errors.ts';
import type { JsonInput } from '../../wire/json-input.ts';

/** Days since the epoch, end exclusive. */
export interface Span {
  start: number;
  end: number;
}

export type Granularity = 'DAILY' | 'MONTHLY';

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const HISTORY_MONTHS = 14;

/** @throws ServiceError ValidationException for what Cost Explorer refuses. */
export function readPeriod(input: JsonInput, now: number): Span {
  const period = input.record('TimePeriod');
  const [from, to] = [period?.text('Start') ?? '', period?.text('End') ?? ''];
  if (!isDate(from) || !isDate(to)) throw invalid('Start and end dates must be of the form yyyy-MM-dd');
  const span = { start: dayOf(from), end: dayOf(to) };
  const today = todayOf(now);
  if (span.start >= span.end) throw invalid('Start date (and hour) should be before end date (and hour)');
  if (span.end > firstOfMonth(today, 1)) throw invalid('end date past the beginning of next month');
  if (span.start < firstOfMonth(today, -HISTORY_MONTHS)) throw invalid("You haven't enabled historical data beyond 14 months");
  return span;
}

const FORECAST_MONTHS = { DAILY: 3, MONTHLY: 18 };

/** @throws ServiceError ValidationException for what GetCostForecast refuses: it begins today, at the earliest. */
export function readForecastPeriod(input: JsonInput, now: number, granularity: Granularity): Span {
  const period = input.record('TimePeriod');
  const [from, to] = [period?.text('Start') ?? '', period?.text('End') ?? ''];
  if (!isDate(from) || !isDate(to)) throw invalid('Start and end dates must be of the form yyyy-MM-dd');
  const span = { start: dayOf(from), end: dayOf(to) };
  const today = todayOf(now);
  if (span.start < today) throw invalid('Start date must be the current date or later');
  if (span.start >= span.end) throw invalid('Start date (and hour) should be before end date (and hour)');
  const months = FORECAST_MONTHS[granularity];
  if (span.end > firstOfMonth(today, months + 1)) throw invalid(`Forecasts by ${granularity} end after ${months} months`);
  return span;
}

/** @throws ServiceError ValidationException; hours need an opt-in that nobody has made here. */
export function readGranularity(input: JsonInput): Granularity {
  const granularity = input.text('Granularity');
  if (granularity === 'DAILY' || granularity === 'MONTHLY') return granularity;
  if (granularity === 'HOURLY') throw invalid('Hourly timePeriod is not supported for this request');
  throw invalid(`Invalid granularity: ${granularity}`);
}

export function todayOf(now: number): number {
  return Math.floor(now / 86_400_000);
}

/** The first day that has no costs yet. A generated bill has charges of the current day too. */
export function billedUntil({ now, settings }: Pick<Call, 'now' | 'settings'>): number {
  return todayOf(now) + (settings.bill === undefined ? 0 : 1);
}

/** The spans that results are given for. Months at the edges are as short as the period cuts them. */
export function buckets({ start, end }: Span, granularity: Granularity): Span[] {
  const spans: Span[] = [];
  for (let day = start; day < end; ) {
    const next = Math.min(end, granularity === 'DAILY' ? day + 1 : firstOfMonth(day, 1));
    spans.push({ start: day, end: next });
    day = next;
  }
  return spans;
}

/** The bill of the current month is not closed. */
export function isEstimated({ end }: Span, now: number): boolean {
  return end > firstOfMonth(todayOf(now), 0);
}

/** The first day of the month that is `months` away from a day's. */
function firstOfMonth(day: number, months: number): number {
  const [year = 0, month = 0] = isoDay(day).split('-').map(Number);
  return Math.floor(Date.UTC(year, month - 1 + months, 1) / 86_400_000);
}

function isDate(text: string): boolean {
  return DATE.test(text) && !Number.isNaN(Date.parse(text));
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}
