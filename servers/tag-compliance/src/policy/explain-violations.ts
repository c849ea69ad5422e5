import type { Resource } from '../inventory/resource.ts';
import { valueShapeFault } from './key-shape.ts';
import { AWS_MAX_TAGS, type NamingRules } from './policy.ts';
import type { AppliedRule, KeyRole, TypeRules } from './type-rules.ts';
import { VIOLATION_KINDS, type Violation } from './violation.ts';

interface Tag {
  key: string;
  value: string;
  role: KeyRole;
}

/** A violation without its resource. */
interface Finding extends Omit<Violation, 'arn' | 'type' | 'region' | 'account'> {
  /** Index of the rule that it is about; -1 for what is about no tag of the policy. */
  rule: number;
}

/** All violations of a resource, in the order of the policy, independent of the order of the tags. */
export function explainViolations(resource: Resource, rules: TypeRules, naming: NamingRules): Violation[] {
  const { arn, type, region, account } = resource;
  const tags = Object.entries(resource.tags)
    .map(([key, value]): Tag => ({ key, value, role: rules.roleOf(key) }))
    .filter(({ role }) => !role.isAws);
  const present = new Set(tags.map(({ role }) => role.rule));
  const near = tags.flatMap((tag) => findNearMiss(tag, present, rules));
  const findings = [
    ...findMissing(new Set([...present, ...near.map(({ rule }) => rule)]), rules),
    ...near,
    ...tags.flatMap((tag) => [...findWrongValue(tag, rules), ...findProhibited(tag), ...findBadShape(tag, rules, naming)]),
    ...findTooMany(tags.length, naming),
  ];
  return findings.sort(byPolicyOrder).map(({ rule: _, ...violation }) => ({ arn, type, region, account, ...violation }));
}

function byPolicyOrder(a: Finding, b: Finding): number {
  const last = Number.MAX_SAFE_INTEGER;
  const [ruleA, ruleB] = [a.rule === -1 ? last : a.rule, b.rule === -1 ? last : b.rule];
  return ruleA - ruleB || VIOLATION_KINDS.indexOf(a.kind) - VIOLATION_KINDS.indexOf(b.kind) || compare(a.found ?? a.tag, b.found ?? b.tag);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function findMissing(covered: ReadonlySet<number>, rules: TypeRules): Finding[] {
  return rules.applied.slice(0, rules.requiredCount).flatMap((applied, index) => {
    if (covered.has(index)) return [];
    return [{ ...basics(applied, index), kind: 'missing_required_tag' as const, severity: applied.rule.severity }];
  });
}

/**
 * A key in the wrong letter case is a violation even beside the right key, because AWS treats it as another tag. Another misspelling
 * is one only when the tag that was probably meant is missing.
 */
function findNearMiss({ key, value, role }: Tag, present: ReadonlySet<number>, { applied }: TypeRules): Finding[] {
  const meant = role.near.find(({ rule, closeness }) => closeness === 'case' || !present.has(rule));
  const rule = applied[meant?.rule ?? -1];
  if (meant === undefined || rule === undefined) return [];
  const details = { current_value: value, found: key, suggestion: rule.rule.name };
  return [{ ...basics(rule, meant.rule), kind: 'near_miss_key', severity: rule.rule.severity, ...details }];
}

function findWrongValue({ key, value, role }: Tag, { applied }: TypeRules): Finding[] {
  const rule = applied[role.rule];
  const fault = rule?.values.faultOf(value);
  if (rule === undefined || fault === undefined) return [];
  const spelling = key === rule.rule.name ? {} : { found: key };
  return [{ ...basics(rule, role.rule), severity: rule.rule.value_severity, current_value: value, ...spelling, ...fault }];
}

function findProhibited({ key, value, role: { prohibited } }: Tag): Finding[] {
  if (prohibited === undefined) return [];
  const expected = prohibited.description === '' ? 'no such key' : `no such key: ${prohibited.description}`;
  const { severity, key: tag } = prohibited;
  return [{ rule: -1, kind: 'prohibited_key', severity, tag, current_value: value, allowed_values: [], found: key, expected }];
}

/** What the naming rules say, unless the tag's own rule rejects the value already. */
function findBadShape({ key, value, role }: Tag, { applied }: TypeRules, naming: NamingRules): Finding[] {
  const isRejected = applied[role.rule]?.values.faultOf(value) !== undefined;
  const faults = [role.shapeFault && `a key of ${role.shapeFault}`, isRejected ? undefined : valueShapeFault(value, naming)];
  return faults
    .filter((expected) => expected !== undefined)
    .map((expected) => {
      const basic = { rule: role.rule, tag: applied[role.rule]?.rule.name ?? key, current_value: value, allowed_values: [] };
      return { ...basic, kind: 'invalid_format' as const, severity: naming.severity, expected };
    });
}

function findTooMany(count: number, { severity }: NamingRules): Finding[] {
  if (count <= AWS_MAX_TAGS) return [];
  const basic = { rule: -1, tag: '*', current_value: String(count), allowed_values: [] };
  return [{ ...basic, kind: 'too_many_tags', severity, expected: `at most ${AWS_MAX_TAGS} tags` }];
}

function basics({ rule, values: { expected } }: AppliedRule, index: number) {
  return { rule: index, tag: rule.name, allowed_values: rule.allowed_values ?? [], ...(expected !== undefined && { expected }) };
}
