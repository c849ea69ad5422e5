import type { RequiredTag } from '../inventory/source.ts';
import type { Policy } from './policy.ts';
import { hasWildcard } from './value-pattern.ts';

/**
 * The tags that spend must carry to be attributable: every tag that is required of any type, and the values that count. No values
 * means that any counts: where a rule has a pattern or a `*`, billing data cannot be asked for the right ones.
 */
export function requiredTagsOf({ required_tags }: Policy): RequiredTag[] {
  const byKey = Map.groupBy(required_tags, ({ name }) => name);
  return [...byKey].map(([key, rules]) => {
    const lists = rules.map(({ allowed_values }) => allowed_values);
    const isOpen = lists.some((list) => list === null || list.some(hasWildcard));
    return { key, values: isOpen ? [] : [...new Set(lists.flatMap((list) => list ?? []))] };
  });
}
