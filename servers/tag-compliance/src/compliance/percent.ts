/** `0.7345` as `73.4 %`. Rounded down, so that only what is wholly compliant reads 100.0 %. */
export function percent(score: number): string {
  const thousandths = Math.floor(Math.round(score * 1e9) / 1e6);
  return `${(thousandths / 10).toFixed(1)} %`;
}
