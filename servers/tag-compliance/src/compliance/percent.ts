/** `0.7345` as `73.4 %`. Rounded down, so that only full compliance reads 100.0 %. */
export function percent(score: number): string {
  const thousandths = Math.floor(Math.round(score * 1e9) / 1e6);
  return `${(thousandths / 10).toFixed(1)} %`;
}
