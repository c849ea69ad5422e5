/** Counts what is going on, and tells when nothing is any more. */
export class Occupancy {
  #inside = 0;
  #empty: (() => void) | undefined;

  enter(): void {
    this.#inside += 1;
  }

  leave(): void {
    this.#inside -= 1;
    if (this.#inside === 0) this.#empty?.();
  }

  /** Resolves when nothing is going on any more, or after the given time. */
  async emptied(patienceMs: number): Promise<void> {
    if (this.#inside === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#empty = resolve;
    const timer = setTimeout(resolve, patienceMs);
    await promise;
    clearTimeout(timer);
  }
}
