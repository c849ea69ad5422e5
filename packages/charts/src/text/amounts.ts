import { Big } from 'big.js';
import { isDrawable } from './font.ts';
import { tidy } from './names.ts';

/** How much of an amount is written: to the smallest unit of its currency, without decimals, or as "$12.3K". */
export type Detail = 'exact' | 'whole' | 'short';

/** Amounts as people read them. */
export interface AmountFormat {
  /** An amount; with a sign also when it is positive, if asked for. Large ones lose their decimals. */
  amount(amount: Big, options?: { detail?: Detail; signed?: boolean }): string;
  /** What stands at the marks of an axis: all with the same number of decimals. */
  ticks(values: readonly number[]): string[];
}

/** From here on decimals say nothing at a glance, and then thousands neither. */
const WHOLE_FROM = 100_000;
const SHORT_FROM = 1_000_000_000;
/** More does not fit anywhere, and no bill has it. */
const MAX_AMOUNT = 1e15;

/** An amount from its decimal text. `what` says whose it is. */
export function parseAmount(text: string, what: string): Big {
  if (!/^[+-]?\d{1,40}(?:\.\d{1,40})?(?:e[+-]?\d{1,3})?$/i.test(text))
    throw new TypeError(`The amount of ${what} is not a decimal number.`);
  const amount = new Big(text.replace(/^\+/, ''));
  if (amount.abs().gt(MAX_AMOUNT)) throw new RangeError(`The amount of ${what} is too large to be drawn.`);
  return amount;
}

export function sum(amounts: readonly Big[]): Big {
  return amounts.reduce((total, amount) => total.plus(amount), new Big(0));
}

/** How amounts of a currency (ISO 4217) are written. */
export function amountFormat(currency: string): AmountFormat {
  const currencyDisplay = isDrawable(tidy(format('0', { currency }))) ? 'symbol' : 'code';
  const base = { currency, currencyDisplay } as const;
  const digits = new Intl.NumberFormat('en-US', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  // "KWD" takes as much space as the number; the axis says it too.
  const short = format('0', { ...base, maximumFractionDigits: 0 }).length > 2 ? ({ style: 'decimal' } as const) : base;
  const smallest = new Big(10).pow(-digits);
  return {
    amount(amount, { detail = 'exact', signed = false } = {}) {
      const size = amount.abs();
      const sign = { signDisplay: signed ? 'exceptZero' : 'auto' } as const;
      const text = amount.toFixed();
      const shown = detail === 'exact' ? smallest : new Big(1);
      if (size.gt(0) && size.lt(shown.div(2))) return belowSmallest(amount, { smallest: shown, base, signed });
      if (detail === 'short') return format(text, { ...short, ...sign, notation: 'compact', maximumSignificantDigits: 3 });
      if (size.gte(SHORT_FROM)) return format(text, { ...base, ...sign, notation: 'compact', maximumFractionDigits: 2 });
      if (detail === 'whole' || size.gte(WHOLE_FROM)) return format(text, { ...base, ...sign, maximumFractionDigits: 0 });
      return format(text, { ...base, ...sign });
    },
    ticks: (values) => tickTexts(values, base, digits),
  };
}

/** Something that is not zero is not written as zero. */
function belowSmallest(
  amount: Big,
  { smallest, base, signed }: { smallest: Big; base: Intl.NumberFormatOptions; signed: boolean },
): string {
  const size = format(smallest.toFixed(), smallest.gte(1) ? { ...base, maximumFractionDigits: 0 } : base);
  return amount.lt(0) ? `>−${size}` : `<${signed ? '+' : ''}${size}`;
}

function tickTexts(values: readonly number[], base: Intl.NumberFormatOptions, currencyDigits: number): string[] {
  const largest = Math.max(...values.map(Math.abs), 0);
  const [first = 0, second = first + 1] = values;
  const step = Math.abs(second - first);
  const unit = largest >= 10_000 ? 1_000 ** Math.min(4, Math.floor(Math.log10(largest) / 3)) : 1;
  const shortDigits = decimalsOf(step / unit);
  const isShort = unit > 1 && shortDigits <= 2;
  const fullDigits = decimalsOf(step) === 0 ? 0 : Math.max(decimalsOf(step), currencyDigits);
  return values.map((value) => {
    const fraction = value === 0 ? 0 : isShort && Math.abs(value) >= unit ? shortDigits : fullDigits;
    const notation = isShort ? { notation: 'compact' as const } : {};
    return format(value, { ...base, ...notation, minimumFractionDigits: fraction, maximumFractionDigits: fraction });
  });
}

/** How many decimals tell values apart that lie a step of 1, 2 or 5 (times a power of ten) from each other. */
function decimalsOf(step: number): number {
  return Math.min(20, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
}

/** English, as all texts of a chart; the minus is a real one, as wide as a digit. */
function format(value: string | number, options: Intl.NumberFormatOptions): string {
  // A decimal string is formatted exactly, without becoming a floating-point number.
  const exact = value as `${number}`;
  return tidy(new Intl.NumberFormat('en-US', { style: 'currency', ...options }).format(exact)).replaceAll('-', '−');
}
