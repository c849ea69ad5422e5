import type { Resource } from '../inventory/resource.ts';
import { compileExemptions, type ExemptionResult } from './exemptions.ts';
import { explainViolations } from './explain-violations.ts';
import { AWS_MAX_TAGS, type Policy } from './policy.ts';
import { type AppliedRule, createTypeRules, type TypeRules } from './type-rules.ts';
import type { Violation } from './violation.ts';
import { policyVersion } from './write-policy.ts';

/** What a policy says about one resource. */
export interface CheckResult {
  /**
   * Whether any rule is about this resource: a required tag applies to its type, or it carries a key that a tag rule or a
   * prohibited key is about, spelt correctly or nearly so. Naming rules alone bring nothing into scope; they are checked on what is in scope.
   */
  isInScope: boolean;
  violations: readonly Violation[];
}

/** A policy that is ready to check many resources. */
export interface CompiledPolicy {
  readonly policy: Policy;
  /** Names this state of the policy; see `policyVersion`. */
  readonly version: string;
  /** The rules for a type, required ones first; of several for one tag, the most specific. */
  rulesFor(type: string): readonly AppliedRule[];
  /** Whether the policy leaves a resource out. `check` does not ask. @param asOf when it was listed, in milliseconds since the epoch */
  exemptionOf(resource: Resource, asOf: number): ExemptionResult;
  check(resource: Resource): CheckResult;
  /** The violations of one resource, in an order that depends on the policy alone; always the same empty list when there are none. */
  violationsOf(resource: Resource): readonly Violation[];
  /** The tag that a rule is about, if the resource has it; case-sensitive unless the policy says otherwise. */
  tagFor(rule: AppliedRule, resource: Resource): { key: string; value: string } | undefined;
}

const OUT_OF_SCOPE: CheckResult = { isInScope: false, violations: [] };
const COMPLIANT: CheckResult = { isInScope: true, violations: OUT_OF_SCOPE.violations };

/** Compiles a policy once for all resources: the result caches what it computes about types, keys and values. */
export function compilePolicy(policy: Policy): CompiledPolicy {
  const typeRules = createTypeRules(policy);
  const checkQuickly = createQuickCheck(policy);

  function check(resource: Resource): CheckResult {
    const rules = typeRules(resource.type);
    const result = checkQuickly(resource, rules);
    if (result !== 'look closer') return result;
    const violations = explainViolations(resource, rules, policy.tag_naming_rules);
    return violations.length === 0 ? COMPLIANT : { isInScope: true, violations };
  }
  return {
    policy,
    version: policyVersion(policy),
    rulesFor: (type) => typeRules(type).applied,
    exemptionOf: compileExemptions(policy),
    check,
    violationsOf: (resource) => check(resource).violations,
    tagFor: (rule, resource) => {
      const rules = typeRules(resource.type);
      const key = Object.keys(resource.tags).find((candidate) => rules.applied[rules.roleOf(candidate).rule] === rule);
      return key === undefined ? undefined : { key, value: resource.tags[key] ?? '' };
    },
  };
}

/**
 * Recognizes compliant resources without allocating anything. Most resources are compliant or break one rule, so this loop decides
 * what the evaluation of a scan costs.
 */
function createQuickCheck({ tag_naming_rules: naming, required_tags, optional_tags }: Policy) {
  // With letter case ignored two keys may be about one rule, so rules are marked, not counted. A mark is the number of the check.
  const marks = new Uint32Array(required_tags.length + optional_tags.length);
  let number = 0;

  return ({ tags }: Resource, rules: TypeRules): CheckResult | 'look closer' => {
    number = (number + 1) >>> 0;
    if (number === 0) {
      marks.fill(0);
      number = 1;
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
        if (role.rule < rules.requiredCount && marks[role.rule] !== number) requiredSeen++;
        marks[role.rule] = number;
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
