import type { Caption } from '../data.ts';
import { element, type Markup } from '../svg/element.ts';
import { textLine } from '../svg/text.ts';
import { fitLine, wrapLines } from '../text/fit.ts';
import { BACKGROUND, INK, SECONDARY } from './colours.ts';

/** Every chart is as wide as a chat window shows a picture. */
export const WIDTH = 1_000;
export const HEIGHT = 500;
export const MARGIN = 24;

const TITLE = { size: 22, weight: 700, line: 28, max: 2 } as const;
const SUBTITLE = { size: 15, weight: 400, line: 21, max: 2 } as const;
const FOOTER_SIZE = 12;

/** Where a chart's own marks are drawn. */
export interface Area {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** How much space the parts of a chart take around its marks. */
export interface Around {
  /** Between the texts at the top and the marks, for what is said of the whole chart. */
  above?: number;
  left: number;
  right: number;
  /** Between the marks and the source. */
  below: number;
}

/** The texts of a picture, ready to be drawn. */
export type Texts = Pick<Caption, 'title' | 'subtitle' | 'source' | 'metric' | 'timeZone'>;

/** The area between title and source. */
export function areaOf(texts: Texts, { above = 0, ...around }: Around): Area {
  const { height } = heading(texts);
  return { left: MARGIN + around.left, top: height + 22 + above, right: WIDTH - MARGIN - around.right, bottom: HEIGHT - 34 - around.below };
}

/** The whole picture: title, subtitle, marks, source. */
export function picture(texts: Texts, marks: readonly Markup[]): string {
  const { title, subtitle, source, metric, timeZone } = texts;
  const footer = [source, metric, timeZone].filter((part) => part !== '').join(' · ');
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width: WIDTH,
      height: HEIGHT,
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      role: 'img',
      'font-family': 'Inter, sans-serif',
    },
    element('title', {}, title),
    element('desc', {}, [subtitle, footer].join('\n')),
    element('rect', { width: WIDTH, height: HEIGHT, fill: BACKGROUND }),
    ...heading(texts).lines,
    ...marks,
    textLine(fitLine(footer, { width: WIDTH - 2 * MARGIN, size: FOOTER_SIZE }), MARGIN, HEIGHT - 16, {
      size: FOOTER_SIZE,
      fill: SECONDARY,
    }),
  ).markup;
}

function heading({ title, subtitle }: Texts): { lines: Markup[]; height: number } {
  const width = WIDTH - 2 * MARGIN;
  const titles = wrapLines(title, { width, ...TITLE });
  const subtitles = wrapLines(subtitle, { width, ...SUBTITLE });
  const afterTitle = 12 + titles.length * TITLE.line;
  const lines = [
    ...titles.map((line, index) => textLine(line, MARGIN, 38 + index * TITLE.line, { ...TITLE, fill: INK })),
    ...subtitles.map((line, index) => textLine(line, MARGIN, afterTitle + 21 + index * SUBTITLE.line, { ...SUBTITLE, fill: SECONDARY })),
  ];
  return { lines, height: afterTitle + subtitles.length * SUBTITLE.line + 6 };
}
