import type { Caption } from '../data.ts';
import type { Texts } from '../parts/frame.ts';
import type { Names } from '../text/names.ts';

/** The texts around a chart, as the font can show them. */
export function captionTexts({ title, subtitle, source, metric, timeZone }: Caption, { inText }: Pick<Names, 'inText'>): Texts {
  return {
    title: inText(title),
    subtitle: inText(subtitle),
    source: inText(source),
    metric: inText(metric),
    timeZone: inText(timeZone),
  };
}
