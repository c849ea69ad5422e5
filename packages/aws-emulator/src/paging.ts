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

/** A token that was not issued for this request, or has expired. Each service has its own error for it. */
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

/** The requested page of a listing. */
export interface PageRequest<T> {
  /** Names what is listed, with everything that decides its content: a token is valid for the same listing only. */
  listing: string;
  limit: number;
  token: string | undefined;
  /**
   * Keeps what the request wants. Items that it leaves out still advance the token, so that the last page may be empty, as with AWS.
   */
  matches?: (item: T) => boolean;
  /** Ends a page before its items' weights exceed `most`; one item always fits. */
  budget?: { most: number; weigh: (item: T) => number } | undefined;
  /** How long the service's tokens are valid, unless `tokenLifetimeMs` is set. */
  lifetimeMs?: number;
}

const START: Position = { offset: 0, afterEmpty: false };
const DEFAULT_LIFETIME_MS = 3_600_000;

/**
 * Splits listings into pages as AWS does: opaque tokens that are valid for one listing only and expire, short pages and empty ones.
 * Which are short or empty depends on the seed and the position, so that a run can be repeated.
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
    if (!afterEmpty && offset < all.length && this.#chance(listing, offset, 'empty') < (this.#options.emptyPages ?? 0)) {
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
    const isShort = this.#chance(listing, offset, 'short') < (this.#options.shortPages ?? 0);
    return isShort ? 1 + Math.floor(this.#chance(listing, offset, 'size') * (size - 1)) : size;
  }

  #token(listing: string, offset: number, afterEmpty: boolean): string {
    const body = Buffer.from(`${offset}/${this.#now()}/${afterEmpty ? 1 : 0}`).toString('base64url');
    return `${body}.${this.#signature(listing, body)}`;
  }

  #read(token: string, listing: string, lifetimeMs = DEFAULT_LIFETIME_MS): Position {
    const [body = '', seal] = token.split('.');
    if (seal !== this.#signature(listing, body)) throw new BadToken('invalid');
    const [offset = 0, issuedAt = 0, afterEmpty] = Buffer.from(body, 'base64url').toString().split('/').map(Number);
    if (this.#now() - issuedAt > (this.#options.tokenLifetimeMs ?? lifetimeMs)) throw new BadToken('expired');
    return { offset, afterEmpty: afterEmpty === 1 };
  }

  #signature(listing: string, body: string): string {
    return createHash('sha256').update(`${this.#seed}\n${listing}\n${body}`).digest('base64url').slice(0, 22);
  }

  #chance(listing: string, offset: number, kind: string): number {
    return createHash('sha256').update(`${this.#seed}\n${kind}\n${listing}\n${offset}`).digest().readUInt32BE() / 0x1_0000_0000;
  }
}
