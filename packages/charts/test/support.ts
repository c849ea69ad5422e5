import { Big } from 'big.js';
import {
  type Drawing,
  type ForecastBandData,
  forecastBand,
  type StackedSeriesData,
  stackedSeries,
  type WaterfallData,
  waterfall,
} from '../src/index.ts';
import { textWidth, type Weight } from '../src/text/font.ts';
import { FORECASTS, STACKED, WATERFALLS } from './samples.ts';

/** A chart to be drawn, and the amounts that may be written into it. */
export interface Sample {
  name: string;
  draw(): Promise<Drawing>;
  amounts: readonly Big[];
}

export function allSamples(): Sample[] {
  return [
    ...Object.entries(STACKED).map(([name, data]) => ({
      name: `stacked: ${name}`,
      draw: () => stackedSeries(data),
      amounts: amountsOfStack(data),
    })),
    ...Object.entries(WATERFALLS).map(([name, data]) => ({
      name: `waterfall: ${name}`,
      draw: () => waterfall(data),
      amounts: amountsOfWaterfall(data),
    })),
    ...Object.entries(FORECASTS).map(([name, data]) => ({
      name: `forecast: ${name}`,
      draw: () => forecastBand(data),
      amounts: amountsOfForecast(data),
    })),
  ];
}

function amountsOfStack({ series }: StackedSeriesData): Big[] {
  const totals = series.map(({ amounts }) => sum(amounts.filter((amount) => amount !== null)));
  return [...totals, sum(largestFirst(totals).slice(6))];
}

function amountsOfWaterfall({ start, parts, end }: WaterfallData): Big[] {
  const all = parts.map(({ amount }) => new Big(amount));
  const [from, to] = [new Big(start.amount), new Big(end.amount)];
  return [from, to, ...all, sum(largestFirst(all).slice(8)), to.minus(from).minus(sum(all))];
}

function amountsOfForecast({ actual, forecast, budget }: ForecastBandData): Big[] {
  return [
    ...actual.map(({ amount }) => amount),
    ...forecast.flatMap(({ low, expected, high }) => [low, expected, high]),
    budget?.amount ?? '0',
  ].map((amount) => new Big(amount));
}

function sum(amounts: readonly (string | Big)[]): Big {
  return amounts.reduce<Big>((total, amount) => total.plus(amount), new Big(0));
}

function largestFirst(amounts: readonly Big[]): Big[] {
  return amounts.toSorted((one, other) => other.abs().cmp(one.abs()));
}

/** A text of an SVG, and the space that it takes. */
export interface TextBox {
  text: string;
  size: number;
  weight: Weight;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export function textBoxes(svg: string): TextBox[] {
  return [...svg.matchAll(/<text ([^>]*)>(.*?)<\/text>/gs)].map(([, attributes = '', content = '']) => {
    const read = (name: string) => new RegExp(`(?:^| )${name}="([^"]*)"`).exec(attributes)?.[1];
    const text = unescaped(content.replaceAll(/<\/?tspan[^>]*>/g, ''));
    const [x, y, size] = [Number(read('x')), Number(read('y')), Number(read('font-size'))];
    const weight = read('font-weight') === '700' ? 700 : 400;
    const width = textWidth(text, size, weight);
    const left = x - width * ({ middle: 0.5, end: 1 }[read('text-anchor') ?? 'start'] ?? 0);
    return { text, size, weight, left, right: left + width, top: y - 0.74 * size, bottom: y + 0.2 * size };
  });
}

function unescaped(text: string): string {
  const names: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' };
  return text.replaceAll(/&(lt|gt|quot|#39|amp);/g, (_, name) => names[name] ?? '');
}

/** Pairs of texts that lie on each other. */
export function overlaps(boxes: readonly TextBox[]): string[] {
  return boxes.flatMap((one, index) =>
    boxes
      .slice(index + 1)
      .filter((other) => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom)
      .map((other) => `"${one.text}" and "${other.text}"`),
  );
}

/** What a written amount may stand for: "+$1.21M" is anything from 1,205,000 to 1,215,000. */
export function meant(text: string): { from: Big; to: Big } {
  const [, bound, sign, digits = '', unit] =
    /^([<>]?)([+−]?)[^\d]*?([\d,]+(?:\.\d+)?)([KMBT]?)(?:, off the scale)?$/.exec(text.replaceAll(/[$¥]/g, '')) ?? [];
  const scale = new Big(10).pow({ K: 3, M: 6, B: 9, T: 12 }[unit ?? ''] ?? 0);
  const size = new Big(digits.replaceAll(',', '')).times(scale);
  const value = sign === '−' ? size.times(-1) : size;
  if (bound === '<') return { from: new Big(0), to: value };
  if (bound === '>') return { from: value, to: new Big(0) };
  const decimals = digits.split('.')[1]?.length ?? 0;
  // "$24M" has three significant digits of which the last are zeros.
  const precision =
    unit === '' ? new Big(10).pow(-decimals) : scale.times(new Big(10).pow(-Math.max(decimals, 3 - digits.replace(/\..*/, '').length)));
  return { from: value.minus(precision.div(2)), to: value.plus(precision.div(2)) };
}
