import { waitAtMost } from '@fairway-mcp/async';

/** Counts what has started and not finished. */
export class InFlight {
  #count = 0;
  #settled: (() => void) | undefined;

  start(): void {
    this.#count += 1;
  }

  finish(): void {
    this.#count -= 1;
    if (this.#count === 0) this.#settled?.();
  }

  /** Resolves when everything has finished, or after the given time. */
  async settled(timeoutMs: number): Promise<void> {
    if (this.#count === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#settled = resolve;
    await waitAtMost(timeoutMs, promise);
  }
}
