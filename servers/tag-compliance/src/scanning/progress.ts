import type { CallContext } from '../inventory/source.ts';

/** More frequent reports help no one. */
const REPORT_INTERVAL_MS = 250;
/** How many pages count as half of a slice whose number of pages is not known yet. */
const HALF_WAY_PAGES = 8;

/**
 * Progress of a scan that never goes back: a finished slice counts as one, an unfinished one as a part of one that grows with each page,
 * so that a long listing reports progress too. Resources are counted as in the answer: of finished slices, each once, those that the query
 * wants.
 */
export class ScanProgress {
  readonly #report: CallContext['progress'];
  readonly #now: () => number;
  readonly #pages = new Map<object, number>();
  readonly #seen = new Set<string>();
  #total = 0;
  #finished = 0;
  #reportedAt = Number.NEGATIVE_INFINITY;
  #reported = 0;
  #isEnded = false;

  /** @param now a monotonic clock in milliseconds: a wall clock that goes back would end the reports */
  constructor(report: CallContext['progress'], now: () => number = () => performance.now()) {
    this.#report = report;
    this.#now = now;
  }

  expect(parts: number): void {
    this.#total += parts;
  }

  /** A page of a slice was read. @param slice any object that identifies it */
  page(slice: object): void {
    if (this.#isEnded) return;
    this.#pages.set(slice, (this.#pages.get(slice) ?? 0) + 1);
    this.#reportIfDue('');
  }

  /**
   * A slice is finished.
   * @param resources those that the answer will contain
   * @param where for users, as in `eu-west-1 of account 111122223333`
   */
  finish(slice: object, resources: readonly { arn: string }[], where: string): void {
    this.#pages.delete(slice);
    this.#finished += 1;
    if (this.#isEnded) return;
    for (const { arn } of resources) this.#seen.add(arn);
    this.#reportIfDue(where);
  }

  /** A last report, of what the answer contains. The caller gets none after its answer. */
  end(): void {
    this.#reportedAt = Number.NEGATIVE_INFINITY;
    this.#reportIfDue('');
    this.#isEnded = true;
    this.#seen.clear();
  }

  get finished(): number {
    return this.#finished;
  }

  get total(): number {
    return this.#total;
  }

  #reportIfDue(where: string): void {
    const isLast = this.#finished === this.#total;
    if (!isLast && this.#now() - this.#reportedAt < REPORT_INTERVAL_MS) return;
    let unfinished = 0;
    for (const pages of this.#pages.values()) unfinished += pages / (pages + HALF_WAY_PAGES);
    const done = Math.round((this.#finished + unfinished) * 100) / 100;
    if (done <= this.#reported) return;
    this.#reported = done;
    this.#reportedAt = this.#now();
    const last = where === '' ? '' : `, last ${where}`;
    this.#report(done, this.#total, `${this.#seen.size} resources seen, ${this.#finished} of ${this.#total} parts done${last}`);
  }
}
