/** A stream of numbers that is the same for the same seed on every machine. Not for secrets. */
export interface Random {
  /** At least 0, below 1. */
  next(): number;
  /** A whole number, at least 0, below `limit`. */
  int(limit: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** @throws RangeError when the list is empty. */
  pick<T>(list: readonly T[]): T;
  /** Lower-case hexadecimal digits. */
  hex(digits: number): string;
  /** Letters and digits of base 32, as AWS uses in unique ids. */
  base32(digits: number): string;
  /** Around `median`, never negative, with a long tail; `spread` 1 puts two thirds between a third and three times the median. */
  longTail(median: number, spread: number): number;
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** `label` gives independent streams from one seed. */
export function createRandom(seed: number, label: string): Random {
  const word = sfc32(...hash128(`${seed}/${label}`));
  const next = () => word() / 0x1_0000_0000;
  const int = (limit: number) => Math.floor(next() * limit);
  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick(list) {
      const item = list[int(list.length)];
      if (item === undefined) throw new RangeError('cannot pick from an empty list');
      return item;
    },
    hex(digits) {
      let text = '';
      while (text.length < digits) text += word().toString(16).padStart(8, '0');
      return text.slice(0, digits);
    },
    base32: (digits) => Array.from({ length: digits }, () => BASE32[int(BASE32.length)]).join(''),
    longTail: (median, spread) => median * Math.exp(spread * normal(next)),
  };
}

/** One draw of a standard normal distribution (Box and Muller, 1958). */
function normal(next: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

/** Chris Doty-Humphrey's Small Fast Counting generator, 32-bit words. Source: https://pracrand.sourceforge.net/RNG_engines.txt */
function sfc32(first: number, second: number, third: number, fourth: number): () => number {
  let [a, b, c, counter] = [first, second, third, fourth];
  const word = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let round = 0; round < 15; round += 1) word();
  return word;
}

/** Four words from a text: FNV-1a from four starting points, so that close seeds give unlike streams. */
function hash128(text: string): [number, number, number, number] {
  return [hash32(text, 0x811c9dc5), hash32(text, 0x9e3779b9), hash32(text, 0x85ebca6b), hash32(text, 0xc2b2ae35)];
}

/** FNV-1a with a final mix. Source: https://datatracker.ietf.org/doc/html/builder-eastlake-fnv */
function hash32(text: string, start = 0x811c9dc5): number {
  let hash = start;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
