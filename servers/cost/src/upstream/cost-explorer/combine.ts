import type { Ask, RequireLeft } from '@fairway-mcp/aws-billing';
import { priceOf } from '@fairway-mcp/aws-billing';
import { ToolError } from '@fairway-mcp/kit';
import type { Dimension } from '../../bill/question.ts';
import { formatUnits, type Units } from '../../bill/units.ts';
import type { Cell, Cells } from './cells.ts';
import { type Condition, type Expression, every } from './expression.ts';
import { RECORD_TYPE, type Term, termOf } from './terms.ts';
import { readUsage, type UsageQuestion } from './usage.ts';
import { hasValue, type RawValue, readValues } from './values.ts';

/** A cell whose keys are those of all dimensions, in order, and its record type. */
export interface GroupedCell extends Omit<Cell, 'keys'> {
  keys: readonly string[];
  recordType: string;
}

export interface Grouped extends Omit<Cells, 'cells'> {
  cells: GroupedCell[];
}

export interface Combination extends Omit<UsageQuestion, 'groupBy' | 'filter'> {
  dimensions: readonly Dimension[];
  condition: Exclude<Condition, false>;
  /** Record types that the caller does not tell apart need no calls of their own. */
  classOf(recordType: string): string;
  /** The most calls that one question may be combined from. */
  maxCalls: number;
}

const BY_RECORD_TYPE: Term = { Type: 'DIMENSION', Key: RECORD_TYPE };

/** How many pages a question costs at least, with so many dimensions besides the record type. */
export function leastPages(dimensions: number): number {
  if (dimensions <= 1) return 1;
  // The record types, one call for them, and one for the sum; then the values of each dimension.
  return 3 + (dimensions === 2 ? 0 : dimensions);
}

/**
 * Groups by any number of dimensions, and by the record type: with one dimension in one call, with more by a filtered call for each
 * combination of values of what Cost Explorer cannot group by. The parts are compared with the total.
 * @throws ToolError `invalid_input` when that is too dear, `budget_exceeded`; AwsError
 */
export async function readGrouped(ask: Ask, requireLeft: RequireLeft, combination: Combination): Promise<Grouped> {
  const { dimensions } = combination;
  await requireLeft(leastPages(dimensions.length));
  if (dimensions.length > 1) return combine(ask, requireLeft, combination);
  const terms = dimensions.map(requiredTerm);
  const { cells, ...about } = await readUsage(ask, {
    ...combination,
    filter: expressionOf(combination.condition),
    groupBy: [...terms, BY_RECORD_TYPE],
  });
  return { ...about, cells: cells.map((cell) => ({ ...cell, keys: cell.keys.slice(0, -1), recordType: cell.keys.at(-1) ?? '' })) };
}

async function combine(ask: Ask, requireLeft: RequireLeft, combination: Combination): Promise<Grouped> {
  const { dimensions, condition, classOf, period, maxCalls } = combination;
  const total = await readUsage(ask, { ...combination, filter: expressionOf(condition), groupBy: [BY_RECORD_TYPE] });
  const types = [...new Set(total.cells.map(({ keys: [type = ''] }) => type))];
  const classes = [...Map.groupBy(types, classOf).values()];
  const plan = await planSplit(ask, dimensions, period);
  const calls = classes.length * plan.splits.length;
  if (calls > maxCalls) throw tooDear(dimensions, calls);
  await requireLeft(calls);
  const found: Grouped = { cells: [], currencies: total.currencies, estimatedFrom: total.estimatedFrom };
  for (const members of classes) {
    const [recordType = ''] = members;
    const isClass: Expression = { Dimensions: { Key: RECORD_TYPE, Values: members } };
    for (const { fixed, conditions } of plan.splits) {
      const filter = expressionOf(every([condition, isClass, ...conditions]));
      const { cells } = await readUsage(ask, { ...combination, filter, groupBy: plan.grouped.map(({ term }) => term) });
      for (const cell of cells) found.cells.push({ ...cell, recordType, keys: keysOf(dimensions, plan, fixed, cell) });
    }
  }
  checkSum(total, found);
  return found;
}

interface Split {
  fixed: ReadonlyMap<Dimension, string>;
  conditions: readonly Expression[];
}

interface Plan {
  grouped: readonly { dimension: Dimension; term: Term }[];
  splits: readonly Split[];
}

/** Cost Explorer groups by the two dimensions with the most values; for the combinations of all others it is asked one by one. */
async function planSplit(ask: Ask, dimensions: readonly Dimension[], period: UsageQuestion['period']): Promise<Plan> {
  const terms = dimensions.map((dimension) => ({ dimension, term: requiredTerm(dimension) }));
  if (terms.length <= 2) return { grouped: terms, splits: [{ fixed: new Map(), conditions: [] }] };
  const valued: { dimension: Dimension; term: Term; values: RawValue[] }[] = [];
  for (const one of terms) valued.push({ ...one, values: await allValues(ask, one.term, period) });
  const ordered = valued.toSorted((a, b) => b.values.length - a.values.length);
  let splits: Split[] = [{ fixed: new Map(), conditions: [] }];
  for (const { dimension, term, values } of ordered.slice(2))
    splits = splits.flatMap(({ fixed, conditions }) =>
      values.map(({ value }) => ({
        fixed: new Map([...fixed, [dimension, value]]),
        conditions: [...conditions, hasValue(term, value)],
      })),
    );
  return { grouped: ordered.slice(0, 2), splits };
}

/** Tags and cost categories are missing from some charges. */
async function allValues(ask: Ask, term: Term, period: UsageQuestion['period']): Promise<RawValue[]> {
  const values = await readValues(ask, { period, term });
  return term.Type === 'DIMENSION' ? values : [...values.filter(({ value }) => value !== ''), { value: '' }];
}

/** Tags and cost categories come as `Key$value` where they are grouped by, so that fixed ones are written alike. */
function keysOf(dimensions: readonly Dimension[], { grouped }: Plan, fixed: ReadonlyMap<Dimension, string>, { keys }: Cell): string[] {
  return dimensions.map((dimension) => {
    const position = grouped.findIndex((one) => one.dimension === dimension);
    if (position >= 0) return keys[position] ?? '';
    const { Type, Key } = requiredTerm(dimension);
    const value = fixed.get(dimension) ?? '';
    return Type === 'DIMENSION' ? value : `${Key}$${value}`;
  });
}

function expressionOf(condition: Condition): Expression | undefined {
  return typeof condition === 'boolean' ? undefined : condition;
}

function requiredTerm(dimension: Dimension): Term {
  const term = termOf(dimension);
  if (term === undefined) throw new TypeError(`Cost Explorer has no ${dimension}, which should have been refused.`);
  return term;
}

/** @throws ToolError when parts of the bill are missing or counted twice: AWS updates it several times a day. */
function checkSum(total: Cells, parts: { cells: readonly { amount: Units }[] }): void {
  const [whole, sum] = [total, parts].map(({ cells }) => cells.reduce((all, { amount }) => all + amount, 0n));
  if (whole === sum) return;
  throw new ToolError({
    kind: 'upstream_unavailable',
    message: `The parts that Cost Explorer gave add up to ${formatUnits(sum ?? 0n)} and not to the total of ${formatUnits(whole ?? 0n)}: the bill changed while it was read.`,
    remedy: 'Ask again in a minute, or with one grouping.',
    retryAfterS: 60,
  });
}

function tooDear(dimensions: readonly Dimension[], calls: number): ToolError {
  return new ToolError({
    kind: 'invalid_input',
    message: `Cost Explorer groups by two dimensions at a time: by ${dimensions.join(', ')} it would take ${calls} calls, at least $${priceOf(calls)}.`,
    remedy:
      'Group by fewer dimensions or filter to fewer values. A FOCUS export as source answers any number of groupings without a price.',
  });
}
