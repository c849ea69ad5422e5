import { didYouMean, parsePeriod, period } from '@fairway-mcp/validation';
import * as z from 'zod';
import type { Span } from '../bill/days.ts';
import { DIMENSION_NAMES, namedPart } from '../bill/dimensions.ts';
import { type Dimension, type Filter, METRIC_NAMES } from '../bill/question.ts';
import { serviceNamed } from '../bill/service-names.ts';

const MAX_KEY = 200;

/** Input: something to group or filter by. */
export function dimension() {
  return z
    .string()
    .max(MAX_KEY)
    .refine((text): boolean => isDimension(text), { error: ({ input }) => problemOf(String(input)) });
}

function isDimension(text: string): text is Dimension {
  return DIMENSION_NAMES.some((name) => name === text) || namedPart(text) !== undefined;
}

function problemOf(text: string): string {
  return `"${text}" is no dimension.${didYouMean(text, DIMENSION_NAMES)} Expected ${DIMENSION_NAMES.join(', ')}, tag:KEY or cost_category:NAME`;
}

/** Input: what to group by. */
export function groupBy(initial: readonly Dimension[], description = 'As in get_cost_and_usage') {
  return z
    .array(dimension())
    .max(6)
    .default([...initial])
    .describe(description);
}

export const ALL_DIMENSIONS = `${DIMENSION_NAMES.join(', ')}, tag:KEY, cost_category:NAME`;

/** Input: values by dimension, such as `{"service": ["Amazon S3"], "tag:team": [""]}`. */
function conditions(description: string) {
  return z
    .record(dimension(), z.array(z.string().max(1024)).min(1).max(200))
    .refine((all) => Object.keys(all).length <= 20, { error: 'has more than 20 dimensions' })
    .default({})
    .describe(description);
}

/** Inputs: what charges must be and must not be. Read them with {@link toFilter}. */
export function filters() {
  return {
    filters: conditions('By dimension any of these values; "" is untagged or none'),
    exclude: conditions('As filters: what is left out'),
  };
}

type Conditions = Readonly<Record<string, readonly string[]>>;

export function toFilter({ filters: wanted, exclude }: { filters: Conditions; exclude: Conditions }): Filter | undefined {
  const all = [...conditionsOf(wanted), ...conditionsOf(exclude).map((of): Filter => ({ kind: 'not', of }))];
  return all.length > 1 ? { kind: 'all', of: all } : all[0];
}

function conditionsOf(conditions: Conditions): Filter[] {
  return Object.entries(conditions).map(([name, values]) => ({
    kind: 'is',
    dimension: name as Dimension,
    values: values.map((value) => wantedValue(name, value)),
  }));
}

function wantedValue(name: string, value: string): string | undefined {
  if (value === '') return undefined;
  return name === 'service' ? serviceNamed(value) : value;
}

export function toDimensions(names: readonly string[]): Dimension[] {
  return [...new Set(names)].filter(isDimension);
}

const PERIODS = 'last_7_days, last_30_days, last_90_days, last_month, month_to_date or YYYY-MM-DD/YYYY-MM-DD, END exclusive';

/** Input: which cost. */
export function metric() {
  return z.enum(METRIC_NAMES).default('effective').describe('effective: amortized; billed: as invoiced');
}

/** Input: whether to draw. */
export function chart() {
  return z.boolean().default(false).describe('Add a picture');
}

export function spendPeriod(initial = 'last_month') {
  return period().describe(PERIODS).default(initial);
}

/** Input: the period to compare with. */
export function earlierPeriod() {
  return period().optional().describe('Default: as long, just before');
}

/** A period that the input's schema has validated. */
export function spanOf(text: string, now: Date): Span {
  const span = parsePeriod(text, now);
  if (span === undefined) throw new TypeError('The period was validated and cannot be read.');
  return span;
}
