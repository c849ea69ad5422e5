import { listed } from '@fairway-mcp/aws';
import { type Ask, pagesOf } from '@fairway-mcp/aws-billing';
import type { Expression } from './expression.ts';
import type { Term } from './terms.ts';

/** A value as Cost Explorer writes it; `''` where a tag or cost category is missing. */
export interface RawValue {
  value: string;
  name?: string;
}

interface ValuesInput {
  period: { start: string; end: string };
  term: Term;
}

/** All values that a dimension, tag or cost category has in a period. @throws AwsError, ToolError `budget_exceeded` */
export async function readValues(ask: Ask, { period, term }: ValuesInput): Promise<RawValue[]> {
  const TimePeriod = { Start: period.start, End: period.end };
  const found: RawValue[] = [];
  if (term.Type === 'DIMENSION') {
    for await (const { DimensionValues } of dimensionPages(ask, TimePeriod, term.Key)) {
      for (const { Value = '', Attributes } of listed('ce:GetDimensionValues', DimensionValues))
        found.push({ value: Value, ...(Attributes?.description && { name: Attributes.description }) });
    }
    return found;
  }
  const pages = term.Type === 'TAG' ? tagPages(ask, TimePeriod, term.Key) : categoryPages(ask, TimePeriod, term.Key);
  for await (const values of pages) found.push(...values.map((value) => ({ value })));
  return found;
}

type Span = { Start: string; End: string };

function dimensionPages(ask: Ask, TimePeriod: Span, key: string) {
  const action = 'ce:GetDimensionValues';
  // The keys that this server uses are all of the API's.
  const Dimension = key as 'SERVICE';
  const askPage = (NextPageToken: string | undefined) =>
    ask(action, ({ client, GetDimensionValuesCommand }, options) =>
      client.send(new GetDimensionValuesCommand({ TimePeriod, Dimension, Context: 'COST_AND_USAGE', NextPageToken }), options),
    );
  return pagesOf(action, askPage, ({ NextPageToken }) => NextPageToken);
}

async function* tagPages(ask: Ask, TimePeriod: Span, TagKey: string): AsyncGenerator<readonly string[]> {
  const action = 'ce:GetTags';
  const askPage = (NextPageToken: string | undefined) =>
    ask(action, ({ client, GetTagsCommand }, options) => client.send(new GetTagsCommand({ TimePeriod, TagKey, NextPageToken }), options));
  for await (const { Tags } of pagesOf(action, askPage, ({ NextPageToken }) => NextPageToken)) yield listed(action, Tags);
}

async function* categoryPages(ask: Ask, TimePeriod: Span, CostCategoryName: string): AsyncGenerator<readonly string[]> {
  const action = 'ce:GetCostCategories';
  const askPage = (NextPageToken: string | undefined) =>
    ask(action, ({ client, GetCostCategoriesCommand }, options) =>
      client.send(new GetCostCategoriesCommand({ TimePeriod, CostCategoryName, NextPageToken }), options),
    );
  for await (const { CostCategoryValues } of pagesOf(action, askPage, ({ NextPageToken }) => NextPageToken)) yield CostCategoryValues ?? [];
}

/** The condition that charges have exactly this value. */
export function hasValue({ Type, Key }: Term, value: string): Expression {
  if (Type === 'DIMENSION') return { Dimensions: { Key: Key as 'SERVICE', Values: [value] } };
  const inner = value === '' ? { Key, MatchOptions: ['ABSENT' as const] } : { Key, Values: [value] };
  return Type === 'TAG' ? { Tags: inner } : { CostCategories: inner };
}
