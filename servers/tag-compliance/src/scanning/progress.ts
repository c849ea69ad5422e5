import type { Waiting } from '../inventory/source.ts';

/** Telling more often than this helps nobody. */
const EVERY_MS = 250;
/** How much of a slice a page is taken for while nobody knows how many there are: the first half after this many. */
const HALF_WAY_PAGES = 8;

/**
 * Turns what happens in a scan into progress that always grows: a finished slice counts one, an unfinished one a part of one that
 * grows with each page, so that a long listing keeps its caller patient too.
 */
export class ScanProgress {
  #tell: Waiting['progress'];
  readonly #now: () => number;
  readonly #pages = new Map<object, { pages: number; resources: number }>();
  #total = 0;
  #finished = 0;
  #resources = 0;
  #toldAt = Number.NEGATIVE_INFINITY;
  #told = 0;

  constructor(tell: Waiting['progress'], now: () => number) {
    this.#tell = tell;
    this.#now = now;
  }

  expect(parts: number): void {
    this.#total += parts;
  }

  /** A page of a slice came. @param slice stands for the slice */
  page(slice: object, resources: number): void {
    const seen = this.#pages.get(slice) ?? { pages: 0, resources: 0 };
    this.#pages.set(slice, { pages: seen.pages + 1, resources: seen.resources + resources });
    this.#report('');
  }

  /** A slice is done. @param where for a person, as in `eu-west-1 of account 111122223333` */
  finish(slice: object, resources: number, where: string): void {
    this.#pages.delete(slice);
    this.#finished += 1;
    this.#resources += resources;
    this.#report(where);
  }

  /** The caller has its answer: what still goes on is not its concern any more. */
  end(): void {
    this.#tell = () => undefined;
  }

  get finished(): number {
    return this.#finished;
  }

  get total(): number {
    return this.#total;
  }

  #report(where: string): void {
    const isLast = this.#finished === this.#total;
    if (!isLast && this.#now() - this.#toldAt < EVERY_MS) return;
    let partly = 0;
    let resources = this.#resources;
    for (const seen of this.#pages.values()) {
      partly += seen.pages / (seen.pages + HALF_WAY_PAGES);
      resources += seen.resources;
    }
    const done = Math.round((this.#finished + partly) * 100) / 100;
    if (done <= this.#told) return;
    this.#told = done;
    this.#toldAt = this.#now();
    const last = where === '' ? '' : `, last ${where}`;
    this.#tell(done, this.#total, `${resources} resources listed, ${this.#finished} of ${this.#total} parts done${last}`);
  }
}
