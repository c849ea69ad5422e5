import * as z from 'zod';
import { addDays, countDays, type Span } from '../bill/days.ts';
import { sumPrices } from '../bill/price.ts';
import type { BillAnswer, BillSource, Metric } from '../bill/question.ts';

/** An amount as a decimal string, in the currency that stands in `about`. */
export function amount() {
  return z.string();
}

/** What every answer says about itself. */
export const aboutSchema = z.object({
  source: z.string(),
  sample: z.boolean(),
  period: z.string(),
  currency: z.string().optional(),
  account_names: z.record(z.string(), z.string()).optional(),
  as_of: z.string(),
  price_usd: amount(),
  caveats: z.array(z.string()),
});
export type About = z.output<typeof aboutSchema>;

type Answered = Pick<BillAnswer, 'asOf' | 'estimatedFrom' | 'price' | 'caveats' | 'accountNames'> & { currency?: string };

export interface AboutOptions {
  source: BillSource;
  period: Span;
  /** The present, as the bill knows it. */
  now: Date;
  answers: readonly Answered[];
  caveats?: readonly string[];
  metric?: Metric;
}

export function aboutAnswers({ source, period, now, answers, caveats = [], metric }: AboutOptions): About {
  const own = answers.flatMap((answer) => [...timeCaveats(period, answer, now), ...answer.caveats]);
  const { currency } = answers[0] ?? {};
  const names = answers.flatMap(({ accountNames }) => [...(accountNames ?? [])]);
  return {
    source: source.title,
    sample: source.isSample,
    period: `${period.start}/${period.end}`,
    ...(currency !== undefined && { currency }),
    ...(names.length > 0 && { account_names: Object.fromEntries(names) }),
    as_of: answers.map(({ asOf }) => asOf).toSorted()[0] ?? '',
    price_usd: sumPrices(answers.map(({ price }) => price)).usd,
    caveats: [...new Set([...own, ...caveats, ...metricCaveats(metric)])],
  };
}

function timeCaveats({ start, end }: Span, { estimatedFrom }: Answered, now: Date): string[] {
  const today = now.toISOString().slice(0, 10);
  const isTodayIn = start <= today && today < end;
  const isEstimated = estimatedFrom !== undefined && estimatedFrom < end && estimatedFrom < today;
  return [
    ...(isTodayIn ? [`${today} is not over: its costs are incomplete.`] : []),
    ...(end > addDays(today, 1) ? [`Nothing after ${today} is billed yet.`] : []),
    ...(isEstimated ? [`Amounts from ${estimatedFrom} on are not final yet.`] : []),
  ];
}

function metricCaveats(metric: Metric | undefined): string[] {
  return metric === 'list' || metric === 'contracted'
    ? [`${METRIC_TEXT[metric]} counts a commitment twice: its purchase, and the usage that it pays for.`]
    : [];
}

export const METRIC_TEXT: Readonly<Record<Metric, string>> = {
  effective: 'Effective cost (commitments spread over what they pay for)',
  billed: 'Billed cost (as invoiced)',
  list: 'Cost at list prices',
  contracted: 'Cost at contracted prices',
};

/** `from 2026-10-01 up to, but not including, 2026-11-01 (31 days)` */
export function periodText(period: Span): string {
  const days = countDays(period);
  return `from ${period.start} up to, but not including, ${period.end} (${days} ${days === 1 ? 'day' : 'days'})`;
}

export function spanOfAbout({ period }: Pick<About, 'period'>): Span {
  const [start = '', end = ''] = period.split('/');
  return { start, end };
}

/** The last lines of a text. */
export function aboutLines({ source, sample, as_of, price_usd, caveats }: About): string[] {
  const isFree = price_usd === '0';
  return [
    '',
    ...caveats,
    `Source: ${source}, as of ${as_of}.${isFree ? '' : ` This answer cost $${price_usd}.`}${sample ? ' SAMPLE DATA: this organization is made up.' : ''}`,
  ];
}
