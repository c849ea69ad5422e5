import { type Drawing, renderPng, type StackedSeriesData, stackedSeries, type WaterfallData, waterfall } from '@fairway-mcp/charts';

/** A chart, ready to be attached to an answer. */
export interface Picture {
  /** Base64. */
  png: string;
  svg: string;
  /** What the picture does not say, in whole sentences. */
  notes: readonly string[];
}

export interface Charts {
  stackedSeries(data: StackedSeriesData): Promise<Picture>;
  waterfall(data: WaterfallData): Promise<Picture>;
}

export const charts: Charts = {
  stackedSeries: async (data) => toPicture(await stackedSeries(data)),
  waterfall: async (data) => toPicture(await waterfall(data)),
};

async function toPicture({ svg, renamed, other }: Drawing): Promise<Picture> {
  const png = await renderPng(svg);
  return {
    png: Buffer.from(png).toString('base64'),
    svg,
    notes: [
      ...renamed.map(({ name, label }) => `In the picture "${name}" is called "${label}".`),
      ...(other === undefined ? [] : [`"${other.label}" in the picture: ${other.members.join(', ')}.`]),
    ],
  };
}
