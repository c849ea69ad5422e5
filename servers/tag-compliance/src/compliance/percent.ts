/**
 * A share from 0 to 1 in percent with one decimal, `0.7345` as `73.4 %`: rounded, halves to the even digit. What is not quite all or nothing
 * never reads 100.0 % or 0.0 %.
 */
export function percent(share: number): string {
  const tenths = roundHalfEven(share * 1000);
  if (share < 1 && tenths >= 1000) return '> 99.9 %';
  if (share > 0 && tenths <= 0) return '< 0.1 %';
  return `${(tenths / 10).toFixed(1)} %`;
}

/** Nine decimals of the share are kept, so that binary fractions do not hide a half. */
function roundHalfEven(number: number): number {
  const exact = Math.round(number * 1e6) / 1e6;
  const whole = Math.floor(exact);
  const rest = exact - whole;
  return rest > 0.5 || (rest === 0.5 && whole % 2 === 1) ? whole + 1 : whole;
}
