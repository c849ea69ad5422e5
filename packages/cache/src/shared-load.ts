import { waitFor } from '@fairway-mcp/async';

/**
 * A load that several callers wait for. It is aborted when the last of them leaves, which libraries that merge concurrent loads do not
 * offer (lru-cache's `fetch`, for one, also keeps its values in its own memory only).
 */
export class SharedLoad<T> {
  readonly promise: Promise<T>;
  readonly #controller = new AbortController();
  #waiting = 0;
  #outlivesCallers = false;

  constructor(load: (signal: AbortSignal) => Promise<T>) {
    this.promise = load(this.#controller.signal);
    this.promise.catch(() => undefined);
  }

  /**
   * Waits for the value until the caller's signal aborts.
   * @param outliveCallers continue to load when every caller has left
   */
  async wait({ signal, outliveCallers = false }: { signal?: AbortSignal; outliveCallers?: boolean }): Promise<T> {
    this.#waiting += 1;
    this.#outlivesCallers ||= outliveCallers;
    try {
      return await waitFor(this.promise, { signal });
    } finally {
      this.#waiting -= 1;
      if (this.#waiting === 0 && !this.#outlivesCallers) this.#controller.abort(signal?.reason ?? new Error('All callers have left.'));
    }
  }
}
