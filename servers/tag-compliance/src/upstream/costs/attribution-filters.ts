import { demandsOf } from '../../compliance/demands.ts';
import type { SpentValues } from '../../compliance/spent-values.ts';
import type { RequiredTag } from '../../inventory/source.ts';
import type { Filter } from './cost-explorer.ts';

/** Kinds of billing records that are not about usage and cannot carry tags. */
const NOT_SPEND = ['Credit', 'Refund', 'Tax'];

/** A filter names at most so many values, by our own choice: AWS documents no limit. */
const MAX_VALUES = 1000;

/** The filters of every query for spend: usage only, of the given accounts and regions (empty: all). */
export function baseFilters(accounts: readonly string[], regions: readonly string[]): Filter[] {
  return [
    { Not: { Dimensions: { Key: 'RECORD_TYPE', Values: NOT_SPEND } } },
    ...(accounts.length > 0 ? [{ Dimensions: { Key: 'LINKED_ACCOUNT' as const, Values: [...accounts].sort() } }] : []),
    ...(regions.length > 0 ? [{ Dimensions: { Key: 'REGION' as const, Values: regionValues(regions) } }] : []),
  ];
}

/** Cost Explorer has two names for what has no region; answers have one. */
function regionValues(regions: readonly string[]): string[] {
  return regions.flatMap((region) => (region === 'global' ? ['NoRegion', region] : [region])).sort();
}

/**
 * The filter for attributable spend: it carries every tag that is required of it, with a value that the policy accepts.
 * @param spent the values in use, for tags whose accepted values the policy describes by a pattern instead of listing them
 * @returns `undefined` when no spend can be attributable
 */
export function attributableFilter(required: readonly RequiredTag[], spent: ReadonlyMap<string, SpentValues>): Filter | undefined {
  const carried = (tags: readonly RequiredTag[]) => allOf(tags.map((tag) => carries(tag, spent.get(tag.key))));
  const everything = carried(required);
  const partly = demandsOf(required).map(({ services, tags }) =>
    allOf([{ Dimensions: { Key: 'SERVICE', Values: [...services] } }, carried(tags)]),
  );
  const possible = [everything, ...partly].filter((filter) => filter !== undefined);
  return possible.length > 1 ? { Or: possible } : possible[0];
}

/** The filter for what passes all of the given ones. `undefined` is a filter that nothing passes. */
export function allOf(filters: readonly (Filter | undefined)[]): Filter | undefined {
  const possible = filters.filter((filter) => filter !== undefined);
  if (possible.length < filters.length) return undefined;
  return possible.length > 1 ? { And: possible } : possible[0];
}

/** The filter for spend that carries a tag with an accepted value; `undefined` when no spend does. */
function carries(tag: RequiredTag, spent: SpentValues = new Map()): Filter | undefined {
  const { key, values } = tag;
  const present: Filter = { Not: { Tags: { Key: key, MatchOptions: ['ABSENT'] } } };
  if (values === 'any') return present;
  if (values !== undefined) return oneOf(key, values);
  const { right, wrong } = split(tag, spent);
  if (right.length === 0) return undefined;
  if (wrong.length === 0 || hasTooManyValues(tag, spent)) return present;
  return right.length <= wrong.length ? oneOf(key, right) : { And: [present, { Not: oneOf(key, wrong) }] };
}

function oneOf(key: string, values: readonly string[]): Filter {
  return { Tags: { Key: key, Values: [...values].sort(), MatchOptions: ['EQUALS'] } };
}

/** Whether both the accepted and the rejected values in use are too many for a filter. Then every value counts as accepted. */
export function hasTooManyValues(tag: RequiredTag, spent: SpentValues): boolean {
  const { right, wrong } = split(tag, spent);
  return Math.min(right.length, wrong.length) > MAX_VALUES;
}

function split({ accepts }: RequiredTag, spent: SpentValues): { right: string[]; wrong: string[] } {
  const used = [...spent.keys()].filter((value) => value !== '');
  return { right: used.filter(accepts), wrong: used.filter((value) => !accepts(value)) };
}
