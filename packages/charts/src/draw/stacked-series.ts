import type { Big } from 'big.js';
import { scaleBand } from 'd3-scale';
import { type Series, stack, stackOffsetDiverging } from 'd3-shape';
import type { Drawing, Other, StackedSeriesData } from '../data.ts';
import { BACKGROUND, REST, SERIES_COLOURS } from '../parts/colours.ts';
import { calendar, isIncomplete } from '../parts/dates.ts';
import { type Area, areaOf, picture } from '../parts/frame.ts';
import { message } from '../parts/message.ts';
import { drawSideLabels, type SideLabel, sideLabelsWidth } from '../parts/side-labels.ts';
import { drawTimeAxis, TIME_AXIS_HEIGHT } from '../parts/time-axis.ts';
import { drawValueAxis, valueAxis } from '../parts/value-axis.ts';
import { type Attributes, element, type Markup, rounded } from '../svg/element.ts';
import { type AmountFormat, amountFormat, parseAmount, sum } from '../text/amounts.ts';
import { drawableNames } from '../text/names.ts';
import { captionTexts } from './caption.ts';
import { withOther } from './other.ts';

const MAX_SERIES = SERIES_COLOURS.length;
const MAX_BAR = 64;
/** The height of bars that are drawn without separators. */
const THIN = 2;
/** With more dates than this, gaps between the bars would be most of the picture. */
const MANY_DATES = 120;

interface Layer {
  label: string;
  colour: string;
  total: Big;
  /** By date; zero where there is no data. */
  amounts: ReadonlyMap<string, Big>;
}

type Stacked = Series<string, number>;

/** Amounts by day or month, stacked: the largest series at the bottom, credits below zero, each series named beside its bars. */
export function stackedSeries(data: StackedSeriesData): Drawing {
  const format = amountFormat(data.currency);
  const names = drawableNames(
    data.series.map(({ name }) => name),
    data.noun,
  );
  const dates = calendar(data.dates);
  const { layers, other } = chooseLayers(data, names.labelOf);
  const stacked = stackLayers(layers, dates);
  const extent = stacked.flat(2);
  const axis = valueAxis(extent, format);
  const labels = layers.map((layer) => ({ name: layer.label, amount: totalText(layer, format) }));
  const texts = captionTexts(data, names);
  const area = areaOf(texts, { left: axis.width, right: sideLabelsWidth(labels), below: TIME_AXIS_HEIGHT });
  axis.scale.range([area.bottom, area.top]);
  const band = scaleBand(dates, [area.left, area.right]).padding(dates.length > MANY_DATES ? 0 : 0.15);
  const width = Math.min(band.bandwidth(), MAX_BAR);
  const x = (date: string) => (band(date) ?? 0) + band.bandwidth() / 2;
  const bars = layers.map((layer, index) => barsOf({ stacked: stacked[index], layer, dates, x, width, y: axis.scale }));
  const incomplete = dates.filter((date) => isIncomplete(date, data.incompleteFrom));
  const marks = [
    HATCH,
    ...drawValueAxis(axis, area),
    ...bars.flatMap(({ all, colour }) => drawBars(all, colour, dates.length)),
    ...drawPath(
      bars.flatMap(({ all }) => all.filter(({ date }) => incomplete.includes(date))),
      { fill: 'url(#incomplete)' },
    ),
    ...drawTimeAxis({ dates, x, incomplete }, area),
    ...drawSideLabels(sideLabels({ layers, bars, format, zero: axis.scale(0), incompleteFrom: data.incompleteFrom }), area),
    ...emptyMessage(layers, dates, area),
  ];
  return { svg: picture(texts, marks), renamed: names.renamed, other };
}

/** The largest series, largest first, and the sum of the others. */
function chooseLayers({ series, dates }: StackedSeriesData, labelOf: (name: string) => string) {
  const layers = series.map(({ name, amounts }) => {
    if (amounts.length !== dates.length)
      throw new TypeError(`The series "${name}" has ${amounts.length} amounts for ${dates.length} dates.`);
    const parsed = dates.flatMap((date, index) => {
      const amount = amounts[index];
      return amount === null || amount === undefined ? [] : [[date, parseAmount(amount, `"${name}" on ${date}`)] as const];
    });
    return { name, label: labelOf(name), amounts: new Map(parsed), total: sum(parsed.map(([, amount]) => amount)) };
  });
  const { shown, rest, label } = withOther(layers, { size: ({ total }) => total, max: MAX_SERIES });
  const chosen: Layer[] = shown.map((layer, index) => ({ ...layer, colour: SERIES_COLOURS[index] ?? REST }));
  if (label === undefined) return { layers: chosen };
  const total = sum(rest.map((layer) => layer.total));
  const together = new Map(dates.map((date) => [date, sum(rest.flatMap(({ amounts }) => amounts.get(date) ?? []))] as const));
  const other: Other = { label, members: rest.map(({ name }) => name), amount: total.toFixed() };
  return { layers: [...chosen, { label, colour: REST, total, amounts: together }], other };
}

/** Where each layer lies on each date, in amounts. Positive ones are stacked upward from zero, negative ones downward. */
function stackLayers(layers: readonly Layer[], dates: readonly string[]): Stacked[] {
  const build = stack<unknown, string, number>()
    .keys(layers.keys())
    .value((date, key) => layers[key]?.amounts.get(date)?.toNumber() ?? 0)
    .offset(stackOffsetDiverging);
  return build(dates);
}

interface Bar {
  date: string;
  x: number;
  top: number;
  width: number;
  height: number;
}

interface Placed {
  stacked: Stacked | undefined;
  layer: Layer;
  dates: readonly string[];
  x(date: string): number;
  width: number;
  y(value: number): number;
}

function barsOf({ stacked, layer, dates, x, width, y }: Placed): { all: Bar[]; colour: string } {
  const all = dates.flatMap((date, index) => {
    const [from = 0, to = 0] = stacked?.[index] ?? [];
    if (!layer.amounts.has(date)) return [];
    return [{ date, x: x(date) - width / 2, width, top: y(Math.max(from, to)), height: Math.abs(y(from) - y(to)) }];
  });
  return { all, colour: layer.colour };
}

/**
 * All bars of a layer as one path: a tenth of the text of as many rectangles. Thin white lines separate neighbours of similar lightness; around
 * the thinnest bars they would cover everything. Many bars touch each other: without smoothing no seams are seen between them.
 */
function drawBars(bars: readonly Bar[], fill: string, dates: number): Markup[] {
  if (dates > MANY_DATES) return drawPath(bars, { fill, 'shape-rendering': 'crispEdges' });
  return [
    ...drawPath(
      bars.filter(({ height }) => height < THIN),
      { fill },
    ),
    ...drawPath(
      bars.filter(({ height }) => height >= THIN),
      { fill, stroke: BACKGROUND, 'stroke-width': 0.6 },
    ),
  ];
}

const HATCH = element(
  'defs',
  {},
  element(
    'pattern',
    { id: 'incomplete', width: 7, height: 7, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
    element('rect', { width: 3, height: 7, fill: BACKGROUND, 'fill-opacity': 0.75 }),
  ),
);

function drawPath(bars: readonly Bar[], attributes: Attributes): Markup[] {
  const d = bars
    .filter(({ height }) => height > 0)
    .map(({ x, top, width, height }) => `M${rounded(x)} ${rounded(top)}h${rounded(width)}v${rounded(height)}h${rounded(-width)}z`)
    .join('');
  return d === '' ? [] : [element('path', { d, ...attributes })];
}

interface Labelled {
  layers: readonly Layer[];
  bars: readonly { all: readonly Bar[]; colour: string }[];
  format: AmountFormat;
  zero: number;
  incompleteFrom: string | undefined;
}

/** Each label is wanted where its layer lies at the last complete date, from the top down. */
function sideLabels({ layers, bars, format, zero, incompleteFrom }: Labelled): SideLabel[] {
  const labels = layers.map((layer, index) => {
    const all = bars[index]?.all ?? [];
    const bar = all.findLast(({ date }) => !isIncomplete(date, incompleteFrom)) ?? all.at(-1);
    const y = bar === undefined ? zero : bar.top + bar.height / 2;
    return { name: layer.label, amount: totalText(layer, format), y, sample: (x: number, at: number) => swatch(x, at, layer.colour) };
  });
  // Layers are stacked upward: of two at the same height, the later one lies above.
  return labels.reverse().sort((one, other) => one.y - other.y);
}

/** Of the time that is known. */
function totalText({ amounts, total }: Layer, format: AmountFormat): string {
  return amounts.size === 0 ? 'no data' : format.amount(total);
}

function swatch(x: number, y: number, fill: string): Markup {
  return element('rect', { x: x - 7, y: y - 7, width: 14, height: 14, rx: 2, fill });
}

function emptyMessage(layers: readonly Layer[], dates: readonly string[], area: Area): Markup[] {
  if (dates.length === 0 || layers.every(({ amounts }) => amounts.size === 0)) return [message('No data', area)];
  const isZero = layers.every(({ amounts }) => [...amounts.values()].every((amount) => amount.eq(0)));
  return isZero ? [message('All amounts are zero', area)] : [];
}
