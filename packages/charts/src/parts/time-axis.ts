import { element, type Markup } from '../svg/element.ts';
import { textLine } from '../svg/text.ts';
import { textWidth } from '../text/font.ts';
import { INK, SECONDARY } from './colours.ts';
import { dateMarks, dateText } from './dates.ts';
import { type Area, WIDTH } from './frame.ts';

const SIZE = 13;
const GAP = 10;
/** The space below the marks of a chart: a line of dates, and one with their year and with "incomplete". */
export const TIME_AXIS_HEIGHT = 42;
const [FIRST_LINE, SECOND_LINE] = [19, 36];
const INCOMPLETE = 'incomplete';

export interface TimeAxis {
  dates: readonly string[];
  /** The middle of a date. */
  x(date: string): number;
  /** Those of the dates whose costs are still arriving. */
  incomplete: readonly string[];
}

/** The dates under the area, as many as there is space for; the year where it changes; and "incomplete" under those that are. */
export function drawTimeAxis({ dates, x, incomplete }: TimeAxis, { left, right, bottom }: Area): Markup[] {
  const below = incompleteText({ x, incomplete });
  const widest = Math.max(0, ...dates.map((date) => textWidth(dateText(date), SIZE)));
  const marked = dateMarks(dates, (right - left) / (widest + GAP));
  return [
    ...marked.flatMap((date, index) => {
      const year = date.slice(0, 4);
      const isSameYear = marked[index - 1]?.startsWith(year) ?? false;
      const isCovered =
        below !== undefined && Math.abs(x(date) - below.x) < (textWidth(year, SIZE) + textWidth(INCOMPLETE, SIZE)) / 2 + GAP;
      return [
        element('line', { x1: x(date), x2: x(date), y1: bottom, y2: bottom + 4, stroke: SECONDARY, 'stroke-width': 1 }),
        textLine(dateText(date), x(date), bottom + FIRST_LINE, { size: SIZE, fill: SECONDARY, anchor: 'middle' }),
        ...(isSameYear || isCovered
          ? []
          : [textLine(year, x(date), bottom + SECOND_LINE, { size: SIZE, fill: SECONDARY, anchor: 'middle' })]),
      ];
    }),
    ...(below === undefined ? [] : [textLine(INCOMPLETE, below.x, bottom + SECOND_LINE, { size: SIZE, fill: INK, anchor: 'middle' })]),
  ];
}

function incompleteText({ x, incomplete }: Pick<TimeAxis, 'x' | 'incomplete'>): { x: number } | undefined {
  const [first] = incomplete;
  const last = incomplete.at(-1);
  if (first === undefined || last === undefined) return undefined;
  return { x: Math.min((x(first) + x(last)) / 2, WIDTH - textWidth(INCOMPLETE, SIZE) / 2) };
}
