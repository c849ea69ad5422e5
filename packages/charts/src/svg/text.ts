import { BACKGROUND, INK } from '../parts/colours.ts';
import { isInBoldFile, type Weight } from '../text/font.ts';
import { element, type Markup } from './element.ts';

export interface TextStyle {
  size: number;
  weight?: Weight;
  fill?: string;
  anchor?: 'start' | 'middle' | 'end';
  /** A white edge, so that lines of the chart do not cross the text. */
  halo?: boolean;
}

/** One line of text; `y` is its baseline. */
export function textLine(
  content: string,
  x: number,
  y: number,
  { size, weight = 400, fill = INK, anchor = 'start', halo = false }: TextStyle,
): Markup {
  const attributes = {
    x,
    y,
    'font-size': size,
    'font-weight': weight === 400 ? undefined : weight,
    fill,
    'text-anchor': anchor === 'start' ? undefined : anchor,
    ...(halo ? { stroke: BACKGROUND, 'stroke-width': 3, 'stroke-linejoin': 'round', 'paint-order': 'stroke' } : {}),
  };
  return element('text', attributes, ...(weight === 700 ? boldRuns(content) : [content]));
}

/**
 * resvg looks for a character that a font file lacks in the first file that has it, which is not a bold one. What the bold file lacks is
 * therefore asked for in semibold, the only weight of which the second file is the first.
 */
function boldRuns(content: string): (Markup | string)[] {
  const runs: { text: string; isInFile: boolean }[] = [];
  for (const character of content) {
    const isInFile = isInBoldFile(character);
    const last = runs.at(-1);
    if (last?.isInFile === isInFile) last.text += character;
    else runs.push({ text: character, isInFile });
  }
  return runs.map(({ text, isInFile }) => (isInFile ? text : element('tspan', { 'font-weight': 600 }, text)));
}

/** The baseline of a line whose capitals and digits are to be centred at `y`. */
export function centredBaseline(y: number, size: number): number {
  return y + size * 0.364;
}
