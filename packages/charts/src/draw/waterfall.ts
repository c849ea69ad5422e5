import { Big } from 'big.js';
import { type ScaleBand, scaleBand } from 'd3-scale';
import type { Drawing, LabelledAmount, WaterfallData } from '../data.ts';
import { BACKGROUND, GRID, LESS, MORE, REST, SECONDARY } from '../parts/colours.ts';
import { type Area, areaOf, picture } from '../parts/frame.ts';
import { drawValueAxis, type ValueAxis, valueAxis } from '../parts/value-axis.ts';
import { element, type Markup, rounded } from '../svg/element.ts';
import { textLine } from '../svg/text.ts';
import { type AmountFormat, amountFormat, type Detail, parseAmount, sum } from '../text/amounts.ts';
import { shortenAll, wrapLines } from '../text/fit.ts';
import { textWidth } from '../text/font.ts';
import { drawableNames } from '../text/names.ts';
import { captionTexts } from './caption.ts';
import { withOther } from './other.ts';

const MAX_PARTS = 8;
const NAME = { size: 13, line: 15, max: 3 } as const;
const SMALL_NAME = 12;
/** With more bars than this the names are small. */
const MANY = 9;
const AMOUNT = { size: 13, weight: 700 } as const;
const BELOW = 8 + NAME.max * NAME.line;
/** A change that is small beside the totals would be invisible on an axis from zero: below this share of them the axis is cut. */
const CUT_BELOW = 0.4;
/** The part of the axis that is kept free for the amounts above and below the bars. */
const HEADROOM = 0.12;
/** The first one that fits is used, for all totals or for all changes. */
const DETAILS: readonly Detail[] = ['exact', 'whole'];
const THINNEST = 1.5;
const WIDEST = 90;

interface Step {
  kind: 'total' | 'part' | 'residual';
  label: string;
  amount: Big;
  /** The levels between which the bar lies; a total begins at zero. */
  from: Big;
  to: Big;
}

/** How a start became an end: a bar for each part, largest first, and one for what the parts leave unexplained. */
export function waterfall(data: WaterfallData): Drawing {
  const format = amountFormat(data.currency);
  const names = drawableNames(
    [data.start, ...data.parts, data.end].map(({ label }) => label),
    data.noun,
  );
  const { shown, rest, label } = withOther(data.parts.map(parsePart), { size: ({ amount }) => amount, max: MAX_PARTS });
  const together = sum(rest.map(({ amount }) => amount));
  const parts = [
    ...shown.map((part) => ({ ...part, label: names.labelOf(part.label) })),
    ...(label === undefined ? [] : [{ label, amount: together }]),
  ];
  const [start, end] = [parsePart(data.start), parsePart(data.end)];
  const steps = stepsOf({ ...start, label: names.labelOf(start.label) }, parts, { ...end, label: names.labelOf(end.label) });
  const axis = axisOf(steps, format);
  const texts = captionTexts(data, names);
  const area = areaOf(texts, { left: axis.width, right: 0, below: BELOW, above: axis.base === 0 ? 0 : 18 });
  axis.scale.range([area.bottom, area.top]);
  const band = scaleBand([...steps.keys()], [area.left, area.right]).padding(0.2);
  const marks = [
    ...drawValueAxis(axis, area),
    ...drawConnectors(steps, { band, axis }),
    ...steps.flatMap((step, index) => drawBar(step, { index, band, axis, area })),
    ...drawAmounts(steps, { band, axis, area, format }),
    ...drawNames(steps, { band, area }),
    ...cutText(axis, area),
  ];
  const other = label === undefined ? undefined : { label, members: rest.map((part) => part.label), amount: together.toFixed() };
  return { svg: picture(texts, marks), renamed: names.renamed, other };
}

interface Part {
  label: string;
  amount: Big;
}

function parsePart({ label, amount }: LabelledAmount): Part {
  return { label, amount: parseAmount(amount, `"${label}"`) };
}

function stepsOf(start: Part, parts: readonly Part[], end: Part): Step[] {
  const residual = end.amount.minus(start.amount).minus(sum(parts.map(({ amount }) => amount)));
  const changes = [
    ...parts.map((part) => ({ ...part, kind: 'part' as const })),
    ...(residual.eq(0) ? [] : [{ kind: 'residual' as const, label: 'Residual', amount: residual }]),
  ];
  const steps: Step[] = [{ ...start, kind: 'total', from: new Big(0), to: start.amount }];
  let level = start.amount;
  for (const change of changes) {
    steps.push({ ...change, from: level, to: level.plus(change.amount) });
    level = level.plus(change.amount);
  }
  return [...steps, { ...end, kind: 'total', from: new Big(0), to: end.amount }];
}

interface CutAxis extends ValueAxis {
  /** Where the bars of totals begin: zero, or the end of the axis that is nearest to it. */
  base: number;
}

function axisOf(steps: readonly Step[], format: AmountFormat): CutAxis {
  const levels = steps.map(({ to }) => to.toNumber());
  const [low, high] = [Math.min(...levels), Math.max(...levels)];
  const span = high - low;
  const isCut = low * high > 0 && span > 0 && span < CUT_BELOW * Math.max(Math.abs(low), Math.abs(high));
  const cut = isCut
    ? valueAxis([low - (low > 0 ? 0.35 : HEADROOM) * span, high + (low > 0 ? HEADROOM : 0.35) * span], format, { withZero: false })
    : undefined;
  if (cut !== undefined) {
    const [from = 0, to = 0] = cut.scale.domain();
    if (from * to > 0) return { ...cut, base: low > 0 ? from : to };
  }
  const full = Math.max(high, 0) - Math.min(low, 0);
  const ends = [...(high > 0 ? [high + HEADROOM * full] : []), ...(low < 0 ? [low - HEADROOM * full] : [])];
  return { ...valueAxis(ends, format), base: 0 };
}

interface Place {
  band: ScaleBand<number>;
  axis: CutAxis;
}

/** The bar of a step in pixels. Even the smallest change is seen. */
function box({ kind, from, to }: Step, index: number, { band, axis }: Place) {
  const [one, other] = [axis.scale(kind === 'total' ? axis.base : from.toNumber()), axis.scale(to.toNumber())];
  const width = Math.min(band.bandwidth(), WIDEST);
  const middle = (band(index) ?? 0) + band.bandwidth() / 2;
  const height = Math.max(Math.abs(one - other), THINNEST);
  return { left: middle - width / 2, width, middle, top: Math.min(one, other), height, bottom: Math.min(one, other) + height };
}

function drawBar(step: Step, { index, ...place }: Place & { index: number; area: Area }): Markup[] {
  const { left, width, top, height, bottom } = box(step, index, place);
  const bar = element('rect', { x: left, y: top, width, height, fill: colourOf(step) });
  if (step.kind !== 'total' || place.axis.base === 0) return [bar];
  const y = place.axis.base > 0 ? bottom - 16 : top + 16;
  return [bar, breakMark(left, width, y)];
}

function colourOf({ kind, amount }: Step): string {
  if (kind === 'total') return SECONDARY;
  if (kind === 'residual' || amount.eq(0)) return REST;
  return amount.gt(0) ? MORE : LESS;
}

/** A white zigzag through a bar: the bar is longer than it is drawn. */
function breakMark(left: number, width: number, y: number): Markup {
  const teeth = 6;
  const points = Array.from({ length: teeth + 1 }, (_, index) => {
    const x = left - 3 + (index * (width + 6)) / teeth;
    return `${rounded(x)} ${rounded(y + (index % 2 === 0 ? 4 : -4))}`;
  });
  return element('path', { d: `M${points.join('L')}`, fill: 'none', stroke: BACKGROUND, 'stroke-width': 5 });
}

/** From the level that a step ends at to the next one. */
function drawConnectors(steps: readonly Step[], place: Place): Markup[] {
  return steps.slice(0, -1).map((step, index) => {
    const [here, next] = [box(step, index, place), box(steps[index + 1] ?? step, index + 1, place)];
    const y = place.axis.scale(step.to.toNumber());
    return element('line', { x1: here.left + here.width, x2: next.left, y1: y, y2: y, stroke: SECONDARY, 'stroke-width': 1 });
  });
}

function drawAmounts(steps: readonly Step[], { area, format, ...place }: Place & { area: Area; format: AmountFormat }): Markup[] {
  const isTotal = ({ kind }: Step) => kind === 'total';
  const write = (step: Step, detail: Detail) => format.amount(step.amount, { detail, signed: !isTotal(step) });
  const fits = (alike: readonly Step[], detail: Detail) =>
    alike.every((step) => textWidth(write(step, detail), AMOUNT.size, 700) <= place.band.step() - 2);
  const detailOf = (alike: readonly Step[]) => DETAILS.find((detail) => fits(alike, detail)) ?? 'short';
  const [ofTotals, ofChanges] = [detailOf(steps.filter(isTotal)), detailOf(steps.filter((step) => !isTotal(step)))];
  return steps.map((step, index) => {
    const { middle, top, bottom } = box(step, index, place);
    const isBelow = step.amount.lt(0) ? bottom + 20 <= area.bottom : top - 20 < area.top;
    const text = write(step, isTotal(step) ? ofTotals : ofChanges);
    return textLine(text, middle, isBelow ? bottom + 16 : top - 7, { ...AMOUNT, anchor: 'middle', halo: true });
  });
}

function drawNames(steps: readonly Step[], { band, area }: { band: ScaleBand<number>; area: Area }): Markup[] {
  const size = steps.length > MANY ? SMALL_NAME : NAME.size;
  const names = shortenAll(
    steps.map(({ label }) => label),
    (label, keep) => wrapLines(label, { size, width: band.step() - 3, max: NAME.max }, keep),
  );
  return names.flatMap((lines, index) => {
    const middle = (band(index) ?? 0) + band.bandwidth() / 2;
    return lines.map((line, row) => textLine(line, middle, area.bottom + 19 + row * NAME.line, { size, anchor: 'middle' }));
  });
}

function cutText({ base, ticks }: CutAxis, { left, top, bottom, right }: Area): Markup[] {
  if (base === 0) return [];
  const nearest = ticks.find(({ value }) => value === base)?.text;
  const text = nearest === undefined ? 'The axis does not start at zero.' : `The axis starts at ${nearest}, not at zero.`;
  const y = base > 0 ? bottom : top;
  return [
    element('line', { x1: left, x2: right, y1: y, y2: y, stroke: GRID, 'stroke-width': 1 }),
    textLine(text, left, top - 10, { size: 12, fill: SECONDARY }),
  ];
}
