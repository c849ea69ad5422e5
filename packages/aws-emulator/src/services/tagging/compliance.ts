import type { Resource } from '../../resources.ts';
import { isRecord } from '../../wire/json-input.ts';

/** As `GetResources` returns it. */
export interface ComplianceDetails {
  NoncompliantKeys: string[];
  KeysWithNoncompliantValues: string[];
  MissingTagKeys: string[];
  ComplianceStatus: boolean;
}

interface Rule {
  key: string;
  values: readonly string[] | undefined;
  requiredFor: readonly string[];
}

/**
 * How AWS checks a resource against an effective tag policy: a key that is a policy's but for letter case, a value that is not
 * allowed, a key that must be reported when missing. A tag policy ignores other keys.
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_tag-policies.html
 */
export function compliance({ type, tags = {} }: Pick<Resource, 'type' | 'tags'>, policy: object | undefined): ComplianceDetails {
  const details: ComplianceDetails = { NoncompliantKeys: [], KeysWithNoncompliantValues: [], MissingTagKeys: [], ComplianceStatus: true };
  for (const { key, values, requiredFor } of rulesOf(policy)) {
    const spelt = Object.keys(tags).filter((candidate) => candidate.toLowerCase() === key.toLowerCase());
    details.NoncompliantKeys.push(...spelt.filter((candidate) => candidate !== key));
    const value = tags[key];
    if (value !== undefined && values !== undefined && !values.some((allowed) => isAllowed(value, allowed)))
      details.KeysWithNoncompliantValues.push(key);
    if (spelt.length === 0 && covers(requiredFor, type)) details.MissingTagKeys.push(key);
  }
  const faults = details.NoncompliantKeys.length + details.KeysWithNoncompliantValues.length + details.MissingTagKeys.length;
  return { ...details, ComplianceStatus: faults === 0 };
}

function rulesOf(policy: object | undefined): Rule[] {
  const tags = policy !== undefined && 'tags' in policy && isRecord(policy.tags) ? policy.tags : {};
  return Object.entries(tags)
    .filter((entry): entry is [string, Record<string, unknown>] => isRecord(entry[1]))
    .map(([name, rule]) => ({
      key: typeof rule.tag_key === 'string' ? rule.tag_key : name,
      values: rule.tag_value === undefined ? undefined : texts(rule.tag_value),
      requiredFor: texts(rule.report_required_tag_for),
    }));
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** One `*` stands for any characters. */
function isAllowed(value: string, allowed: string): boolean {
  const star = allowed.indexOf('*');
  if (star < 0) return value === allowed;
  const [start, end] = [allowed.slice(0, star), allowed.slice(star + 1)];
  return value.length >= start.length + end.length && value.startsWith(start) && value.endsWith(end);
}

function covers(types: readonly string[], type: string): boolean {
  return types.includes(type) || types.includes(`${type.slice(0, type.indexOf(':'))}:ALL_SUPPORTED`);
}
