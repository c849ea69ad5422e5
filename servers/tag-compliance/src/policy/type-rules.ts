import { keyShapeFault } from './key-shape.ts';
import { createBoundedMemo } from './memo.ts';
import { type Closeness, nearKeys } from './near-miss.ts';
import type { Policy, ProhibitedKey, TagRule } from './policy.ts';
import { compileValues, type RuleValues } from './rule-values.ts';
import { fitOf } from './type-pattern.ts';
import { fitsWildcard } from './value-pattern.ts';

/** A rule that applies to a type. Of several for one tag, the most specific. */
export interface AppliedRule {
  rule: TagRule;
  isRequired: boolean;
  values: RuleValues;
}

/** What a policy says about a tag key, for one type. The same object each time, so that each tag costs one lookup. */
export interface KeyRole {
  /** Set by AWS: not counted and not checked. */
  isAws: boolean;
  /** The rule that is about this key, as an index; -1 when none is. */
  rule: number;
  /** Rules whose key was probably meant, the likeliest first. */
  near: readonly { rule: number; closeness: Closeness }[];
  prohibited: ProhibitedKey | undefined;
  /** What the naming rules require of the key, when it breaks them. */
  shapeFault: string | undefined;
  /** Nothing but the value can be wrong. */
  isClean: boolean;
}

/** Everything that a policy says about one type. */
export interface TypeRules {
  /** Required ones first, each kind in the order of the policy. */
  applied: readonly AppliedRule[];
  requiredCount: number;
  roleOf(key: string): KeyRole;
}

/** Compiles a policy's rules once; the rules of each type are cached. */
export function createTypeRules(policy: Policy): (type: string) => TypeRules {
  const naming = policy.tag_naming_rules;
  const compile = (rule: TagRule, isRequired: boolean): AppliedRule => ({
    rule,
    isRequired,
    values: compileValues(rule, isRequired, naming),
  });
  const all = [...policy.required_tags.map((rule) => compile(rule, true)), ...policy.optional_tags.map((rule) => compile(rule, false))];
  return createBoundedMemo((type) => {
    const applied = mostSpecific(all, type);
    const requiredCount = applied.filter(({ isRequired }) => isRequired).length;
    return { applied, requiredCount, roleOf: createBoundedMemo(roleFinder(policy, applied)) };
  });
}

function mostSpecific(all: readonly AppliedRule[], type: string): AppliedRule[] {
  const fits = (applied: AppliedRule) => fitOf(applied.rule.applies_to, type);
  const applying = all.filter((applied) => fits(applied) > 0);
  return applying.filter((applied) => !applying.some((other) => other.rule.name === applied.rule.name && fits(other) > fits(applied)));
}

const AWS_KEY: KeyRole = { isAws: true, rule: -1, near: [], prohibited: undefined, shapeFault: undefined, isClean: true };

function roleFinder(policy: Policy, applied: readonly AppliedRule[]): (key: string) => KeyRole {
  const naming = policy.tag_naming_rules;
  const normal = (key: string) => (naming.case_sensitivity.keys ? key : key.toLowerCase());
  const names = applied.map(({ rule }) => rule.name);
  const indexes = new Map(names.map((name, index) => [normal(name), index]));
  // A tag that the policy has for other types is no misspelling here.
  const elsewhere = new Set([...policy.required_tags, ...policy.optional_tags].map(({ name }) => normal(name)));

  return (key) => {
    if (/^aws:/i.test(key)) return AWS_KEY;
    const rule = indexes.get(normal(key)) ?? -1;
    const isKnown = elsewhere.has(normal(key));
    const prohibited = isKnown ? undefined : policy.prohibited_keys.find((entry) => fitsWildcard(normal(key), normal(entry.key)));
    const shapeFault = isKnown ? undefined : keyShapeFault(key, naming);
    const near =
      isKnown || prohibited !== undefined
        ? []
        : nearKeys(key, names).map((found) => ({ rule: names.indexOf(found.key), closeness: found.closeness }));
    return {
      isAws: false,
      rule,
      near,
      prohibited,
      shapeFault,
      isClean: near.length === 0 && prohibited === undefined && shapeFault === undefined,
    };
  };
}
