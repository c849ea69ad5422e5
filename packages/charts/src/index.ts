import type { Drawing, ForecastBandData, StackedSeriesData, WaterfallData } from './data.ts';

export type { Caption, Drawing, ForecastBandData, LabelledAmount, Other, Renamed, StackedSeriesData, WaterfallData } from './data.ts';

/**
 * Draws amounts by day or month, stacked. The same data always gives the same SVG. What draws is loaded with the first chart, so that a server
 * which never draws is neither larger in memory nor slower to start.
 * @throws TypeError, RangeError for data that no chart can show: an amount that is no decimal number, dates that do not ascend, too many dates.
 */
export async function stackedSeries(data: StackedSeriesData): Promise<Drawing> {
  const charts = await import('./draw/charts.ts');
  return charts.stackedSeries(data);
}

/** Draws how a start became an end, part by part. See `stackedSeries` for loading and errors. */
export async function waterfall(data: WaterfallData): Promise<Drawing> {
  const charts = await import('./draw/charts.ts');
  return charts.waterfall(data);
}

/** Draws what was spent and what is expected, with its interval. See `stackedSeries` for loading and errors. */
export async function forecastBand(data: ForecastBandData): Promise<Drawing> {
  const charts = await import('./draw/charts.ts');
  return charts.forecastBand(data);
}

/**
 * Renders the SVG of a chart as a PNG of the same size, one picture at a time; the first call loads the renderer and the font.
 * @throws RangeError for an SVG of more than a million characters or four million pixels; an error of the renderer when it is malformed.
 */
export async function renderPng(svg: string): Promise<Uint8Array> {
  const { renderPng: render } = await import('./png/render.ts');
  return render(svg);
}
