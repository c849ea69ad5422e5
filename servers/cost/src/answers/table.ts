/** A table of text columns: those of which the heading is marked with `>` are aligned to the right. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const isRight = headings.map((heading) => heading.startsWith('>'));
  const all = [headings.map((heading) => heading.replace(/^>/, '')), ...rows];
  const widths = headings.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) =>
    row
      .map((cell, column) => (isRight[column] === true ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** What a row's keys are called in a text: accounts by their names too. */
export function keyText(keys: readonly string[], names: Readonly<Record<string, string>> = {}): string {
  return keys.map((key) => (Object.hasOwn(names, key) ? `${names[key]} (${key})` : key || '(none)')).join(' / ');
}
