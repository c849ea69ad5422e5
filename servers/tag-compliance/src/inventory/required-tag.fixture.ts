import type { RequiredTag } from './source.ts';

/** For tests: a required tag with any value, or with one of a list. */
export function listedTag(key: string, ...values: string[]): RequiredTag {
  const isAny = values.length === 0;
  return { key, accepts: (value) => isAny || values.includes(value), values: isAny ? 'any' : values, types: [] };
}

/** For tests: a required tag whose values only a pattern can tell. */
export function patternedTag(key: string, pattern: RegExp, ...types: string[]): RequiredTag {
  return { key, accepts: (value) => pattern.test(value), values: undefined, types };
}
