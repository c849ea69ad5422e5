import * as z from 'zod';
import type { Path } from './document.ts';
import { EXEMPTION_SETTINGS, readExemptions } from './exemption-form.ts';
import { parsePart, unknownSetting } from './parse-part.ts';
import { namingRulesSchema, type Policy, type TagRule } from './policy.ts';
import { checkAllowedValues, checkTagName, checkTypePatterns, NO_RULES, type Report } from './rule-checks.ts';
import { covers, normalTypePattern } from './type-pattern.ts';

/** Each is compared with all others. */
const MAX_TYPES = 1_000;

const CHILD_CONTROL = '@@operators_allowed_for_child_policies';
const OPERATORS = ['@@assign', '@@append', '@@remove', CHILD_CONTROL];
const SETTINGS = ['tag_key', 'tag_value', 'enforced_for', 'report_required_tag_for'];

/**
 * Reads an AWS Organizations tag policy, with `@@` operators (one document alone: what it inherits is not known) or effective.
 *
 * Its meaning follows AWS:
 * - A tag is required only for the types in `report_required_tag_for`. `enforced_for` stops wrong values, never untagged creation.
 * - Wrong values are errors for the types in `enforced_for`, warnings for all others.
 * - A key with other capitals than `tag_key` is a violation, required or not. Without `tag_key`, the right key is in lower case.
 * - Without `tag_value` any value is right, even an empty one.
 * - `SERVICE:ALL_SUPPORTED` is read as all types of the service.
 *
 * AWS has no exemptions; beside `tags` the file may have the same settings for them as the reference form.
 *
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_example-tag-policies.html
 */
export function readTagPolicyForm(data: Readonly<Record<string, unknown>>, report: Report): Policy {
  const known = ['tags', ...EXEMPTION_SETTINGS];
  for (const key of Object.keys(data)) if (!known.includes(key)) report([key], unknownSetting(key, known), 'key');
  const tags = Object.entries(readGroup(data.tags, ['tags'], report)).filter(([key]) => key !== CHILD_CONTROL);
  if (tags.length === 0) report(['tags'], NO_RULES);
  const rules = tags.map(([policyKey, statement]) => readStatement(policyKey, statement, report));
  checkNames(rules, report);
  return {
    version: '',
    required_tags: rules.flatMap(({ required }) => required),
    optional_tags: rules.flatMap(({ optional }) => optional),
    tag_naming_rules: namingRulesSchema.parse({}),
    prohibited_keys: [],
    ...readExemptions(data, report),
  };
}

interface Statement {
  key: string;
  path: Path;
  required: TagRule[];
  optional: TagRule[];
}

function readStatement(policyKey: string, value: unknown, report: Report): Statement {
  const path: Path = ['tags', policyKey];
  const settings = readGroup(value, path, report);
  for (const key of Object.keys(settings)) {
    if (!SETTINGS.includes(key) && key !== CHILD_CONTROL) report([...path, key], unknownSetting(key, SETTINGS), 'key');
  }
  const key = readKey(settings.tag_key, policyKey, path, report);
  const values = readTexts(settings.tag_value, [...path, 'tag_value'], report);
  const enforced = readTypes(settings.enforced_for, [...path, 'enforced_for'], report);
  const reported = readTypes(settings.report_required_tag_for, [...path, 'report_required_tag_for'], report);
  if (values !== undefined) checkAllowedValues(values.texts, values.path, report);
  return { key, path, ...toRules(key, values?.texts, enforced, reported) };
}

function readKey(value: unknown, policyKey: string, path: Path, report: Report): string {
  const found = readTexts(value, [...path, 'tag_key'], report);
  const key = found?.texts[0] ?? policyKey.toLowerCase();
  const place = found?.path ?? path;
  if (found !== undefined && found.texts.length !== 1) report(place, 'Write one tag key here: use @@assign with a single text.');
  else if (key.toLowerCase() !== policyKey.toLowerCase())
    report(place, `"${key}" must be the policy key "${policyKey}" but for capitals. Change one of the two.`);
  checkTagName(key, place, report);
  return key;
}

/**
 * One rule for each combination of required and enforced that the lists of types make, and one for all other types. The more specific
 * pattern decides, so a type that is listed leaves the rule for all others.
 */
function toRules(key: string, values: string[] | undefined, enforced: readonly string[], reported: readonly string[]) {
  const patterns = [...new Set([...reported, ...enforced])];
  const isIn = (list: readonly string[], pattern: string) => list.some((outer) => covers(outer, pattern));
  const rule = (appliesTo: string[], isRequired: boolean, isEnforced: boolean): TagRule => ({
    name: key,
    description: '',
    // Without values a required tag would reject an empty one, which AWS accepts.
    allowed_values: values ?? (isRequired ? ['*'] : undefined),
    applies_to: appliesTo,
    severity: isRequired || isEnforced ? 'error' : 'warning',
    value_severity: isEnforced ? 'error' : 'warning',
  });
  const pick = (isRequired: boolean, isEnforced: boolean): TagRule[] => {
    const types = patterns.filter((pattern) => isIn(reported, pattern) === isRequired && isIn(enforced, pattern) === isEnforced);
    return types.length === 0 ? [] : [rule(types, isRequired, isEnforced)];
  };
  const others = patterns.includes('*') ? [] : [rule([], false, false)];
  return { required: [...pick(true, true), ...pick(true, false)], optional: [...pick(false, true), ...others] };
}

function checkNames(statements: readonly Statement[], report: Report): void {
  statements.forEach(({ key, path }, index) => {
    const earlier = statements.slice(0, index).find((other) => other.key.toLowerCase() === key.toLowerCase());
    if (earlier !== undefined) report(path, `"${key}" is the key of ${earlier.path.join('.')} too. Make one statement of the two.`, 'key');
  });
}

function readGroup(value: unknown, path: Path, report: Report): Record<string, unknown> {
  return parsePart(z.record(z.string(), z.unknown()), value, path, [], report) ?? {};
}

function readTypes(value: unknown, path: Path, report: Report): string[] {
  const found = readTexts(value, path, report);
  if (found === undefined) return [];
  if (found.texts.length > MAX_TYPES) {
    report(found.path, `This has ${found.texts.length} types; at most ${MAX_TYPES} are possible. Use SERVICE:ALL_SUPPORTED.`);
    return [];
  }
  checkTypePatterns(found.texts, found.path, report);
  return found.texts.map(normalTypePattern);
}

/** A setting's texts after its operators were applied, and the path of most of them. */
interface Texts {
  texts: string[];
  path: Path;
}

function readTexts(value: unknown, path: Path, report: Report): Texts | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' || Array.isArray(value)) return { texts: oneOrMore(value, path, report), path };
  const operators = readGroup(value, path, report);
  for (const key of Object.keys(operators)) {
    if (!OPERATORS.includes(key)) report([...path, key], unknownSetting(key, OPERATORS), 'key');
  }
  const texts = (operator: string) =>
    operators[operator] === undefined ? undefined : oneOrMore(operators[operator], [...path, operator], report);
  const [assigned, appended, removed] = [texts('@@assign'), texts('@@append'), texts('@@remove')];
  if (assigned === undefined && appended === undefined) return undefined;
  const all = [...(assigned ?? []), ...(appended ?? [])];
  return { texts: all.filter((text) => !removed?.includes(text)), path: [...path, assigned === undefined ? '@@append' : '@@assign'] };
}

function oneOrMore(value: unknown, path: Path, report: Report): string[] {
  return parsePart(z.array(z.string()), typeof value === 'string' ? [value] : value, path, [], report) ?? [];
}
