import type { Tags } from '@fairway-mcp/aws-sample';

/** User tags that a resource may have; those that AWS sets do not count. */
export const MAX_USER_TAGS = 50;
const MAX_KEY_LENGTH = 128;
const MAX_VALUE_LENGTH = 256;
/** Source: https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** What is wrong with a tag that a request wants to set. Each service has an error of its own for it. */
export type TagProblem = 'empty_key' | 'long_key' | 'long_value' | 'characters' | 'reserved';

export function findTagProblem([key, value]: readonly [string, string]): TagProblem | undefined {
  if (key === '') return 'empty_key';
  if (isSystemTag(key)) return 'reserved';
  if (key.length > MAX_KEY_LENGTH) return 'long_key';
  if (value.length > MAX_VALUE_LENGTH) return 'long_value';
  return ALLOWED.test(key) && ALLOWED.test(value) ? undefined : 'characters';
}

const PROBLEMS: Readonly<Record<TagProblem, string>> = {
  empty_key: 'Tag keys must not be empty.',
  long_key: `Tag keys must be at most ${MAX_KEY_LENGTH} characters long.`,
  long_value: `Tag values must be at most ${MAX_VALUE_LENGTH} characters long.`,
  characters: 'Tag keys and values may hold letters, digits, spaces and _ . : / = + - @ only.',
  reserved: 'Tag keys that begin with aws: are reserved for AWS.',
};

/** The first problem of a set of tags in a sentence, for services whose messages are not documented. */
export function describeTagProblem(tags: Tags): string | undefined {
  const problem = Object.entries(tags).map(findTagProblem).find(Boolean);
  return problem === undefined ? undefined : PROBLEMS[problem];
}

export function isSystemTag(key: string): boolean {
  return /^aws:/i.test(key);
}

export function countUserTags(tags: Tags): number {
  return Object.keys(tags).filter((key) => !isSystemTag(key)).length;
}

/** Tags with others added; `undefined` when that makes more than a resource may have. */
export function addTags(current: Tags | undefined, added: Tags): Tags | undefined {
  const tags = { ...current, ...added };
  return countUserTags(tags) > MAX_USER_TAGS ? undefined : tags;
}

/** Tags without some keys. Those that AWS set stay. */
export function removeTags(current: Tags | undefined, keys: readonly string[]): Tags {
  return Object.fromEntries(Object.entries(current ?? {}).filter(([key]) => isSystemTag(key) || !keys.includes(key)));
}
