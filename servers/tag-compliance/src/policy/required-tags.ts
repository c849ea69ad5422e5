import type { RequiredTag } from '../inventory/source.ts';
import type { NamingRules, Policy, TagRule } from './policy.ts';
import { compileValues } from './rule-values.ts';
import { hasWildcard } from './value-pattern.ts';

/** What makes spend attributable, and what could not be taken into account. */
export interface AttributionTags {
  required: RequiredTag[];
  /** Required tags that are left out because they are required of some types only. */
  leftOut: string[];
  /** Whether another letter case of these keys is as good for the policy, which billing data cannot know. */
  isKeyCaseIgnored: boolean;
}

/**
 * The tags that spend must carry to be attributable, and the values that count. Billing data does not tell of which type of
 * resource a cost is, so a tag that is required of some types only is left out, unless no tag is required of all (an AWS tag policy
 * always names types). Where the rules of a key differ by type, a value counts that any of them accepts.
 */
export function attributionTags({ required_tags, tag_naming_rules: naming }: Policy): AttributionTags {
  const byKey = [...Map.groupBy(required_tags, ({ name }) => name)];
  const general = byKey.filter(([, rules]) => rules.some(isGeneral));
  const used = general.length > 0 ? general : byKey;
  const names = new Set(used.map(([key]) => key));
  return {
    required: used.map(([key, rules]) => requiredTag(key, rules, naming)),
    leftOut: byKey.map(([key]) => key).filter((key) => !names.has(key)),
    isKeyCaseIgnored: !naming.case_sensitivity.keys,
  };
}

function isGeneral({ applies_to }: TagRule): boolean {
  return applies_to.length === 0 || applies_to.includes('*');
}

function requiredTag(key: string, rules: readonly TagRule[], naming: NamingRules): RequiredTag {
  const compiled = rules.map((rule) => compileValues(rule, true, naming));
  return {
    key,
    accepts: (value) => compiled.some((values) => values.faultOf(value) === undefined),
    values: filterValues(rules, naming),
    types: rules.some(isGeneral) ? [] : [...new Set(rules.flatMap(({ applies_to }) => applies_to))],
  };
}

function filterValues(rules: readonly TagRule[], { case_sensitivity }: NamingRules): RequiredTag['values'] {
  if (rules.some(acceptsAny)) return 'any';
  const lists = rules.map(({ allowed_values, validation_regex }) => (validation_regex === undefined ? allowed_values : undefined));
  const isListed = case_sensitivity.values && lists.every((list) => list !== undefined && !list.some(hasWildcard));
  return isListed ? [...new Set(lists.flatMap((list) => list ?? []))] : undefined;
}

/** Any value but an empty one, which cost reports cannot tell from a missing tag. */
function acceptsAny({ allowed_values, validation_regex }: TagRule): boolean {
  return validation_regex === undefined && (allowed_values === undefined || allowed_values.includes('*'));
}
