import { TokenBucket } from '@fairway-mcp/async';
import { LRUCache } from 'lru-cache';

/** What came from one address. */
interface Refused {
  /** How many refusals it may still cause. */
  readonly left: TokenBucket;
  /** How many there were since it had all of them left. */
  count: number;
}

const MAX_ADDRESSES = 10_000;

/** Counts refused credentials by the address that they came from, so that nobody can try many. */
export class RefusalLimiter {
  readonly #perMinute: number;
  readonly #now: () => number;
  readonly #byNetwork = new LRUCache<string, Refused>({ maxSize: MAX_ADDRESSES, sizeCalculation: () => 1 });

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
    return this.#byNetwork.size === 0;
  }

  /** Counts a refusal. @returns how many there were from this address since it had been quiet for a while */
  add(address: string | undefined): number {
    const network = networkOf(address);
    const found = this.#byNetwork.get(network) ?? { left: new TokenBucket(this.#perMinute, this.#perMinute / 60, this.#now), count: 0 };
    if (this.#perMinute > 0 && found.left.isFull) found.count = 0;
    found.left.tryTake();
    found.count += 1;
    this.#byNetwork.set(network, found);
    return found.count;
  }

  /** How many seconds the address must wait before a credential from it is looked at; `undefined` when it need not wait. */
  waitSeconds(address: string | undefined): number | undefined {
    const waitMs = this.#perMinute === 0 ? 0 : (this.#byNetwork.get(networkOf(address))?.left.waitMs() ?? 0);
    return waitMs === 0 ? undefined : Math.ceil(waitMs / 1000);
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
