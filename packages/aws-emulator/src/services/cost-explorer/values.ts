import type { Call, JsonOperation } from '../../service.ts';
import { ServiceError } from '../../wire/errors.ts';
import type { JsonInput } from '../../wire/json-input.ts';
import type { BillLine } from './bill-line.ts';
import { dimension, valueAttributes } from './dimensions.ts';
import { compileExpression } from './expression.ts';
import { visibleLines } from './lines.ts';
import { billedUntil, readPeriod } from './period.ts';

const VALUES_PER_PAGE = 1000;

export const getDimensionValues: JsonOperation = (input, call) => {
  const key = input.text('Dimension') ?? '';
  const read = dimension(key, { withResources: true });
  const { page, total, next } = valuePage(input, call, linesInPeriod(input, call).map(read));
  return {
    DimensionValues: page.map((value) => ({ Value: value, Attributes: valueAttributes(key, value, call.state) })),
    ReturnSize: page.length,
    TotalSize: total,
    NextPageToken: next,
  };
};

/** The keys that are activated for cost allocation and in use, or the values of one of them. */
export const getTags: JsonOperation = (input, call) => {
  const key = input.text('TagKey');
  const lines = linesInPeriod(input, call);
  const found = lines.flatMap(({ tags }) => (key === undefined ? Object.keys(tags) : (tags[key] ?? '')));
  const { page, total, next } = valuePage(input, call, found);
  return { Tags: page, ReturnSize: page.length, TotalSize: total, NextPageToken: next };
};

/** The names of cost categories, or the values of one of them. */
export const getCostCategories: JsonOperation = (input, call) => {
  const name = input.text('CostCategoryName');
  const found = linesInPeriod(input, call).flatMap(({ costCategories = {} }) =>
    name === undefined ? Object.keys(costCategories) : (costCategories[name] ?? ''),
  );
  const { page, total, next } = valuePage(input, call, found);
  const answer = { ReturnSize: page.length, TotalSize: total, NextPageToken: next };
  return name === undefined ? { ...answer, CostCategoryNames: page } : { ...answer, CostCategoryValues: page };
};

function linesInPeriod(input: JsonInput, call: Call): BillLine[] {
  const { start, end } = readPeriod(input, call.now);
  const expression = input.record('Filter');
  const filter = expression === undefined ? () => true : compileExpression(expression, { withResources: true, looseMatches: true });
  const known = Math.min(end, billedUntil(call));
  return visibleLines(call).filter((line) => line.days(start, known) > 0 && filter(line));
}

function valuePage(input: JsonInput, call: Call, values: readonly string[]): { page: string[]; total: number; next: string | undefined } {
  const search = input.text('SearchString')?.toLowerCase() ?? '';
  const limit = input.integer('MaxResults') ?? VALUES_PER_PAGE;
  if (limit < 1 || limit > VALUES_PER_PAGE)
    throw new ServiceError('ValidationException', `MaxResults must be between 1 and ${VALUES_PER_PAGE}`);
  const found = [...new Set(values)].filter((value) => value.toLowerCase().includes(search)).toSorted();
  const { items: page, next } = call.pager.page(found, {
    listing: `ce/values/${call.account}/${input.fingerprint(['NextPageToken'])}`,
    limit,
    token: input.text('NextPageToken'),
  });
  return { page, total: found.length, next };
}
