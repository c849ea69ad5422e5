import { type ScaleLinear, scaleLinear } from 'd3-scale';
import { element, type Markup } from '../svg/element.ts';
import { centredBaseline, textLine } from '../svg/text.ts';
import type { AmountFormat } from '../text/amounts.ts';
import { textWidth } from '../text/font.ts';
import { GRID, SECONDARY } from './colours.ts';
import type { Area } from './frame.ts';

const SIZE = 13;
const MARKS = 5;
const GAP = 10;

/** Which amounts are up and down, before it is known where the chart lies in the picture. */
export interface ValueAxis {
  scale: ScaleLinear<number, number>;
  ticks: readonly { value: number; text: string }[];
  /** The space that the texts at its marks take. */
  width: number;
}

/** An axis over all values. It includes zero, unless `nice` values without it are asked for. */
export function valueAxis(values: readonly number[], format: AmountFormat, { withZero = true } = {}): ValueAxis {
  const all = withZero ? [0, ...values] : values;
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const scale = scaleLinear()
    .domain(low === high ? [low, low + 1] : [low, high])
    .nice(MARKS);
  // With nothing but zeros there is no scale of which marks could tell.
  const marks = low === 0 && high === 0 ? [0] : scale.ticks(MARKS);
  const texts = format.ticks(marks);
  const ticks = marks.map((value, index) => ({ value, text: texts[index] ?? '' }));
  return { scale, ticks, width: Math.max(...texts.map((text) => textWidth(text, SIZE))) + GAP };
}

/** The marks of the axis at the left, each with a line through the area; the line of zero is darker. */
export function drawValueAxis({ ticks, scale }: ValueAxis, { left, right }: Area): Markup[] {
  return ticks.flatMap(({ value, text }) => {
    const y = scale(value);
    return [
      element('line', { x1: left, x2: right, y1: y, y2: y, stroke: value === 0 ? SECONDARY : GRID, 'stroke-width': 1 }),
      textLine(text, left - GAP, centredBaseline(y, SIZE), { size: SIZE, fill: SECONDARY, anchor: 'end' }),
    ];
  });
}
