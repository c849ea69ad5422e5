import type { Big } from 'big.js';
import { scaleUtc } from 'd3-scale';
import { area as areaShape, line as lineShape } from 'd3-shape';
import type { Drawing, ForecastBandData } from '../data.ts';
import { BACKGROUND, BAND, EXPECTED, INK, MORE } from '../parts/colours.ts';
import { calendar, instantOf, isIncomplete } from '../parts/dates.ts';
import { type Area, areaOf, picture } from '../parts/frame.ts';
import { message } from '../parts/message.ts';
import { drawSideLabels, type SideLabel, sideLabelsWidth } from '../parts/side-labels.ts';
import { drawTimeAxis, TIME_AXIS_HEIGHT } from '../parts/time-axis.ts';
import { drawValueAxis, valueAxis } from '../parts/value-axis.ts';
import { element, type Markup } from '../svg/element.ts';
import { amountFormat, parseAmount } from '../text/amounts.ts';
import { drawableNames } from '../text/names.ts';
import { captionTexts } from './caption.ts';

/** A budget that is further away than so many times the amounts would press them flat; it is named without a line. */
const BUDGET_WITHIN = 3;
const SOLID = { stroke: INK, 'stroke-width': 3 };
const DASHED = { stroke: EXPECTED, 'stroke-width': 2.5, 'stroke-dasharray': '8 5' };
const DOTTED = { stroke: MORE, 'stroke-width': 2.5, 'stroke-dasharray': '0.1 6', 'stroke-linecap': 'round' };
const BAND_OPACITY = 0.35;

interface Point {
  date: string;
  amount: Big;
}

interface Interval {
  date: string;
  low: Big;
  expected: Big;
  high: Big;
}

interface Parsed {
  actual: readonly Point[];
  forecast: readonly Interval[];
  budget: { label: string; amount: Big; isShown: boolean } | undefined;
}

interface Place {
  x(date: string): number;
  y(amount: Big): number;
}

/** What was spent, and what is expected with its interval; the last amounts, and a budget, are written at the right. */
export function forecastBand(data: ForecastBandData): Drawing {
  const format = amountFormat(data.currency);
  const names = drawableNames(data.budget === undefined ? [] : [data.budget.label], 'Budget');
  const parsed = parse(data);
  const { actual, forecast, budget } = parsed;
  const values = [
    ...actual.map(({ amount }) => amount),
    ...forecast.flatMap(({ low, expected, high }) => [low, expected, high]),
    ...(budget?.isShown ? [budget.amount] : []),
  ];
  const axis = valueAxis(
    values.map((amount) => amount.toNumber()),
    format,
  );
  const write = (amount: Big) => format.amount(amount);
  const widest = sideLabels(parsed, { write, labelOf: names.labelOf, y: () => 0 });
  const texts = captionTexts(data, names);
  const area = areaOf(texts, { left: axis.width, right: sideLabelsWidth(widest), below: TIME_AXIS_HEIGHT });
  axis.scale.range([area.bottom, area.top]);
  const y = (amount: Big) => axis.scale(amount.toNumber());
  const dates = calendar([...actual, ...forecast].map(({ date }) => date));
  const x = timeScale(dates, area);
  const incomplete = actual.map(({ date }) => date).filter((date) => isIncomplete(date, data.incompleteFrom));
  const marks = [
    ...drawValueAxis(axis, area),
    ...drawTimeAxis({ dates, x, incomplete }, area),
    ...drawBand(parsed, { x, y }),
    ...drawBudget(budget, { y, area }),
    ...drawActual(actual, data.incompleteFrom, { x, y }),
    ...drawSideLabels(sideLabels(parsed, { write, labelOf: names.labelOf, y }), area),
    ...(dates.length === 0 ? [message('No data', area)] : []),
  ];
  return { svg: picture(texts, marks), renamed: names.renamed };
}

function parse({ actual, forecast, budget }: ForecastBandData): Parsed {
  const points = actual.map(({ date, amount }) => ({ date, amount: parseAmount(amount, date) }));
  const intervals = forecast.map(({ date, low, expected, high }) => {
    const interval = { date, low: parseAmount(low, date), expected: parseAmount(expected, date), high: parseAmount(high, date) };
    if (interval.low.gt(interval.expected) || interval.expected.gt(interval.high))
      throw new RangeError(`The expected amount of ${date} is outside of its interval.`);
    return interval;
  });
  const sizes = [...points.map(({ amount }) => amount), ...intervals.flatMap(({ low, high }) => [low, high])].map((one) =>
    one.abs().toNumber(),
  );
  const largest = Math.max(0, ...sizes);
  const limit = budget === undefined ? undefined : parseAmount(budget.amount, `"${budget.label}"`);
  const isShown = limit !== undefined && (largest === 0 || limit.abs().lte(largest * BUDGET_WITHIN));
  return { actual: points, forecast: intervals, budget: budget && limit && { label: budget.label, amount: limit, isShown } };
}

/** One date alone lies in the middle. */
function timeScale(dates: readonly string[], { left, right }: Area): (date: string) => number {
  const [first, last] = [dates[0], dates.at(-1)];
  if (first === undefined || last === undefined || first === last) return () => (left + right) / 2;
  const scale = scaleUtc([instantOf(first), instantOf(last)], [left + 8, right - 8]);
  return (date) => scale(instantOf(date));
}

/** The interval and its expected middle; both begin at the last actual point, where nothing is uncertain yet. */
function drawBand({ actual, forecast }: Parsed, { x, y }: Place): Markup[] {
  const last = actual.at(-1);
  const anchor = last === undefined ? [] : [{ date: last.date, low: last.amount, expected: last.amount, high: last.amount }];
  const points = forecast.length === 0 ? [] : [...anchor, ...forecast];
  const [only] = points;
  if (only === undefined) return [];
  if (points.length === 1) return drawInterval(only, { x, y });
  const band = areaShape<Interval>(
    ({ date }) => x(date),
    ({ low }) => y(low),
    ({ high }) => y(high),
  ).digits(2);
  const middle = lineShape<Interval>(
    ({ date }) => x(date),
    ({ expected }) => y(expected),
  ).digits(2);
  return [
    element('path', { d: band(points) ?? '', fill: BAND, 'fill-opacity': BAND_OPACITY }),
    element('path', { d: middle(points) ?? '', fill: 'none', ...DASHED }),
  ];
}

/** An interval that has no neighbours: a bar, and a mark at the expected amount. */
function drawInterval({ date, low, expected, high }: Interval, { x, y }: Place): Markup[] {
  const [at, top] = [x(date), y(high)];
  return [
    element('rect', { x: at - 16, y: top, width: 32, height: y(low) - top, fill: BAND, 'fill-opacity': BAND_OPACITY }),
    element('line', { x1: at - 16, x2: at + 16, y1: y(expected), y2: y(expected), ...DASHED, 'stroke-dasharray': undefined }),
  ];
}

function drawBudget(budget: Parsed['budget'], { y, area }: Pick<Place, 'y'> & { area: Area }): Markup[] {
  if (!budget?.isShown) return [];
  return [element('line', { x1: area.left, x2: area.right, y1: y(budget.amount), y2: y(budget.amount), ...DOTTED })];
}

/** The line, with a dot at its end: hollow when the costs of that date are still arriving. */
function drawActual(actual: readonly Point[], incompleteFrom: string | undefined, { x, y }: Place): Markup[] {
  const last = actual.at(-1);
  if (last === undefined) return [];
  const line = lineShape<Point>(
    ({ date }) => x(date),
    ({ amount }) => y(amount),
  ).digits(2);
  const dot = isIncomplete(last.date, incompleteFrom) ? { fill: BACKGROUND, stroke: INK, 'stroke-width': 2.5 } : { fill: INK };
  return [
    ...(actual.length > 1 ? [element('path', { d: line(actual) ?? '', fill: 'none', 'stroke-linejoin': 'round', ...SOLID })] : []),
    element('circle', { cx: x(last.date), cy: y(last.amount), r: 5, ...dot }),
  ];
}

interface Written {
  write(amount: Big): string;
  labelOf(name: string): string;
  y(amount: Big): number;
}

function sideLabels({ actual, forecast, budget }: Parsed, { write, labelOf, y }: Written): SideLabel[] {
  const [now, end] = [actual.at(-1), forecast.at(-1)];
  const labels: SideLabel[] = [];
  const add = (name: string, amount: Big, sample: SideLabel['sample'], note = '') =>
    labels.push({ name, amount: write(amount) + note, y: y(amount), sample });
  if (budget !== undefined) {
    const name = labelOf(budget.label);
    if (budget.isShown) add(name, budget.amount, lineSample(DOTTED));
    else add(name, budget.amount, () => element('g', {}), ', off the scale');
  }
  if (end !== undefined) {
    add('High', end.high, bandSample);
    add('Expected', end.expected, lineSample(DASHED));
    add('Low', end.low, bandSample);
  }
  if (now !== undefined) add('So far', now.amount, lineSample(SOLID));
  return labels.sort((one, other) => one.y - other.y);
}

function lineSample(stroke: Readonly<Record<string, string | number>>): SideLabel['sample'] {
  return (x, y) => element('line', { x1: x - 10, x2: x + 10, y1: y, y2: y, ...stroke });
}

function bandSample(x: number, y: number): Markup {
  return element('rect', { x: x - 10, y: y - 7, width: 20, height: 14, fill: BAND, 'fill-opacity': BAND_OPACITY });
}
