import type { Markup } from '../svg/element.ts';
import { textLine } from '../svg/text.ts';
import { SECONDARY } from './colours.ts';
import type { Area } from './frame.ts';

/** What is said in the middle of an area that has nothing to show. */
export function message(text: string, { left, right, top, bottom }: Area): Markup {
  return textLine(text, (left + right) / 2, (top + bottom) / 2, { size: 18, fill: SECONDARY, anchor: 'middle' });
}
