import * as z from 'zod';
import { UsageError } from '../protocol/errors.ts';

/** A key for longer is a slip of the pen, or wanted without expiry. */
const MAX_YEARS = 10;
const HOUR_MS = 3_600_000;
const SPAN = /^(\d{1,6})([dh])$/;

/** Real days only: `Date.parse` makes 2 March of 30 February, and takes years and dates in words. */
const date = z.iso.date();
const instant = z.union([z.iso.datetime({ offset: true }), z.iso.datetime({ offset: true, precision: -1 })]);

/**
 * When a key expires: `90d`, `12h`, an ISO date (its start, UTC) or an ISO instant.
 * @throws UsageError naming the likely meaning of a number without a unit
 */
export function parseExpiry(text: string, now: Date): string {
  const time = timeOf(text, now.getTime());
  if (time === undefined) throw new UsageError(`--expires takes a span such as 90d or 12h, ${ISO_FORMS}, not "${text}".${hint(text, now)}`);
  const last = new Date(now);
  last.setUTCFullYear(last.getUTCFullYear() + MAX_YEARS);
  if (time > last.getTime())
    throw new UsageError(`--expires ${text} is more than ${MAX_YEARS} years ahead. Leave it out for a key that does not expire.`);
  return new Date(time).toISOString();
}

const ISO_FORMS = 'an ISO date such as 2030-01-31 or an instant such as 2030-01-31T12:00:00Z';

function timeOf(text: string, now: number): number | undefined {
  const [, count, unit] = SPAN.exec(text) ?? [];
  if (count !== undefined) return now + Number(count) * (unit === 'd' ? 24 * HOUR_MS : HOUR_MS);
  return date.safeParse(text).success || instant.safeParse(text).success ? Date.parse(text) : undefined;
}

function hint(text: string, now: Date): string {
  if (!/^\d{1,10}$/.test(text)) return '';
  const number = Number(text);
  const yearsAhead = number - now.getUTCFullYear();
  if (yearsAhead > 0 && yearsAhead <= MAX_YEARS) return ` For the start of that year write ${text}-01-01.`;
  const seconds = number > 0 && number % 3600 === 0 ? `, or ${number / 3600}h if it was meant in seconds` : '';
  return ` A number needs a unit: write ${text}d for days, ${text}h for hours${seconds}.`;
}
