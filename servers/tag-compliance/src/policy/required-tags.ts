import type { RequiredTag } from '../inventory/source.ts';
import type { Policy, TagRule } from './policy.ts';
import { hasWildcard } from './value-pattern.ts';

/** What makes spend attributable, and what could not be taken into account. */
export interface AttributionTags {
  required: RequiredTag[];
  /** Required tags that are left out because they are required of some types only. */
  leftOut: string[];
}

/**
 * The tags that spend must carry to be attributable, and the values that count. Billing data does not tell of which type of
 * resource a cost is, so a tag that is required of some types only cannot be required of all spend: it is left out, unless no tag
 * is required of all. No values means that any counts: where a rule has a pattern or a `*`, billing data cannot be filtered by the
 * right ones.
 */
export function attributionTags({ required_tags }: Policy): AttributionTags {
  const byKey = [...Map.groupBy(required_tags, ({ name }) => name)];
  const general = byKey.filter(([, rules]) => rules.some(({ applies_to }) => applies_to.length === 0));
  const used = general.length > 0 ? general : byKey;
  const names = new Set(used.map(([key]) => key));
  return {
    required: used.map(([key, rules]) => ({ key, values: countingValues(rules) })),
    leftOut: byKey.map(([key]) => key).filter((key) => !names.has(key)),
  };
}

function countingValues(rules: readonly TagRule[]): string[] {
  const lists = rules.map(({ allowed_values }) => allowed_values);
  const isOpen = lists.some((list) => list === undefined || list.some(hasWildcard));
  return isOpen ? [] : [...new Set(lists.flatMap((list) => list ?? []))];
}
