import { distance } from 'fastest-levenshtein';

/** Names longer than this are nobody's mistyped name. Comparing them would cost their length times that of each candidate. */
const MAX_LENGTH = 256;

/**
 * Finds the candidate that a mistyped name most likely means: the one with the fewest edits, up to a third of the name's length or two
 * edits. Ignores letter case, hyphens, underscores and spaces. Returns `undefined` when no candidate is near enough.
 */
export function findNearest(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > MAX_LENGTH) return undefined;
  const wanted = fold(name);
  const limit = Math.max(2, Math.floor(wanted.length / 3));
  let best: string | undefined;
  let fewest = limit + 1;
  for (const candidate of candidates) {
    const known = fold(candidate);
    // There are at least as many edits as the lengths differ.
    if (Math.abs(known.length - wanted.length) >= fewest) continue;
    const edits = distance(wanted, known);
    if (edits < fewest) {
      best = candidate;
      fewest = edits;
    }
  }
  return best;
}

/** ` Did you mean "x"?` with its leading space, or the empty string. Append it to a sentence that rejects a name. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const guess = findNearest(name, candidates);
  return guess === undefined ? '' : ` Did you mean "${guess}"?`;
}

function fold(name: string): string {
  return name.toLowerCase().replaceAll(/[-_\s]/g, '');
}
