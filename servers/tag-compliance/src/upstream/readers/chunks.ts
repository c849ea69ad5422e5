import { Limiter } from '../../scanning/limiter.ts';

/**
 * Works on some items at a time, a few of these jobs at once. Their pace is the clients' business.
 * @throws the signal's reason, or what a job throws
 */
export async function inChunks<T, R>(
  { signal }: { signal: AbortSignal },
  items: readonly T[],
  size: number,
  work: (some: readonly T[]) => Promise<readonly R[]>,
): Promise<R[]> {
  const limiter = new Limiter(PARALLEL);
  const chunks = Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
  const results = await Promise.all(chunks.map((some) => limiter.run(signal, () => work(some))));
  return results.flat();
}

const PARALLEL = 8;
