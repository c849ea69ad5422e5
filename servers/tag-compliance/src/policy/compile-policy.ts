import type { Resource } from '../inventory/resource.ts';
import { explainViolations } from './explain-violations.ts';
import { AWS_MAX_TAGS, type Policy } from './policy.ts';
import { type AppliedRule, createTypeRules, type TypeRules } from './type-rules.ts';
import type { Violation } from './violation.ts';
import { policyVersion } from './write-policy.ts';

/** What a policy says about one resource. */
export interface Judgement {
  /**
   * Whether any rule is about this resource: a required tag applies to its type, or it carries a key that a tag rule or a
   * prohibited key is about, spelt right or nearly. Naming rules alone bring nothing into scope; they are checked on what is.
   */
  isInScope: boolean;
  violations: readonly Violation[];
}

/** A policy that is ready to judge many resources. */
export interface CompiledPolicy {
  readonly policy: Policy;
  /** Names this state of the policy; see `policyVersion`. */
  readonly version: string;
  /** The rules for a type, required ones first; of several for one tag, the most specific. */
  rulesFor(type: string): readonly AppliedRule[];
  judge(resource: Resource): Judgement;
  /** The violations of one resource, in an order that depends on the policy alone; always the same empty list when there are none. */
  violationsOf(resource: Resource): readonly Violation[];
  /** The tag that a rule is about, where the resource has it; letter case counts unless the policy says otherwise. */
  tagFor(rule: AppliedRule, resource: Resource): { key: string; value: string } | undefined;
}

const OUT_OF_SCOPE: Judgement = { isInScope: false, violations: [] };
const COMPLIANT: Judgement = { isInScope: true, violations: OUT_OF_SCOPE.violations };

/** Compiles a policy. Made once for each policy: it remembers what it found out about types, keys and values. */
export function compilePolicy(policy: Policy): CompiledPolicy {
  const typeRules = createTypeRules(policy);
  const looksRight = createQuickCheck(policy);

  function judge(resource: Resource): Judgement {
    const rules = typeRules(resource.type);
    const answer = looksRight(resource, rules);
    if (answer !== 'look closer') return answer;
    const violations = explainViolations(resource, rules, policy.tag_naming_rules);
    return violations.length === 0 ? COMPLIANT : { isInScope: true, violations };
  }
  return {
    policy,
    version: policyVersion(policy),
    rulesFor: (type) => typeRules(type).applied,
    judge,
    violationsOf: (resource) => judge(resource).violations,
    tagFor: (rule, resource) => {
      const rules = typeRules(resource.type);
      const key = Object.keys(resource.tags).find((candidate) => rules.applied[rules.roleOf(candidate).rule] === rule);
      return key === undefined ? undefined : { key, value: resource.tags[key] ?? '' };
    },
  };
}

/**
 * Tells compliant resources from others without allocating anything. Most resources of an estate are compliant or break one rule, and
 * an estate is judged as a whole, so this loop is what a scan's evaluation costs.
 */
function createQuickCheck({ tag_naming_rules: naming, required_tags, optional_tags }: Policy) {
  // With letter case ignored two keys may be about one rule, so rules are marked, not counted. Marks are the turn's number.
  const marks = new Uint32Array(required_tags.length + optional_tags.length);
  let turn = 0;

  return ({ tags }: Resource, rules: TypeRules): Judgement | 'look closer' => {
    turn = (turn + 1) >>> 0;
    if (turn === 0) {
      marks.fill(0);
      turn = 1;
    }
    let requiredSeen = 0;
    let userTags = 0;
    let isAbout = rules.requiredCount > 0;
    let isSuspect = false;
    for (const key in tags) {
      const role = rules.roleOf(key);
      if (role.isAws) continue;
      userTags++;
      const value = tags[key] ?? '';
      const applied = rules.applied[role.rule];
      if (applied !== undefined) {
        isAbout = true;
        if (role.rule < rules.requiredCount && marks[role.rule] !== turn) requiredSeen++;
        marks[role.rule] = turn;
        if (applied.values.faultOf(value) !== undefined) isSuspect = true;
      } else if (!role.isClean) {
        isSuspect = true;
        if (role.prohibited !== undefined || role.near.length > 0) isAbout = true;
      }
      if (value.length > naming.max_value_length) isSuspect = true;
    }
    if (!isAbout) return OUT_OF_SCOPE;
    return isSuspect || requiredSeen < rules.requiredCount || userTags > AWS_MAX_TAGS ? 'look closer' : COMPLIANT;
  };
}
