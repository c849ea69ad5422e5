/** Lets others have their turn: what takes long must not hold up a server that answers many. */
export type Breathe = () => Promise<void>;

/** Works on one item after the other, and breathes after each so many. */
export async function inTurns<T>(
  items: readonly T[],
  atOnce: number,
  breathe: Breathe,
  work: (item: T, index: number) => void,
): Promise<void> {
  for (const [index, item] of items.entries()) {
    if (index > 0 && index % atOnce === 0) await breathe();
    work(item, index);
  }
}
