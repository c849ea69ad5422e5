import { ToolError } from '@fairway-mcp/kit';
import { conditionsOf } from '../../bill/filter.ts';
import type { BillQuestion, BillRow, Dimension, ValuesAnswer, ValuesQuestion } from '../../bill/question.ts';
import { canonicalService } from '../../bill/service-names.ts';
import { checkGrain, currenciesOf, type MonthOfCharges, monthsOf } from './inspection.ts';
import { asText, billRows, type Cell } from './rows.ts';
import type { Sql } from './sql.ts';
import { askStatement, type Table, valuesStatement } from './statements.ts';

/** Runs a statement. */
export type Run = (statement: Sql) => Promise<readonly Cell[][]>;

/** Values of a dimension beyond these are not listed. */
const MAX_VALUES = 100_000;

/**
 * The rows of an answer, and their currency.
 * @throws ToolError `invalid_input` when charges are coarser than the question or in several currencies
 */
export async function askTable(
  question: BillQuestion,
  table: Table,
  inspected: readonly MonthOfCharges[],
  run: Run,
): Promise<{ rows: BillRow[]; currency: string }> {
  const months = monthsOf(question.period, inspected);
  checkGrain(question, months);
  const currencies = currenciesOf(months);
  if (currencies.length <= 1) {
    const cells = await run(askStatement(question, table));
    return { rows: billRows(question, canonical(question, cells)), currency: currencies[0] ?? currenciesOf(inspected)[0] ?? 'USD' };
  }
  // Several in these months: the question may still be about one of them.
  const cells = await run(askStatement({ ...question, groupBy: ['currency', ...question.groupBy] }, table));
  const found = [...new Set(cells.map((row) => asText(row[1]) ?? ''))].toSorted();
  if (found.length > 1) throw severalCurrencies(found);
  const own = cells.map((row) => [row[0], ...row.slice(2)]);
  return { rows: billRows(question, canonical(question, own)), currency: found[0] ?? currencies[0] ?? 'USD' };
}

/** The values of a dimension, in alphabetical order. */
export async function listValues(question: ValuesQuestion, table: Table, run: Run): Promise<ValuesAnswer['values']> {
  const isService = question.dimension === 'service';
  const cells = await run(valuesStatement(isService ? { ...question, search: undefined } : question, table, MAX_VALUES));
  const named = cells.map(([value, name]) => ({ value: asText(value) ?? '', name: asText(name) }));
  if (!isService) return named.map(({ value, name }) => ({ value, ...(name !== undefined && { name }) }));
  const services = new Set(named.map(({ value }) => canonicalService(value)));
  const search = question.search?.toLowerCase() ?? '';
  return [...services]
    .filter((value) => value.toLowerCase().includes(search))
    .toSorted()
    .map((value) => ({ value }));
}

/** The dimensions that a question needs columns for. */
export function dimensionsOf({ groupBy, filter }: BillQuestion): Dimension[] {
  return [...new Set([...groupBy, ...conditionsOf(filter).map(({ dimension }) => dimension)])];
}

/** Services by their canonical names: rows of several names are added up afterwards. */
function canonical({ groupBy }: BillQuestion, cells: readonly Cell[][]): readonly (readonly Cell[])[] {
  const services = groupBy.flatMap((dimension, index) => (dimension === 'service' ? [index + 1] : []));
  if (services.length === 0) return cells;
  return cells.map((row) =>
    row.map((cell, index) => (typeof cell === 'string' && services.includes(index) ? canonicalService(cell) : cell)),
  );
}

function severalCurrencies(currencies: readonly string[]): ToolError {
  return new ToolError({
    kind: 'invalid_input',
    message: `The charges are in ${currencies.join(' and ')}: amounts in several currencies are not added up.`,
    remedy: `Filter by currency, for example to ${currencies[0]}.`,
  });
}
