import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerFrom } from '../bill/answer-from.ts';
import { bills } from '../bill/bill.arbitraries.ts';
import type { Charge } from '../bill/charge.ts';
import type { BillQuestion, BillSource, Dimension } from '../bill/question.ts';
import { askChange } from './ask-lines.ts';
import { sumOfParts } from './change-parts.ts';

const ASKING = { signal: AbortSignal.timeout(60_000), principal: { id: 'test' } };
const DIMENSIONS: readonly Dimension[] = ['service', 'account', 'usage_type'];

/** Two groupings for a cent, more for a dollar. */
function dearSource(charges: readonly Charge[], asked: BillQuestion[]): BillSource {
  return {
    title: 'dear',
    isSample: false,
    dimensions: DIMENSIONS.filter((dimension) => dimension === 'service' || dimension === 'account' || dimension === 'usage_type'),
    metrics: ['billed'],
    priceOf: ({ groupBy }) => (groupBy.length > 2 ? '1' : '0.01'),
    async ask(question) {
      asked.push(question);
      const { rows, currency = 'USD' } = answerFrom(charges, question);
      return { rows, currency, asOf: '2026-11-01T00:00:00.000Z', price: { pages: 1, bytesScanned: 0, usd: '0.01' }, caveats: [] };
    },
    async values() {
      throw new Error('not asked for');
    },
  };
}

describe('askChange', () => {
  const question = {
    metric: 'billed',
    filter: undefined,
    before: { start: '2026-09-10', end: '2026-10-01' },
    after: { start: '2026-10-01', end: '2026-10-22' },
    dimensions: DIMENSIONS,
  } as const;

  it('asks for pairs of dimensions where all at once would be dear, and every breakdown adds up', async () => {
    const [charges = []] = fc.sample(bills(), { numRuns: 1, seed: 5 });
    const asked: BillQuestion[] = [];
    const { explained, caveats, answers } = await askChange(dearSource(charges, asked), { ...question, maxPriceUsd: '0.2' }, ASKING);
    expect(asked.map(({ groupBy }) => groupBy)).toEqual([
      ['service', 'usage_type'],
      ['service', 'usage_type'],
      ['account', 'usage_type'],
      ['account', 'usage_type'],
    ]);
    expect([answers.length, caveats.length]).toEqual([4, 1]);
    expect(explained.breakdowns.map(({ dimension }) => dimension)).toEqual(DIMENSIONS);
    for (const { groups } of explained.breakdowns) {
      const change = groups.reduce((sum, { before, after }) => sum + after - before, 0n);
      expect(change).toBe(sumOfParts(explained.parts));
    }
  });

  it('asks for all at once where that is worth its price', async () => {
    const asked: BillQuestion[] = [];
    await askChange(dearSource([], asked), { ...question, maxPriceUsd: '2' }, ASKING);
    expect(asked.map(({ groupBy }) => groupBy)).toEqual([DIMENSIONS, DIMENSIONS]);
  });
});
