import Big from 'big.js';
import * as z from 'zod';

/** An amount as a decimal string, in a currency that is named beside it. Never a float: sums must be exact. */
export const amountSchema = z.string().regex(/^-?\d+(\.\d+)?$/);

/** @returns `undefined` when the text is not an amount: an unknown amount is not zero. */
export function parseAmount(text: string | undefined): Big | undefined {
  if (text === undefined) return undefined;
  try {
    return new Big(text);
  } catch {
    return undefined;
  }
}

/** The known amounts of distinct names, such as ARNs; `undefined` when none is known. */
export function costOf(names: Iterable<string>, amounts: ReadonlyMap<string, string> | undefined): Big | undefined {
  let sum: Big | undefined;
  for (const name of names) {
    const amount = parseAmount(amounts?.get(name));
    if (amount !== undefined) sum = (sum ?? ZERO).plus(amount);
  }
  return sum;
}

/** In full, without an exponent and without losing a digit. */
export function formatAmount(amount: Big): string {
  return amount.toFixed();
}

/** A part of a whole in percent with one decimal, halves to the even digit; `undefined` when the whole is not positive, so that there is no share of it. */
export function percentOf(part: Big, whole: Big): number | undefined {
  return whole.lte(0) ? undefined : Number(part.times(100).div(whole).toFixed(1, Big.roundHalfEven));
}

export const ZERO = new Big(0);

/** `1234.5` as `$1,234.50`: for users; the exact amount is in the structured answer. An unknown currency is left out. */
export function readableAmount(amount: string, currency: string | undefined): string {
  const value = Number(amount).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return currency === 'USD' ? `$${value}` : `${value} ${currency ?? ''}`.trimEnd();
}
