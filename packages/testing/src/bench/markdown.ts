/** A table of Markdown, a line each. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

/** `3.09x`; of two figures one of which is missing, `–`. */
export function formatRatio(one: number | undefined, other: number | undefined): string {
  const value = divide(one, other);
  return Number.isNaN(value) ? '–' : `${value.toFixed(Math.abs(value) < 10 ? 2 : 1)}x`;
}

/** NaN when one of the figures is missing. */
export function divide(one: number | undefined, other: number | undefined): number {
  return one === undefined || other === undefined ? Number.NaN : one / other;
}

export function formatWhole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

export function formatMegabytes(value: number | undefined): string {
  return value === undefined ? '–' : `${value.toFixed(0)} MB`;
}
