/**
 * Whole numbers of any size, which are doubles as long as that is exact: a million lines of bigints would take ten times as long.
 */
export type Whole = number | bigint;

/** Below this the sum of two is a whole number that a double holds. */
const EXACT = 2 ** 52;

export function narrow(amount: bigint): Whole {
  if (amount === 0n) return 0;
  const double = Number(amount);
  return isExact(double) ? double : amount;
}

function isExact(double: number): boolean {
  return double < EXACT && double > -EXACT;
}

/** The sum of whole numbers, exact whatever its size. */
export class ExactSum {
  #low = 0;
  #high = 0n;

  add(amount: Whole): void {
    if (typeof amount === 'bigint') {
      this.#high += amount;
      return;
    }
    this.#low += amount;
    if (!isExact(this.#low)) {
      this.#high += BigInt(this.#low);
      this.#low = 0;
    }
  }

  get value(): bigint {
    return this.#high + BigInt(this.#low);
  }
}

/** Doubles of up to this size err by less than a hundredth in the few operations that are done with them here. */
const NEARLY_EXACT = 2 ** 43;
const DOUBT = 0.02;

/**
 * `cost × ratio − cost`, rounded to a whole number.
 * @returns `undefined` where doubles cannot decide how to round
 */
export function growthOf(cost: number, ratio: number): number | undefined {
  const grown = cost * ratio;
  if (!(Math.abs(grown) + Math.abs(cost) < NEARLY_EXACT)) return undefined;
  const growth = grown - cost;
  const rounded = Math.round(growth);
  return Math.abs(Math.abs(growth - rounded) - 0.5) < DOUBT ? undefined : rounded;
}
