/** A tag rarely has more values than this. */
const MAX_REMEMBERED = 10_000;

/** Caches the results of a pure function of one text. A full cache is cleared: that is rare, and lookups stay cheap. */
export function createBoundedMemo<T extends object | null>(compute: (text: string) => T): (text: string) => T {
  const remembered = new Map<string, T>();
  return (text) => {
    const known = remembered.get(text);
    if (known !== undefined) return known;
    const answer = compute(text);
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(text, answer);
    return answer;
  };
}
