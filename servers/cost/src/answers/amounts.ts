import * as z from 'zod';
import { netOf } from '../bill/amounts.ts';
import type { Amounts } from '../bill/question.ts';
import { centsOfParts, formatCents } from '../bill/shown-money.ts';
import { formatUnits, type Units, unitsOfText } from '../bill/units.ts';
import { amount } from './about.ts';

/** Gross and net side by side. */
export const amountsShape = { gross: amount(), credits: amount(), refunds: amount(), net: amount() };
export const amountsSchema = z.object(amountsShape);
export type WrittenAmounts = z.output<typeof amountsSchema>;

export function writeAmounts(amounts: Amounts): WrittenAmounts {
  const { gross, credits, refunds } = amounts;
  return {
    gross: formatUnits(gross),
    credits: formatUnits(credits),
    refunds: formatUnits(refunds),
    net: formatUnits(netOf(amounts)),
  };
}

/** An amount of an answer, which this server has written. */
export function readUnits(text: string): Units {
  const units = unitsOfText(text);
  if (units === undefined) throw new TypeError(`"${text}" is no amount.`);
  return units;
}

/** `$90.00 net: $100.00 gross, -$8.00 credits, -$2.00 refunds`; without credits and refunds only the amount. */
export function amountsText({ gross, credits, refunds, net }: WrittenAmounts, currency: string): string {
  const parts = [gross, credits, refunds].map(readUnits);
  const [, ...reductions] = parts;
  const cents = centsOfParts(parts).map((part) => formatCents(part, currency));
  const total = formatCents(centsOfParts([readUnits(net)])[0] ?? 0n, currency);
  if (reductions.every((part) => part === 0n)) return `${total}, no credits or refunds`;
  return `${total} net: ${cents[0]} gross, ${cents[1]} credits, ${cents[2]} refunds`;
}
