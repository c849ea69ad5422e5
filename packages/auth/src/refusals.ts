import { LRUCache } from 'lru-cache';

/** A token bucket: `tokens` as of `at`, refilled in proportion to time, and how many refusals there were since it was full. */
interface Bucket {
  tokens: number;
  at: number;
  count: number;
}

const MINUTE_MS = 60_000;
const MAX_ADDRESSES = 10_000;

/** Counts refused credentials by the address that they came from, so that nobody can try many. */
export class RefusalLimiter {
  readonly #perMinute: number;
  readonly #now: () => number;
  readonly #buckets = new LRUCache<string, Bucket>({ maxSize: MAX_ADDRESSES, sizeCalculation: () => 1 });

  /**
   * @param perMinute how many refusals one address may cause in a minute; 0 is no limit
   * @param now a monotonic clock in milliseconds
   */
  constructor(perMinute: number, now: () => number = () => performance.now()) {
    this.#perMinute = perMinute;
    this.#now = now;
  }

  /** Whether no address has been counted: then there is nothing to ask. */
  get isEmpty(): boolean {
    return this.#buckets.size === 0;
  }

  /** Counts a refusal. @returns how many there were from this address since it had been quiet for a while */
  add(address: string | undefined): number {
    const bucket = this.#refill(networkOf(address));
    bucket.tokens = Math.max(0, bucket.tokens - 1);
    bucket.count += 1;
    return bucket.count;
  }

  /** How many seconds the address must wait before a credential from it is looked at; `undefined` when it need not wait. */
  waitSeconds(address: string | undefined): number | undefined {
    if (this.#perMinute === 0 || !this.#buckets.has(networkOf(address))) return undefined;
    const { tokens } = this.#refill(networkOf(address));
    return tokens >= 1 ? undefined : Math.max(1, Math.ceil(((1 - tokens) * MINUTE_MS) / this.#perMinute / 1000));
  }

  #refill(network: string): Bucket {
    const now = this.#now();
    const bucket = this.#buckets.get(network) ?? { tokens: this.#perMinute, at: now, count: 0 };
    bucket.tokens = Math.min(this.#perMinute, bucket.tokens + ((now - bucket.at) * this.#perMinute) / MINUTE_MS);
    bucket.at = now;
    if (this.#perMinute > 0 && bucket.tokens === this.#perMinute) bucket.count = 0;
    this.#buckets.set(network, bucket);
    return bucket;
  }
}

/** The address itself, or the /64 of an IPv6 address: one machine usually has all of its addresses. */
export function networkOf(address = ''): string {
  const [, ipv4] = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  if (ipv4 !== undefined || !address.includes(':')) return ipv4 ?? address;
  const [left = '', right] = (address.split('%')[0] ?? '').split('::');
  const [first, last] = [left, right ?? ''].map((part) => (part === '' ? [] : part.split(':')));
  const zeros = right === undefined ? 0 : Math.max(0, 8 - (first?.length ?? 0) - (last?.length ?? 0));
  const groups = [...(first ?? []), ...Array.from({ length: zeros }, () => '0'), ...(last ?? [])];
  return `${groups.slice(0, 4).join(':')}::/64`;
}
