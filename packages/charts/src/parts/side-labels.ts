import { element, type Markup } from '../svg/element.ts';
import { textLine } from '../svg/text.ts';
import { fitLine, shortenAll } from '../text/fit.ts';
import { textWidth } from '../text/font.ts';
import { INK } from './colours.ts';
import type { Area } from './frame.ts';
import { spread } from './spread.ts';

/** A name and its amount beside the marks that they belong to. */
export interface SideLabel {
  name: string;
  amount: string;
  /** The height of the marks. */
  y: number;
  /** What the marks look like, drawn around this point, so that colour alone never tells. */
  sample(x: number, y: number): Markup;
}

const NAME = { size: 13, weight: 400 } as const;
const AMOUNT = { size: 13, weight: 700 } as const;
/** Between two labels, which have two lines each. */
const GAP = 36;
const SAMPLE_WIDTH = 20;
const BEFORE = 14;
const MAX_WIDTH = 250;

/** The space that labels take at the right of the marks. */
export function sideLabelsWidth(labels: readonly Pick<SideLabel, 'name' | 'amount'>[]): number {
  const widest = Math.max(
    0,
    ...labels.map(({ name, amount }) => Math.max(textWidth(name, NAME.size), textWidth(amount, AMOUNT.size, 700))),
  );
  return labels.length === 0 ? 0 : BEFORE + SAMPLE_WIDTH + 8 + Math.min(widest, MAX_WIDTH);
}

/** The labels (from the top down), pushed apart so that none lies on another. */
export function drawSideLabels(labels: readonly SideLabel[], { right, top, bottom }: Area): Markup[] {
  const positions = spread(
    labels.map(({ y }) => y),
    { gap: GAP, from: top + 8, to: bottom - 12 },
  );
  const names = shortenAll(
    labels.map(({ name }) => name),
    (name, keep) => fitLine(name, { width: MAX_WIDTH, ...NAME }, keep),
  );
  return labels.flatMap(({ amount, sample }, index) => {
    const y = positions[index] ?? 0;
    const x = right + BEFORE + SAMPLE_WIDTH + 8;
    return [
      element('g', {}, sample(right + BEFORE + SAMPLE_WIDTH / 2, y - 5)),
      textLine(names[index] ?? '', x, y, { ...NAME, fill: INK }),
      textLine(amount, x, y + 16, { ...AMOUNT, fill: INK }),
    ];
  });
}
