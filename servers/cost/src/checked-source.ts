import { ToolError } from '@fairway-mcp/kit';
import { didYouMean } from '@fairway-mcp/validation';
import { conditionsOf } from './bill/filter.ts';
import { FREE, sumPrices } from './bill/price.ts';
import type { Asking, BillAnswer, BillQuestion, BillSource, Dimension, Filter, Price, ValuesAnswer } from './bill/question.ts';

/**
 * A source that says so when a filter names a value that no charge has: a misspelt service would otherwise be an empty answer. Where asking
 * costs money, that is checked only when nothing was found.
 */
export function withCheckedFilters(source: BillSource): BillSource {
  return {
    title: source.title,
    isSample: source.isSample,
    dimensions: source.dimensions,
    metrics: source.metrics,
    priceOf: (question) => source.priceOf(question),
    values: (question, asking) => source.values(question, asking),
    ask: async (question, asking) => {
      const answer = await source.ask(question, asking);
      const isEmpty = answer.rows.length === 0;
      const conditions = namedValues(question.filter);
      if (conditions.size === 0 || (!isEmpty && source.priceOf(question) !== '0')) return answer;
      const checks = await Promise.all(
        [...conditions].map(([dimension, wanted]) => check(source, question, { dimension, wanted }, asking)),
      );
      const problems = checks.flatMap(({ unknown }) => unknown);
      if (isEmpty && problems.length > 0)
        throw new ToolError({ kind: 'invalid_input', message: problems.join(' '), remedy: 'List the values with list_dimension_values.' });
      return {
        ...answer,
        price: sumPrices([answer.price, ...checks.map(({ price }) => price)]),
        caveats: [...answer.caveats, ...problems, ...checks.flatMap(({ caveats }) => caveats)],
      } satisfies BillAnswer;
    },
  };
}

/** The values that a filter names, by dimension. */
function namedValues(filter: Filter | undefined): Map<Dimension, Set<string>> {
  const found = new Map<Dimension, Set<string>>();
  for (const { dimension, values } of conditionsOf(filter)) {
    const named = found.get(dimension) ?? new Set();
    for (const value of values) if (value !== undefined) named.add(value);
    if (named.size > 0) found.set(dimension, named);
  }
  return found;
}

/** What came of looking for the values of one dimension. */
interface Check {
  /** A sentence for each value that no charge has. */
  unknown: readonly string[];
  price: Price;
  caveats: readonly string[];
}

async function check(
  source: BillSource,
  { period }: BillQuestion,
  { dimension, wanted }: { dimension: Dimension; wanted: ReadonlySet<string> },
  asking: Asking,
): Promise<Check> {
  try {
    const { values, price } = await source.values({ period, dimension, search: undefined }, asking);
    const known = new Set(values.map(({ value }) => value));
    const unknown = [...wanted]
      .filter((value) => !known.has(value))
      .map((value) => `No charge of the period has ${dimension} "${value}".${hint(value, values)}`);
    return { unknown, price, caveats: [] };
  } catch (error) {
    if (asking.signal.aborted || !(error instanceof ToolError)) throw error;
    // The answer is there already and may have been paid for. Some values no source can list, such as Cost Explorer resources.
    const caveat = `Whether the bill has the values of ${dimension} in the filter could not be checked: ${error.message}`;
    return { unknown: [], price: FREE, caveats: [caveat] };
  }
}

/** An account may have been named instead of numbered. */
function hint(wanted: string, values: ValuesAnswer['values']): string {
  const named = values.find(({ name }) => name?.toLowerCase() === wanted.toLowerCase());
  return named === undefined
    ? didYouMean(
        wanted,
        values.map(({ value }) => value),
      )
    : ` Did you mean "${named.value}"?`;
}
