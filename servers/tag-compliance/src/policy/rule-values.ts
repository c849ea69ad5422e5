import { createBoundedMemo } from './memo.ts';
import { nearValue } from './near-miss.ts';
import type { NamingRules, TagRule } from './policy.ts';
import { compileRegex, fitsWildcard, hasWildcard } from './value-pattern.ts';
import type { ViolationKind } from './violation.ts';

/** What is wrong with a value. */
export interface ValueFault {
  kind: Extract<ViolationKind, 'invalid_value' | 'near_miss_value' | 'invalid_format'>;
  suggestion?: string;
  expected?: string;
}

/** Checks values against a rule; results are cached by value. */
export interface RuleValues {
  /** `undefined` when the value is right. */
  faultOf(value: string): ValueFault | undefined;
  /** What would be right, in words, besides the allowed values; `undefined` when there is nothing to add. */
  expected: string | undefined;
}

export function compileValues(
  rule: TagRule,
  isRequired: boolean,
  { case_sensitivity: { values: isCaseSensitive } }: NamingRules,
): RuleValues {
  const { allowed_values: allowed, validation_regex: pattern } = rule;
  const matches = pattern === undefined ? () => true : compileRegex(pattern);
  const isAllowed = allowed === undefined ? undefined : allowedTest(allowed, isCaseSensitive);
  const expected = expectation(rule, isRequired);

  function check(value: string): ValueFault | null {
    if (isAllowed !== undefined && !isAllowed(value)) return notAllowed(value, allowed ?? [], expected);
    if (!matches(value)) return withSuggestion({ kind: 'invalid_format', expected }, rightSpelling(value, matches));
    // Cost reports cannot tell an empty value from a missing tag.
    if (isRequired && allowed === undefined && pattern === undefined && value.trim() === '') return { kind: 'invalid_value', expected };
    return null;
  }
  const memo = createBoundedMemo(check);
  return { faultOf: (value) => memo(value) ?? undefined, expected };
}

function allowedTest(allowed: readonly string[], isCaseSensitive: boolean): (value: string) => boolean {
  const normal = (text: string) => (isCaseSensitive ? text : text.toLowerCase());
  const exact = new Set(allowed.filter((value) => !hasWildcard(value)).map(normal));
  const patterns = allowed.filter(hasWildcard).map(normal);
  return (value) => exact.has(normal(value)) || patterns.some((pattern) => fitsWildcard(normal(value), pattern));
}

function notAllowed(value: string, allowed: readonly string[], expected: string | undefined): ValueFault {
  const near = nearValue(value, allowed);
  return withSuggestion({ kind: near === undefined ? 'invalid_value' : 'near_miss_value', expected }, near);
}

/** The value in the spelling that the pattern accepts, if only its letter case or surrounding spaces are wrong. */
function rightSpelling(value: string, matches: (value: string) => boolean): string | undefined {
  const trimmed = value.trim();
  return [trimmed, trimmed.toUpperCase(), trimmed.toLowerCase()].find(matches);
}

function withSuggestion(fault: { kind: ValueFault['kind']; expected: string | undefined }, suggestion: string | undefined): ValueFault {
  return {
    kind: fault.kind,
    ...(suggestion !== undefined && { suggestion }),
    ...(fault.expected !== undefined && { expected: fault.expected }),
  };
}

/** Every violation lists the allowed values, so words are needed only for what a list cannot say. */
function expectation({ allowed_values, validation_regex }: TagRule, isRequired: boolean): string | undefined {
  if (validation_regex !== undefined) return `a value that matches ${validation_regex}`;
  return isRequired && allowed_values === undefined ? 'a value that is not empty' : undefined;
}
