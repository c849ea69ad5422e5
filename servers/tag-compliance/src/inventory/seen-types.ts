import type { Coverage } from './coverage.ts';

/**
 * Types of which not everything was seen, in order; `*` when that is so of all types somewhere. Besides the types of gaps these are the
 * found ones that have no listing of their own: of them the never-tagged are not seen.
 */
export function partlySeenTypes({ entries }: Coverage, found: readonly string[]): string[] {
  const listed = new Set(entries.flatMap(({ types }) => types));
  const inGaps = entries.flatMap(({ types, status }) => (status === 'complete' ? [] : types));
  return [...new Set([...inGaps, ...found.filter((type) => !listed.has(type))])].sort();
}
