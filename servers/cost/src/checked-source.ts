import { ToolError } from '@fairway-mcp/kit';
import { didYouMean } from '@fairway-mcp/validation';
import { conditionsOf } from './bill/filter.ts';
import type { Asking, BillAnswer, BillQuestion, BillSource, Dimension, Filter, ValuesAnswer, ValuesQuestion } from './bill/question.ts';

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
      const problems = await unknownValues(source, question, conditions, asking);
      if (isEmpty && problems.length > 0)
        throw new ToolError({ kind: 'invalid_input', message: problems.join(' '), remedy: 'List the values with list_dimension_values.' });
      return { ...answer, caveats: [...answer.caveats, ...problems] } satisfies BillAnswer;
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

async function unknownValues(
  source: BillSource,
  { period }: BillQuestion,
  conditions: ReadonlyMap<Dimension, ReadonlySet<string>>,
  asking: Asking,
): Promise<string[]> {
  const problems = [...conditions].map(async ([dimension, wanted]) => {
    const values = await listedValues(source, { period, dimension, search: undefined }, asking);
    if (values === undefined) return [];
    const known = values.map(({ value }) => value);
    return [...wanted]
      .filter((value) => !known.includes(value))
      .map((value) => `No charge of the period has ${dimension} "${value}".${hint(value, values)}`);
  });
  return (await Promise.all(problems)).flat();
}

/** @returns `undefined` where the source cannot list them, as Cost Explorer cannot list resources. */
async function listedValues(source: BillSource, question: ValuesQuestion, asking: Asking): Promise<ValuesAnswer['values'] | undefined> {
  try {
    return (await source.values(question, asking)).values;
  } catch (error) {
    if (error instanceof ToolError && error.kind === 'invalid_input') return undefined;
    throw error;
  }
}

/** An account may have been named instead of numbered. */
function hint(wanted: string, values: readonly { value: string; name?: string }[]): string {
  const named = values.find(({ name }) => name?.toLowerCase() === wanted.toLowerCase());
  return named === undefined
    ? didYouMean(
        wanted,
        values.map(({ value }) => value),
      )
    : ` Did you mean "${named.value}"?`;
}
