import * as z from 'zod';
import type { Path } from './document.ts';
import { EXEMPTION_SETTINGS, readExemptions } from './exemption-form.ts';
import { keyShapeFault } from './key-shape.ts';
import { parsePart, unknownSetting } from './parse-part.ts';
import {
  AWS_MAX_KEY_LENGTH,
  AWS_MAX_VALUE_LENGTH,
  type NamingRules,
  namingRulesSchema,
  type Policy,
  type ProhibitedKey,
  prohibitedKeySchema,
  severitySchema,
  type TagRule,
} from './policy.ts';
import {
  checkAllowedValues,
  checkProhibitedKey,
  checkRegex,
  checkTagName,
  checkTypeNames,
  checkTypePatterns,
  lengthOf,
  NO_RULES,
  type Report,
} from './rule-checks.ts';
import { normalTypePattern } from './type-pattern.ts';

const SETTINGS = [
  'version',
  'last_updated',
  'required_tags',
  'optional_tags',
  'tag_naming_rules',
  'prohibited_keys',
  ...EXEMPTION_SETTINGS,
];

/** A tag rule as authors write it: everything except the name may be missing or null. */
const writtenRule = z
  .strictObject({
    name: z.string(),
    description: z.string().nullish(),
    allowed_values: z.array(z.string()).nullish(),
    validation_regex: z.string().nullish(),
    applies_to: z.array(z.string()).nullish(),
    severity: severitySchema.default('error'),
    value_severity: severitySchema.optional(),
  })
  .transform(
    (rule): TagRule => ({
      name: rule.name,
      description: rule.description ?? '',
      allowed_values: rule.allowed_values ?? undefined,
      // Templates leave an empty one in place of none.
      validation_regex: rule.validation_regex || undefined,
      applies_to: (rule.applies_to ?? []).map(normalTypePattern),
      severity: rule.severity,
      value_severity: rule.value_severity ?? rule.severity,
    }),
  );
const RULE_SETTINGS = ['name', 'description', 'allowed_values', 'validation_regex', 'applies_to', 'severity', 'value_severity'];

const writtenProhibitedKey = prohibitedKeySchema.extend({ description: z.string().nullish() });
const PROHIBITED_SETTINGS = Object.keys(prohibitedKeySchema.shape);

const writtenNamingRules = namingRulesSchema.extend({
  case_sensitivity: z.preprocess(
    (value) => (typeof value === 'boolean' ? { keys: value, values: value } : value),
    namingRulesSchema.shape.case_sensitivity,
  ),
  max_key_length: z.int().min(1).max(AWS_MAX_KEY_LENGTH).default(AWS_MAX_KEY_LENGTH),
  max_value_length: z.int().min(1).max(AWS_MAX_VALUE_LENGTH).default(AWS_MAX_VALUE_LENGTH),
});
const NAMING_SETTINGS = [...Object.keys(namingRulesSchema.shape), 'keys', 'values'];

/** Settings that make rules. A policy has at least one. */
const RULES = ['required_tags', 'optional_tags', 'prohibited_keys', 'tag_naming_rules'];

function isEmpty(setting: unknown): boolean {
  return setting === undefined || setting === null || (typeof setting === 'object' && Object.keys(setting).length === 0);
}

interface Placed<T> {
  value: T;
  path: Path;
}

/** Reads the reference form and reports every problem. The policy is valid only when nothing was reported. */
export function readReferenceForm(data: Readonly<Record<string, unknown>>, report: Report): Policy {
  for (const key of Object.keys(data)) if (!SETTINGS.includes(key)) report([key], unknownSetting(key, SETTINGS), 'key');
  const naming = parsePart(writtenNamingRules, data.tag_naming_rules ?? {}, ['tag_naming_rules'], NAMING_SETTINGS, report);
  const required = readRules(data.required_tags, 'required_tags', report);
  const optional = readRules(data.optional_tags, 'optional_tags', report);
  const rules = [...required, ...optional];
  const prohibited = readProhibitedKeys(data.prohibited_keys, report);
  if (RULES.every((key) => isEmpty(data[key]))) report(Object.hasOwn(data, 'required_tags') ? ['required_tags'] : [], NO_RULES);

  for (const rule of rules) checkRule(rule, naming, report);
  checkNames(rules, report);
  const names = rules.map(({ value }) => value.name);
  for (const { value, path } of prohibited) checkProhibitedKey(value.key, names, path, report);
  return {
    version: readText(data.version, 'version', report) ?? '',
    last_updated: readText(data.last_updated, 'last_updated', report),
    required_tags: required.map(({ value }) => value),
    optional_tags: optional.map(({ value }) => value),
    tag_naming_rules: naming ?? namingRulesSchema.parse({}),
    prohibited_keys: prohibited.map(({ value }) => value),
    ...readExemptions(data, report),
  };
}

function readText(value: unknown, setting: string, report: Report): string | undefined {
  return parsePart(z.string().nullish(), value, [setting], [], report) ?? undefined;
}

function readList(value: unknown, path: Path, report: Report): Placed<unknown>[] {
  const items = parsePart(z.array(z.unknown()).nullish(), value, path, [], report) ?? [];
  return items.map((item, index) => ({ value: item, path: [...path, index] }));
}

function readRules(value: unknown, setting: string, report: Report): Placed<TagRule>[] {
  return readList(value, [setting], report).flatMap(({ value: item, path }) => {
    const rule = parsePart(writtenRule, item, path, RULE_SETTINGS, report);
    return rule === undefined ? [] : [{ value: rule, path }];
  });
}

/** An entry is a key, or a group with the key and more. */
function readProhibitedKeys(value: unknown, report: Report): Placed<ProhibitedKey>[] {
  return readList(value, ['prohibited_keys'], report).flatMap(({ value: item, path }) => {
    const written = typeof item === 'string' ? { key: item } : item;
    const entry = parsePart(writtenProhibitedKey, written, path, PROHIBITED_SETTINGS, report);
    return entry === undefined ? [] : [{ value: { ...entry, description: entry.description ?? '' }, path }];
  });
}

function checkRule({ value: rule, path }: Placed<TagRule>, naming: NamingRules | undefined, report: Report): void {
  const values = [...path, 'allowed_values'];
  checkTagName(rule.name, [...path, 'name'], report);
  checkTypePatterns(rule.applies_to, [...path, 'applies_to'], report);
  checkTypeNames(rule.applies_to, [...path, 'applies_to'], report);
  if (rule.allowed_values !== undefined) checkAllowedValues(rule.allowed_values, values, report);
  if (rule.validation_regex !== undefined)
    checkRegex(rule.validation_regex, rule.allowed_values, { regex: [...path, 'validation_regex'], values }, report);
  if (naming !== undefined) checkAgainstNaming(rule, path, naming, report);
}

/** The policy's own naming rules must not reject its tags. */
function checkAgainstNaming(rule: TagRule, path: Path, naming: NamingRules, report: Report): void {
  const fault = keyShapeFault(rule.name, naming);
  if (fault !== undefined) report([...path, 'name'], `tag_naming_rules rejects this key: it requires ${fault}. Change one of the two.`);
  rule.allowed_values?.forEach((value, index) => {
    if (lengthOf(value) > naming.max_value_length && lengthOf(value) <= AWS_MAX_VALUE_LENGTH)
      report(
        [...path, 'allowed_values', index],
        `This is longer than tag_naming_rules.max_value_length (${naming.max_value_length}) allows.`,
      );
  });
}

/** No two rules may be equally close to the same type, and no two keys may differ in letter case alone. */
function checkNames(rules: readonly Placed<TagRule>[], report: Report): void {
  rules.forEach(({ value: rule, path }, index) => {
    for (const earlier of rules.slice(0, index)) {
      const place = `${earlier.path[0]}[${earlier.path[1]}]`;
      if (earlier.value.name === rule.name) {
        const shared = sharedPatterns(earlier.value, rule);
        if (shared.length > 0)
          report([...path, 'name'], `${place} has the tag ${rule.name} for ${shared.join(', ')} already. Make one rule of the two.`);
      } else if (earlier.value.name.toLowerCase() === rule.name.toLowerCase()) {
        report([...path, 'name'], `"${rule.name}" differs from ${place} ("${earlier.value.name}") only in letter case. Use one spelling.`);
      }
    }
  });
}

function sharedPatterns(a: TagRule, b: TagRule): string[] {
  const [first, second] = [a, b].map((rule) => (rule.applies_to.length === 0 ? ['*'] : rule.applies_to));
  const others = new Set(second);
  return (first ?? []).filter((pattern) => others.has(pattern)).map((pattern) => (pattern === '*' ? 'all types' : pattern));
}
