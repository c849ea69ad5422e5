import { countDays, type Span } from '../bill/days.ts';
import type { Asking, BillAnswer, BillQuestion, BillSource, Dimension } from '../bill/question.ts';
import { type Units, unitsOfText } from '../bill/units.ts';
import { type ExplainedChange, explainChange } from './explain-change.ts';

export interface ChangeQuestion extends Pick<BillQuestion, 'metric' | 'filter'> {
  before: Span;
  after: Span;
  /** What the change is broken down by. */
  dimensions: readonly Dimension[];
  /** For lines by all dimensions at once. Where that costs more, lines are asked for one dimension at a time. */
  maxPriceUsd: string;
}

export interface AskedChange {
  explained: ExplainedChange;
  /** What the explained lines are grouped by. */
  lineDimensions: readonly Dimension[];
  answers: readonly BillAnswer[];
  caveats: readonly string[];
}

/** Asks for both periods line by line, and takes the change apart. */
export async function askChange(source: BillSource, question: ChangeQuestion, asking: Asking): Promise<AskedChange> {
  const dimensions = withUsageType(question.dimensions);
  const price = priceOf(source, question, dimensions);
  if (dimensions.length <= 2 || price <= (unitsOfText(question.maxPriceUsd) ?? 0n)) {
    const { answers, explained } = await askSides(source, question, dimensions, asking);
    const breakdowns = explained.breakdowns.filter(({ dimension }) => question.dimensions.includes(dimension));
    return { explained: { ...explained, breakdowns }, lineDimensions: dimensions, answers, caveats: [] };
  }
  return askByPairs(source, question, asking);
}

/** Quantities only mean something within a usage type. */
function withUsageType(dimensions: readonly Dimension[]): Dimension[] {
  return dimensions.includes('usage_type') ? [...dimensions] : [...dimensions, 'usage_type'];
}

function priceOf(source: BillSource, { before, after, ...question }: ChangeQuestion, groupBy: readonly Dimension[]): Units {
  const prices = [before, after].map((period) => source.priceOf(toQuestion(question, period, groupBy)));
  return prices.reduce((sum, usd) => sum + (unitsOfText(usd) ?? 0n), 0n);
}

function toQuestion(
  { metric, filter }: Pick<ChangeQuestion, 'metric' | 'filter'>,
  period: Span,
  groupBy: readonly Dimension[],
): BillQuestion {
  return { period, granularity: 'total', metric, filter, groupBy, withUsage: true };
}

async function askSides(
  source: BillSource,
  question: ChangeQuestion,
  dimensions: readonly Dimension[],
  asking: Asking,
): Promise<{ explained: ExplainedChange; answers: readonly BillAnswer[] }> {
  const { before, after } = question;
  const [was, is] = await Promise.all([before, after].map((period) => source.ask(toQuestion(question, period, dimensions), asking)));
  if (was === undefined || is === undefined) throw new TypeError('Two questions have two answers.');
  const explained = explainChange({ rows: was.rows, days: countDays(before) }, { rows: is.rows, days: countDays(after) }, dimensions);
  return { explained, answers: [is, was] };
}

/** Each dimension with the usage type: two groupings, which every source can answer. Each breakdown adds up; the lines are those of the first. */
async function askByPairs(source: BillSource, question: ChangeQuestion, asking: Asking): Promise<AskedChange> {
  const others = question.dimensions.filter((dimension) => dimension !== 'usage_type');
  const asked: { dimensions: Dimension[]; explained: ExplainedChange; answers: readonly BillAnswer[] }[] = [];
  for (const dimension of others) {
    const dimensions: Dimension[] = [dimension, 'usage_type'];
    asked.push({ dimensions, ...(await askSides(source, question, dimensions, asking)) });
  }
  const [first] = asked;
  if (first === undefined) throw new TypeError('A single dimension is asked for at once.');
  const all = asked.flatMap(({ explained }) => explained.breakdowns);
  const breakdowns = question.dimensions.flatMap((dimension) => all.find((one) => one.dimension === dimension) ?? []);
  return {
    explained: { ...first.explained, breakdowns },
    lineDimensions: first.dimensions,
    answers: asked.flatMap(({ answers }) => answers),
    caveats: [
      `Lines by ${withUsageType(question.dimensions).join(', ')} at once would cost more than max_price_usd: each breakdown is by its dimension and the usage type, so that price and volume may differ a little between them.`,
    ],
  };
}
