import type { Units } from '../bill/units.ts';
import { type ChangeParts, type Lengths, noParts, volumePart } from './change-parts.ts';
import { ExactSum } from './exact-number.ts';
import type { LineChange } from './line-change.ts';

type SumName = Exclude<keyof LineChange, 'kind' | 'amount' | 'usedBefore' | 'usedAfter'> | LineChange['kind'];

/** A change, and what it consists of. */
export interface Explained {
  /** Net amounts. */
  before: Units;
  after: Units;
  parts: ChangeParts;
}

/** What the lines of a group add up to. */
export class GroupSum {
  readonly #sums: Readonly<Record<SumName, ExactSum>> = {
    before: new ExactSum(),
    after: new ExactSum(),
    creditsBefore: new ExactSum(),
    creditsAfter: new ExactSum(),
    refundsBefore: new ExactSum(),
    refundsAfter: new ExactSum(),
    days: new ExactSum(),
    price: new ExactSum(),
    new: new ExactSum(),
    gone: new ExactSum(),
    volume: new ExactSum(),
    other: new ExactSum(),
  };
  /** Of lines with a volume. */
  readonly #cost = new ExactSum();
  #quantityBefore = 0n;
  #quantityAfter = 0n;
  /** `null`: several, so that their quantities cannot be added. */
  #unit: string | null | undefined;

  add(change: LineChange): void {
    const sums = this.#sums;
    if (change.before !== 0) sums.before.add(change.before);
    if (change.after !== 0) sums.after.add(change.after);
    if (change.days !== 0) sums.days.add(change.days);
    if (change.price !== 0) sums.price.add(change.price);
    sums[change.kind].add(change.amount);
    if (change.creditsBefore !== 0) sums.creditsBefore.add(change.creditsBefore);
    if (change.creditsAfter !== 0) sums.creditsAfter.add(change.creditsAfter);
    if (change.refundsBefore !== 0) sums.refundsBefore.add(change.refundsBefore);
    if (change.refundsAfter !== 0) sums.refundsAfter.add(change.refundsAfter);
    this.#addUsage(change);
  }

  #addUsage({ before, days, usedBefore, usedAfter }: LineChange): void {
    if (usedBefore === undefined || usedAfter === undefined || this.#unit === null) return;
    if (this.#unit !== undefined && this.#unit !== usedBefore.unit) {
      this.#unit = null;
      return;
    }
    this.#unit = usedBefore.unit;
    this.#cost.add(before);
    this.#cost.add(days);
    this.#quantityBefore += usedBefore.quantity;
    this.#quantityAfter += usedAfter.quantity;
  }

  result(lengths: Lengths): Explained {
    return this.#result(this.#volumeAndMix(lengths));
  }

  /** As {@link result}, for a sum of one line: there is no mix in it, so that the lengths of the periods do not matter. */
  ofOneLine(): Explained {
    return this.#result({ volume: this.#sums.volume.value, mix: 0n });
  }

  #result({ volume, mix }: Pick<ChangeParts, 'volume' | 'mix'>): Explained {
    const value = (name: SumName) => this.#sums[name].value;
    const parts: ChangeParts = {
      ...noParts(),
      days: value('days'),
      price: value('price'),
      new: value('new'),
      gone: value('gone'),
      other: value('other'),
      credits: value('creditsAfter') - value('creditsBefore'),
      refunds: value('refundsAfter') - value('refundsBefore'),
      volume,
      mix,
    };
    return {
      before: value('before') + value('creditsBefore') + value('refundsBefore'),
      after: value('after') + value('creditsAfter') + value('refundsAfter'),
      parts,
    };
  }

  /** Had all lines grown alike, that would have been the volume; what is left is the mix. */
  #volumeAndMix(lengths: Lengths): Pick<ChangeParts, 'volume' | 'mix'> {
    const ofLines = this.#sums.volume.value;
    if (typeof this.#unit !== 'string') return { volume: ofLines, mix: 0n };
    const compared = { cost: this.#cost.value, quantityBefore: this.#quantityBefore, quantityAfter: this.#quantityAfter };
    const volume = volumePart(compared, lengths);
    return { volume, mix: ofLines - volume };
  }
}
