import { demandsOf } from '../../compliance/demands.ts';
import type { SpentValues } from '../../compliance/spent-values.ts';
import type { RequiredTag } from '../../inventory/source.ts';
import type { Filter } from './cost-explorer.ts';

/** Record types that are no usage and cannot carry tags. */
const NOT_SPEND = ['Credit', 'Refund', 'Tax'];

/** The most values that a filter names. AWS documents no limit. */
const MAX_VALUES = 1000;

/** What limits every query for spend. */
export function baseFilters(accounts: readonly string[], regions: readonly string[]): Filter[] {
  return [
    { Not: { Dimensions: { Key: 'RECORD_TYPE', Values: NOT_SPEND } } },
    ...(accounts.length > 0 ? [{ Dimensions: { Key: 'LINKED_ACCOUNT' as const, Values: [...accounts].sort() } }] : []),
    ...(regions.length > 0 ? [{ Dimensions: { Key: 'REGION' as const, Values: [...regions].sort() } }] : []),
  ];
}

/**
 * Spend that carries what it must carry.
 * @param spent the values in use of the tags that cannot be filtered by a list of the policy
 * @returns `undefined` when no spend can
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

/** All of some filters; `undefined`, which nothing passes, when one of them is. */
export function allOf(filters: readonly (Filter | undefined)[]): Filter | undefined {
  const possible = filters.filter((filter) => filter !== undefined);
  if (possible.length < filters.length) return undefined;
  return possible.length > 1 ? { And: possible } : possible[0];
}

/** Spend that carries a tag with a value that counts. */
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

/** Whether neither the right values nor the wrong ones are few enough for a filter, so that every value counts. */
export function hasTooManyValues(tag: RequiredTag, spent: SpentValues): boolean {
  const { right, wrong } = split(tag, spent);
  return Math.min(right.length, wrong.length) > MAX_VALUES;
}

function split({ accepts }: RequiredTag, spent: SpentValues): { right: string[]; wrong: string[] } {
  const used = [...spent.keys()].filter((value) => value !== '');
  return { right: used.filter(accepts), wrong: used.filter((value) => !accepts(value)) };
}
