import * as z from 'zod';
import type { BillRow } from '../../bill/question.ts';
import { formatUnits, type Units, unitsOfText } from '../../bill/units.ts';

const DECIMAL = z.string().regex(/^-?\d+(\.\d+)?$/);

/** An answer as the cache keeps it: JSON has neither whole numbers of this size nor `undefined`. */
export const storedAnswer = z.object({
  rows: z.array(
    z.object({
      start: z.string(),
      keys: z.array(z.string().nullable()),
      amounts: z.tuple([DECIMAL, DECIMAL, DECIMAL]),
      usage: z.array(z.tuple([DECIMAL, z.string()])),
    }),
  ),
  currencies: z.array(z.string()),
  estimatedFrom: z.string().nullable(),
});

export type StoredAnswer = z.output<typeof storedAnswer>;
type StoredRow = StoredAnswer['rows'][number];

export function toStoredRow({ start, keys, amounts: { gross, credits, refunds }, usage }: BillRow): StoredRow {
  return {
    start,
    keys: keys.map((key) => key ?? null),
    amounts: [formatUnits(gross), formatUnits(credits), formatUnits(refunds)],
    usage: usage.map(({ quantity, unit }) => [formatUnits(quantity), unit]),
  };
}

export function ofStoredRow({ start, keys, amounts: [gross, credits, refunds], usage }: StoredRow): BillRow {
  return {
    start,
    keys: keys.map((key) => key ?? undefined),
    amounts: { gross: units(gross), credits: units(credits), refunds: units(refunds) },
    usage: usage.map(([quantity, unit]) => ({ quantity: units(quantity), unit })),
  };
}

function units(text: string): Units {
  const found = unitsOfText(text);
  if (found === undefined) throw new TypeError('A stored amount was validated and is none.');
  return found;
}
