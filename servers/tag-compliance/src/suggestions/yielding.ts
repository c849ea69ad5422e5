/** Lets other work of this process run: a long computation must not block a server that answers many callers. */
export type Yield = () => Promise<void>;

/** Processes items one by one and yields after every `batchSize` of them. */
export async function forEachYielding<T>(
  items: readonly T[],
  batchSize: number,
  yieldToOthers: Yield,
  work: (item: T, index: number) => void,
): Promise<void> {
  for (const [index, item] of items.entries()) {
    if (index > 0 && index % batchSize === 0) await yieldToOthers();
    work(item, index);
  }
}
