import type { CallContext } from '../inventory/source.ts';

/** More frequent reports help no one. */
const REPORT_INTERVAL_MS = 250;
/** How many pages count as half of a slice whose number of pages is not known yet. */
const HALF_WAY_PAGES = 8;

/**
 * Progress of a scan that never goes back: a finished slice counts as one, an unfinished one as a part of one that grows with each page,
 * so that a long listing reports progress too.
 */
export class ScanProgress {
  #report: CallContext['progress'];
  readonly #now: () => number;
  readonly #pages = new Map<object, { pages: number; resources: number }>();
  #total = 0;
  #finished = 0;
  #resources = 0;
  #reportedAt = Number.NEGATIVE_INFINITY;
  #reported = 0;

  constructor(report: CallContext['progress'], now: () => number) {
    this.#report = report;
    this.#now = now;
  }

  expect(parts: number): void {
    this.#total += parts;
  }

  /** A page of a slice was read. @param slice any object that identifies it */
  page(slice: object, resources: number): void {
    const seen = this.#pages.get(slice) ?? { pages: 0, resources: 0 };
    this.#pages.set(slice, { pages: seen.pages + 1, resources: seen.resources + resources });
    this.#reportIfDue('');
  }

  /** A slice is finished. @param where for users, as in `eu-west-1 of account 111122223333` */
  finish(slice: object, resources: number, where: string): void {
    this.#pages.delete(slice);
    this.#finished += 1;
    this.#resources += resources;
    this.#reportIfDue(where);
  }

  /** Stops the reports: the caller has its answer. */
  end(): void {
    this.#report = () => undefined;
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
    let resources = this.#resources;
    for (const seen of this.#pages.values()) {
      unfinished += seen.pages / (seen.pages + HALF_WAY_PAGES);
      resources += seen.resources;
    }
    const done = Math.round((this.#finished + unfinished) * 100) / 100;
    if (done <= this.#reported) return;
    this.#reported = done;
    this.#reportedAt = this.#now();
    const last = where === '' ? '' : `, last ${where}`;
    this.#report(done, this.#total, `${resources} resources listed, ${this.#finished} of ${this.#total} parts done${last}`);
  }
}
