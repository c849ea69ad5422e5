/** How many answers a memo keeps. A tag has rarely more values, and never so many that are worth remembering. */
const MAX_REMEMBERED = 10_000;

/** Remembers the answers of a pure function of one text. When full it forgets all: that is rare, and keeps looking up cheap. */
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
