import { distance } from 'fastest-levenshtein';

/**
 * The candidate that a mistyped name most likely meant: fewest edits first, at most a third of the name's length
 * (and at least two edits), letter case ignored. `undefined` when nothing is near.
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = fold(name);
  const limit = Math.max(2, Math.floor(wanted.length / 3));
  let best: string | undefined;
  let fewest = limit + 1;
  for (const candidate of candidates) {
    const edits = distance(wanted, fold(candidate));
    if (edits < fewest) {
      best = candidate;
      fewest = edits;
    }
  }
  return best;
}

/** ` Did you mean "x"?` with its leading space, or the empty string. Made to end a sentence that refuses a name. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const guess = nearest(name, candidates);
  return guess === undefined ? '' : ` Did you mean "${guess}"?`;
}

function fold(name: string): string {
  return name.toLowerCase().replaceAll(/[-_\s]/g, '');
}
