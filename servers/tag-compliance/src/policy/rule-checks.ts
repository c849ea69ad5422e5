import { meaningOfType } from '../inventory/type-names.ts';
import { NO_NAME, type Path } from './document.ts';
import { AWS_MAX_KEY_LENGTH, AWS_MAX_VALUE_LENGTH } from './policy.ts';
import { isTypePattern, TYPE_FORM } from './type-pattern.ts';
import { compileRegex, fitsWildcard, hasTooManyWildcards, hasWildcard, regexFault } from './value-pattern.ts';

/** Of a policy, in whatever form, that is about no resource at all. */
export const NO_RULES =
  'This policy contains no rules. Write at least one entry in required_tags, or in tags of an AWS Organizations tag policy.';

/** Reports one problem. `part` chooses the position of the key or of its value. */
export type Report = (path: Path, problem: string, part?: 'key' | 'value') => void;

/** Lengths count Unicode characters, as AWS does. */
export function lengthOf(text: string): number {
  return [...text].length;
}

export function checkTagName(name: string, path: Path, report: Report): void {
  if (name.trim() === '') report(path, 'This tag key is empty. Write the key.');
  else if (name !== name.trim()) report(path, `Remove the spaces around "${name.trim()}": AWS would count them as part of the key.`);
  if (name === NO_NAME) report(path, `"${NO_NAME}" cannot be used as a tag key here. Choose another one.`);
  if (lengthOf(name) > AWS_MAX_KEY_LENGTH)
    report(path, `Shorten this key to at most ${AWS_MAX_KEY_LENGTH} characters, the limit of AWS; it has ${lengthOf(name)}.`);
  if (/^aws:/i.test(name))
    report(path, `Choose another key than "${name}": keys that begin with aws: are reserved by AWS and cannot be set.`);
  if (hasWildcard(name)) report(path, 'Write this key in full: a * is possible in allowed values and in prohibited_keys, not here.');
}

export function checkAllowedValues(values: readonly string[], path: Path, report: Report): void {
  if (values.length === 0)
    report(path, 'This list is empty, so no value would be right. Write the allowed values, or leave the list out to allow every value.');
  const seen = new Set<string>();
  values.forEach((value, index) => {
    const place = [...path, index];
    if (hasTooManyWildcards(value))
      report(place, `"${value}" has more than one *. Use one for each value, and further values for the rest.`);
    if (lengthOf(value) > AWS_MAX_VALUE_LENGTH)
      report(place, `Shorten this value to at most ${AWS_MAX_VALUE_LENGTH} characters, the limit of AWS; it has ${lengthOf(value)}.`);
    if (seen.has(value)) report(place, `"${value}" is here twice. Remove one.`);
    seen.add(value);
  });
}

/** The expression must compile, and must not reject an allowed value. */
export function checkRegex(
  pattern: string,
  values: readonly string[] | undefined,
  paths: { regex: Path; values: Path },
  report: Report,
): void {
  const fault = regexFault(pattern);
  if (fault !== undefined) return report(paths.regex, `${fault}. Correct it.`);
  const matches = compileRegex(pattern);
  values?.forEach((value, index) => {
    if (!hasWildcard(value) && !matches(value))
      report([...paths.values, index], `"${value}" is allowed here but does not match validation_regex ${pattern}. Change one of the two.`);
  });
}

export function checkTypePatterns(patterns: readonly string[], path: Path, report: Report): void {
  patterns.forEach((pattern, index) => {
    if (!isTypePattern(pattern)) report([...path, index], `"${pattern}" is not a resource type. Write ${TYPE_FORM}.`);
  });
}

/** A type by another name than AWS's would match nothing, without a word. */
export function checkTypeNames(patterns: readonly string[], path: Path, report: Report): void {
  patterns.forEach((pattern, index) => {
    if (!isTypePattern(pattern)) return;
    const meaning = meaningOfType(pattern);
    if ('problem' in meaning) report([...path, index], `"${pattern}" ${meaning.problem}`);
    else if (meaning.type !== pattern) report([...path, index], `"${pattern}" is not what AWS calls this type. Write ${meaning.type}.`);
  });
}

export function checkProhibitedKey(key: string, known: readonly string[], path: Path, report: Report): void {
  if (key.trim() === '' || key === '*') return report(path, 'Write which keys are prohibited: this one would mean none or all.');
  if (hasTooManyWildcards(key)) return report(path, `"${key}" has more than one *. Use one, and further entries for the rest.`);
  const forbidden = known.find((name) => fitsWildcard(name, key));
  if (forbidden !== undefined) report(path, `"${key}" forbids the tag ${forbidden}, which this policy contains. Remove one of the two.`);
}
