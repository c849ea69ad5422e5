import type { Charge } from '../../bill/charge.ts';
import { addDays } from '../../bill/days.ts';
import type { BillQuestion } from '../../bill/question.ts';
import { UNITS_PER_ONE } from '../../bill/units.ts';

const SERVICES = ['Amazon Elastic Compute Cloud', 'EC2 - Other', 'Amazon Simple Storage Service', 'AWS Support (Business)'];
const CATEGORIES = ['Usage', 'Usage', 'Usage', 'Purchase', 'Credit', 'Tax', 'Adjustment'] as const;

/** Two months of every kind of charge, with what is easily got wrong: commas, quotes and line ends in names, tiny and negative amounts. */
export const CHARGES: readonly Charge[] = Array.from({ length: 300 }, (_, index) => chargeNumber(index));

/** What March cost in all. */
export const MARCH: BillQuestion = {
  period: { start: '2026-03-01', end: '2026-04-01' },
  granularity: 'total',
  metric: 'billed',
  groupBy: [],
  filter: undefined,
  withUsage: false,
};

function chargeNumber(index: number): Charge {
  const category = CATEGORIES[index % CATEGORIES.length] ?? 'Usage';
  const isBack = category === 'Credit' || index % 11 === 0;
  const amount = (BigInt(index + 1) * UNITS_PER_ONE) / 7n + BigInt(index);
  const signed = isBack ? -amount : amount;
  const isUsage = category === 'Usage';
  return {
    chargePeriodStart: addDays('2026-02-10', index % 50),
    chargeCategory: category,
    providerName: 'AWS',
    subAccountId: `11112222333${index % 3}`,
    serviceName: SERVICES[index % SERVICES.length] ?? '',
    regionId: index % 5 === 0 ? undefined : `eu-west-${index % 3}`,
    usageType: isUsage ? `EU-Box,"Usage"\nline ${index % 4}` : undefined,
    operation: isUsage ? 'RunInstances' : undefined,
    resourceId: isUsage && index % 2 === 0 ? `i-${index % 9}` : undefined,
    pricingCategory: isUsage ? (['Standard', 'Dynamic', 'Committed', 'Other'] as const)[index % 4] : undefined,
    commitmentDiscountCategory: index % 8 === 2 ? 'Spend' : index % 8 === 6 ? 'Usage' : undefined,
    consumedQuantity: isUsage ? BigInt(index) * 12_345_678_901n : undefined,
    consumedUnit: isUsage ? ['Hours', 'GB'][index % 2] : undefined,
    billedCost: signed,
    effectiveCost: index % 6 === 0 ? 0n : signed + 1n,
    listCost: signed * 2n,
    contractedCost: signed + 5n,
    billingCurrency: 'USD',
    tags: index % 3 === 0 ? {} : { team: index % 3 === 1 ? '' : `team "${index % 4}"`, constructor: 'x' },
    costCategories: index % 4 === 0 ? { Unit: 'Shop' } : {},
  };
}
