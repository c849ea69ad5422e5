/** What is known of the embedded font without reading it: which characters it has, and how wide they are. */
import inter from './inter.json' with { type: 'json' };

export type Weight = 400 | 700;

const BOLD = readWidths(inter.bold);
const WIDTHS: Readonly<Record<Weight, ReadonlyMap<number, number>>> = {
  400: readWidths(inter.regular),
  700: new Map([...readWidths(inter.boldExtended), ...BOLD]),
};
/** Kerning, which is not in the table, rarely makes a line longer than the sum of its characters; this covers it. */
const SLACK = 1.01;

/** The width of a line in pixels, at most a hundredth too wide. */
export function textWidth(text: string, size: number, weight: Weight = 400): number {
  let units = 0;
  for (const character of text) units += WIDTHS[weight].get(character.codePointAt(0) ?? 0) ?? inter.unitsPerEm;
  return (units / inter.unitsPerEm) * size * SLACK;
}

/** Whether the font has every character of a text. */
export function isDrawable(text: string): boolean {
  return [...text].every(isDrawableCharacter);
}

export function isDrawableCharacter(character: string): boolean {
  return WIDTHS[400].has(character.codePointAt(0) ?? 0);
}

/** Whether the file with the bold font of western Europe has a character; the others are in a second file. */
export function isInBoldFile(character: string): boolean {
  return BOLD.has(character.codePointAt(0) ?? 0);
}

function readWidths(table: string): Map<number, number> {
  return new Map(
    table.split(';').flatMap((run) => {
      const [first = 0, ...widths] = run.split(' ').map(Number);
      return widths.map((width, index) => [first + index, width] as const);
    }),
  );
}
