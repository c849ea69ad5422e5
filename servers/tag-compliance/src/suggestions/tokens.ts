import { wordsOf } from '../policy/near-miss.ts';

/** Words that are in many names and carry no information. */
const EMPTY_WORDS = new Set(['aws', 'amazon', 'arn', 'the', 'and', 'for', 'of']);

/** Whether AWS generated this text: `i-0abc1234`, a UUID, a long hexadecimal number, a version number. */
export function isAwsId(text: string): boolean {
  return (
    /^[a-z]+-[0-9a-f]{8,17}$/.test(text) ||
    /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?:-\d+)?$/i.test(text) ||
    /^(?=.*\d)[0-9a-f]{8,}$/i.test(text) ||
    /^(?=.*\d)[0-9A-Z]{10,}$/.test(text) ||
    /^\d+$/.test(text)
  );
}

/**
 * The words of a name, in lower case and in order: `payments-api-prod-01` gives payments, api, prod. Numbers at the end of a word and
 * generated ids are left out.
 */
export function tokensOf(name: string): string[] {
  if (isAwsId(name)) return [];
  const parts = name.split(/[\s/:._-]+/).filter((part) => !isAwsId(part));
  return parts
    .flatMap(wordsOf)
    .map((word) => word.replace(/^(\p{L}{3,})\d+$/u, '$1'))
    .filter((word) => /^\p{L}{2,}$|^\p{L}+\d\p{L}*$/u.test(word) && word.length <= 30 && !EMPTY_WORDS.has(word));
}

/** Whether `words` contains the words of `part` one after the other. */
export function holdsWords(words: readonly string[], part: readonly string[]): boolean {
  return part.length > 0 && words.some((_, start) => part.every((word, index) => words[start + index] === word));
}
