/**
 * Money as whole numbers of 1e-10 of a currency unit: the precision with which Cost Explorer answers. Sums are exact whatever their order.
 * Every source rounds alike.
 */
export type Units = bigint;

export const UNITS_PER_ONE = 10_000_000_000n;

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;
const DECIMALS = 10;

/** @returns `undefined` when the text is no decimal number. Digits after the tenth are rounded, halves away from zero. */
export function unitsOfText(text: string): Units | undefined {
  const [, sign, whole = '', decimals = ''] = DECIMAL.exec(text) ?? [];
  if (sign === undefined) return undefined;
  const kept = decimals.slice(0, DECIMALS).padEnd(DECIMALS, '0');
  const rounding = (decimals[DECIMALS] ?? '0') >= '5' ? 1n : 0n;
  const size = BigInt(whole) * UNITS_PER_ONE + BigInt(kept) + rounding;
  return sign === '-' ? -size : size;
}

/** In full, without trailing zeros and without an exponent: `12.5`, `-0.0000004`, `0`. */
export function formatUnits(units: Units): string {
  const size = units < 0n ? -units : units;
  const decimals = (size % UNITS_PER_ONE).toString().padStart(DECIMALS, '0').replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${size / UNITS_PER_ONE}${decimals === '' ? '' : `.${decimals}`}`;
}
