import { createHash } from 'node:crypto';

export interface PagingOptions {
  /** No page holds more than this, whatever the request allows. Default: what each service documents. */
  maxPageSize?: number;
  /** Which share of pages is cut short, at least one item left. Default 0. */
  shortPages?: number;
  /** Which share of pages comes empty, with a token for more, where the service may do so. Default 0. */
  emptyPages?: number;
  /** How long a token may be used, in milliseconds. Default: an hour. */
  tokenLifetimeMs?: number;
}

/** A page of a listing. `next` is there when there may be more. */
export interface Page<T> {
  items: T[];
  next: string | undefined;
}

/** A token that this stand-in did not give out for this request, or too long ago. Each service has its own words for it. */
export class BadToken extends Error {
  readonly reason: 'invalid' | 'expired';

  constructor(reason: 'invalid' | 'expired') {
    super(`the pagination token is ${reason}`);
    this.name = 'BadToken';
    this.reason = reason;
  }
}

interface Position {
  offset: number;
  afterEmpty: boolean;
}

/** What page of which listing is asked for. */
export interface PageRequest<T> {
  /** Names what is listed, with everything that decides what is in it: a token is good for the same listing only. */
  listing: string;
  limit: number;
  token: string | undefined;
  /**
   * Leaves out what the request does not want. What was looked at and left out still moves the token on, so that the last
   * page may be empty, as with AWS.
   */
  matches?: (item: T) => boolean;
  /** Ends a page before it gets too heavy; one item always fits. */
  budget?: { most: number; weigh: (item: T) => number } | undefined;
  /** How long the service's tokens live, unless the tests say otherwise. */
  lifetimeMs?: number;
}

const START: Position = { offset: 0, afterEmpty: false };
const DEFAULT_LIFETIME_MS = 3_600_000;

/**
 * Cuts listings into pages as AWS does: opaque tokens that fit one listing only and expire, pages that are short for no
 * visible reason, and empty ones. What is short or empty depends on the seed and the place, so a run can be repeated.
 */
export class Pager {
  readonly #options: PagingOptions;
  readonly #seed: number;
  readonly #now: () => number;

  constructor(options: PagingOptions, seed: number, now: () => number) {
    this.#options = options;
    this.#seed = seed;
    this.#now = now;
  }

  /** @throws BadToken */
  page<T>(all: readonly T[], { listing, limit, token, matches = () => true, budget, lifetimeMs }: PageRequest<T>): Page<T> {
    const { offset, afterEmpty } = token === undefined || token === '' ? START : this.#read(token, listing, lifetimeMs);
    if (!afterEmpty && offset < all.length && this.#luck(listing, offset, 'empty') < (this.#options.emptyPages ?? 0)) {
      return { items: [], next: this.#token(listing, offset, true) };
    }
    const most = this.#size(listing, offset, limit);
    const items: T[] = [];
    let position = offset;
    let weight = 0;
    for (; position < all.length && items.length < most; position += 1) {
      const item = all[position];
      if (item === undefined || !matches(item)) continue;
      weight += budget?.weigh(item) ?? 0;
      if (budget !== undefined && weight > budget.most && items.length > 0) break;
      items.push(item);
    }
    return { items, next: position < all.length ? this.#token(listing, position, false) : undefined };
  }

  /** How many items a page may hold, for listings whose token is not opaque. */
  size(limit: number): number {
    return Math.max(1, Math.min(limit, this.#options.maxPageSize ?? limit));
  }

  #size(listing: string, offset: number, limit: number): number {
    const size = this.size(limit);
    const isShort = this.#luck(listing, offset, 'short') < (this.#options.shortPages ?? 0);
    return isShort ? 1 + Math.floor(this.#luck(listing, offset, 'size') * (size - 1)) : size;
  }

  #token(listing: string, offset: number, afterEmpty: boolean): string {
    const body = Buffer.from(`${offset}/${this.#now()}/${afterEmpty ? 1 : 0}`).toString('base64url');
    return `${body}.${this.#seal(listing, body)}`;
  }

  #read(token: string, listing: string, lifetimeMs = DEFAULT_LIFETIME_MS): Position {
    const [body = '', seal] = token.split('.');
    if (seal !== this.#seal(listing, body)) throw new BadToken('invalid');
    const [offset = 0, issuedAt = 0, afterEmpty] = Buffer.from(body, 'base64url').toString().split('/').map(Number);
    if (this.#now() - issuedAt > (this.#options.tokenLifetimeMs ?? lifetimeMs)) throw new BadToken('expired');
    return { offset, afterEmpty: afterEmpty === 1 };
  }

  #seal(listing: string, body: string): string {
    return createHash('sha256').update(`${this.#seed}\n${listing}\n${body}`).digest('base64url').slice(0, 22);
  }

  #luck(listing: string, offset: number, kind: string): number {
    return createHash('sha256').update(`${this.#seed}\n${kind}\n${listing}\n${offset}`).digest().readUInt32BE() / 0x1_0000_0000;
  }
}
