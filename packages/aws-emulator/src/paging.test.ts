import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadToken, type Page, Pager, type PagingOptions } from './paging.ts';

const NUMBERS = Array.from({ length: 60 }, (_, index) => index);

function pagesOf(pager: Pager, all: readonly number[], limit: number, matches?: (item: number) => boolean): Page<number>[] {
  const pages: Page<number>[] = [];
  let token: string | undefined;
  do {
    const page = pager.page(all, { listing: 'numbers', limit, token, ...(matches === undefined ? {} : { matches }) });
    pages.push(page);
    token = page.next;
  } while (token !== undefined);
  return pages;
}

const options = fc.record<PagingOptions>({
  maxPageSize: fc.integer({ min: 1, max: 50 }),
  shortPages: fc.double({ min: 0, max: 1, noNaN: true }),
  emptyPages: fc.double({ min: 0, max: 1, noNaN: true }),
});

describe('Pager', () => {
  it('returns each item once and in order, however irregular the pages', () => {
    fc.assert(
      fc.property(
        options,
        fc.integer(),
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 1, max: 100 }),
        (paging, seed, length, limit) => {
          const all = NUMBERS.slice(0, length);
          const pages = pagesOf(new Pager(paging, seed, () => 0), all, limit);
          expect(pages.flatMap(({ items }) => items)).toEqual(all);
          const most = Math.min(limit, paging.maxPageSize ?? limit);
          expect(pages.every(({ items }) => items.length <= most)).toBe(true);
        },
      ),
    );
  });

  it('leaves out items that do not match, and may end with an empty page', () => {
    const pages = pagesOf(new Pager({}, 1, () => 0), NUMBERS, 3, (item) => item < 3);
    expect(pages.map(({ items }) => items)).toEqual([[0, 1, 2], []]);
  });

  it('makes pages short and empty on request, the same ones for the same seed', () => {
    const sizes = (seed: number) =>
      pagesOf(new Pager({ maxPageSize: 8, shortPages: 0.5, emptyPages: 0.5 }, seed, () => 0), NUMBERS, 100).map(
        ({ items }) => items.length,
      );
    expect(sizes(3)).toEqual(sizes(3));
    expect(sizes(3)).not.toEqual(sizes(4));
    expect(sizes(3)).toContain(0);
    expect(sizes(3).some((size) => size > 0 && size < 8)).toBe(true);
  });

  it('keeps a page within a budget, though one item always fits', () => {
    const pager = new Pager({}, 1, () => 0);
    const page = pager.page([5, 5, 9, 1], { listing: 'weights', limit: 10, token: undefined, budget: { most: 10, weigh: (item) => item } });
    expect(page.items).toEqual([5, 5]);
    const heavy = pager.page([50, 1], { listing: 'weights', limit: 10, token: undefined, budget: { most: 10, weigh: (item) => item } });
    expect(heavy.items).toEqual([50]);
  });

  it('accepts a token for its own listing only, unchanged and not expired', () => {
    let now = 0;
    const pager = new Pager({ tokenLifetimeMs: 1000 }, 1, () => now);
    const { next = '' } = pager.page(NUMBERS, { listing: 'numbers', limit: 5, token: undefined });
    const use = (token: string, listing: string) => () => pager.page(NUMBERS, { listing, limit: 5, token });
    expect(use(next, 'numbers')().items).toEqual([5, 6, 7, 8, 9]);
    expect(use(next, 'letters')).toThrow(expect.objectContaining({ reason: 'invalid' }));
    expect(use(`x${next}`, 'numbers')).toThrow(BadToken);
    now = 1001;
    expect(use(next, 'numbers')).toThrow(expect.objectContaining({ reason: 'expired' }));
  });
});
