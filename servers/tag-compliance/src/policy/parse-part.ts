import { findNearest } from '@fairway-mcp/validation';
import type * as z from 'zod';
import type { Path } from './document.ts';
import type { Report } from './rule-checks.ts';

/**
 * Checks one part of a policy against its schema and reports everything that is wrong with it. Parts are checked one by one, so that
 * a mistake in one does not hide those in others.
 * @param known the settings that the part may have, to name the nearest one.
 * @returns the part, or `undefined` when it is unusable.
 */
export function parsePart<S extends z.ZodType>(schema: S, value: unknown, path: Path, known: readonly string[], report: Report) {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) reportIssue(issue, path, known, report);
  return undefined;
}

function reportIssue(issue: z.core.$ZodIssue, path: Path, known: readonly string[], report: Report): void {
  const place = [...path, ...issue.path.filter((step) => typeof step !== 'symbol')];
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) report([...place, key], unknownSetting(key, known), 'key');
  } else if (issue.code === 'invalid_type') {
    report(
      place,
      issue.input === undefined ? `This is missing: write ${aOrAn(issue.expected)} here.` : `Write ${aOrAn(issue.expected)} here.`,
    );
  } else if (issue.code === 'invalid_value') {
    report(place, `Write one of ${issue.values.map(String).join(', ')} here.`);
  } else if (issue.code === 'too_big' || issue.code === 'too_small') {
    report(place, `Write a number that is ${issue.code === 'too_big' ? `at most ${issue.maximum}` : `at least ${issue.minimum}`} here.`);
  } else {
    report(place, `${issue.message}.`);
  }
}

/** Names the nearest known setting, or all of them when none is near. */
export function unknownSetting(key: string, known: readonly string[]): string {
  const near = findNearest(key, known);
  return `There is no setting "${key}" here. ${near === undefined ? `Use one of ${known.join(', ')}.` : `Did you mean ${near}?`}`;
}

const NAMES: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'a group of settings',
  string: 'a text',
  int: 'a whole number',
  boolean: 'true or false',
};

function aOrAn(expected: string): string {
  return NAMES[expected] ?? `a ${expected}`;
}
