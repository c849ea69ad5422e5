/** Everything that draws, with what it draws with: loaded together, when the first chart is asked for. */
export { forecastBand } from './forecast-band.ts';
export { stackedSeries } from './stacked-series.ts';
export { waterfall } from './waterfall.ts';
