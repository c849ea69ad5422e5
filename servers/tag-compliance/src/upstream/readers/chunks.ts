import pLimit from 'p-limit';

/** The most requests of one listing in flight; the AWS clients pace them. */
const CONCURRENCY = 8;

/**
 * Processes items in chunks, a few chunks at a time.
 * @throws the signal's reason, or what the work throws
 */
export async function inChunks<T, R>(
  { signal }: { signal: AbortSignal },
  items: readonly T[],
  size: number,
  work: (chunk: readonly T[]) => Promise<readonly R[]>,
): Promise<R[]> {
  const chunks = Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
  const results = await pLimit(CONCURRENCY).map(chunks, (chunk) => {
    signal.throwIfAborted();
    return work(chunk);
  });
  return results.flat();
}
