import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerFrom, SeveralCurrencies } from './answer-from.ts';
import { bills, questionsAbout } from './bill.arbitraries.ts';
import type { Charge } from './charge.ts';
import { DIMENSION_NAMES } from './dimensions.ts';
import type { BillQuestion } from './question.ts';
import { UNITS_PER_ONE } from './units.ts';

const CHARGE: Charge = {
  chargePeriodStart: '2026-10-05',
  chargeCategory: 'Usage',
  providerName: 'AWS',
  subAccountId: '111122223333',
  serviceName: 'EC2 - Other',
  regionId: undefined,
  usageType: 'BoxUsage',
  operation: undefined,
  resourceId: undefined,
  pricingCategory: 'Standard',
  commitmentDiscountCategory: undefined,
  consumedQuantity: 5n * UNITS_PER_ONE,
  consumedUnit: 'Hrs',
  billedCost: 3n,
  effectiveCost: 2n,
  listCost: 4n,
  contractedCost: 4n,
  billingCurrency: 'USD',
  tags: {},
  costCategories: {},
};

const QUESTION: BillQuestion = {
  period: { start: '2026-09-20', end: '2026-11-01' },
  granularity: 'monthly',
  metric: 'billed',
  groupBy: [],
  filter: undefined,
  withUsage: false,
};

function keysBy(groupBy: BillQuestion['groupBy'], charge: Partial<Charge>): readonly (string | undefined)[] | undefined {
  return answerFrom([{ ...CHARGE, ...charge }], { ...QUESTION, groupBy }).rows[0]?.keys;
}

describe('answerFrom', () => {
  it('tells credits and refunds from the rest', () => {
    const charges: Charge[] = [
      CHARGE,
      { ...CHARGE, chargeCategory: 'Credit', billedCost: -2n },
      { ...CHARGE, billedCost: -1n },
      { ...CHARGE, chargeCategory: 'Adjustment', billedCost: -10n },
    ];
    expect(answerFrom(charges, QUESTION).rows.map(({ amounts }) => amounts)).toEqual([{ gross: -7n, credits: -2n, refunds: -1n }]);
  });

  it('excludes the end, and begins the first month with the period', () => {
    const charges = ['2026-09-19', '2026-09-20', '2026-10-31', '2026-11-01'].map((chargePeriodStart) => ({ ...CHARGE, chargePeriodStart }));
    expect(answerFrom(charges, QUESTION).rows.map(({ start, amounts }) => [start, amounts.gross])).toEqual([
      ['2026-09-20', 3n],
      ['2026-10-01', 3n],
    ]);
  });

  it('calls a service by one name, and books tax under Tax', () => {
    expect(keysBy(['service'], {})).toEqual(['Amazon Elastic Compute Cloud']);
    expect(keysBy(['service'], { chargeCategory: 'Tax' })).toEqual(['Tax']);
  });

  it('takes an empty tag for none, and does not find what objects inherit', () => {
    expect(keysBy(['tag:team', 'tag:constructor'], { tags: { team: '' } })).toEqual([undefined, undefined]);
  });

  it('names how usage was paid for', () => {
    expect(keysBy(['purchase_option'], { pricingCategory: 'Committed', commitmentDiscountCategory: 'Spend' })).toEqual(['savings_plan']);
    expect(keysBy(['purchase_option'], { pricingCategory: 'Dynamic' })).toEqual(['spot']);
  });

  it('keeps quantities apart by unit, and groups that used something for nothing', () => {
    const free = { ...CHARGE, billedCost: 0n };
    const charges: Charge[] = [free, free, { ...free, consumedUnit: 'GB' }];
    expect(answerFrom(charges, QUESTION).rows).toEqual([]);
    expect(answerFrom(charges, { ...QUESTION, withUsage: true }).rows.map(({ usage }) => usage)).toEqual([
      [
        { quantity: 5n * UNITS_PER_ONE, unit: 'GB' },
        { quantity: 10n * UNITS_PER_ONE, unit: 'Hrs' },
      ],
    ]);
  });

  it('never adds up two currencies', () => {
    const charges: Charge[] = [CHARGE, { ...CHARGE, billingCurrency: 'EUR' }];
    expect(() => answerFrom(charges, QUESTION)).toThrow(SeveralCurrencies);
    const filter = { kind: 'is', dimension: 'currency', values: ['EUR'] } as const;
    expect(answerFrom(charges, { ...QUESTION, filter })).toMatchObject({ currency: 'EUR' });
  });

  it('does not depend on the order of charges', () => {
    fc.assert(
      fc.property(
        bills().chain((charges) =>
          fc.tuple(
            fc.constant(charges),
            questionsAbout(charges, { dimensions: [...DIMENSION_NAMES, 'tag:team'], metrics: ['billed', 'effective'] }),
          ),
        ),
        ([charges, question]) => {
          expect(answerFrom(charges.toReversed(), question)).toEqual(answerFrom(charges, question));
        },
      ),
    );
  });
});
