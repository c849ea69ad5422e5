import fc from 'fast-check';
import type { Charge } from './charge.ts';
import { addDays } from './days.ts';
import { readerOf } from './dimensions.ts';
import type { BillQuestion, Dimension, Filter, Metric } from './question.ts';

/** What questions may use: all that a source can be asked. */
export interface Askable {
  dimensions: readonly Dimension[];
  metrics: readonly Metric[];
  granularities?: readonly BillQuestion['granularity'][];
  maxGroupings?: number;
  withUsage?: boolean;
  /** Default: the days of the charges, and a day on either side. */
  period?: BillQuestion['period'];
}

/** Random questions about a bill: mostly about values that it has, and some about what it has not. */
export function questionsAbout(charges: readonly Charge[], askable: Askable): fc.Arbitrary<BillQuestion> {
  const { dimensions, metrics, granularities = ['total', 'monthly', 'daily'], maxGroupings = 3, withUsage = true } = askable;
  return fc.record({
    period: periodsOf(askable.period ?? spanOf(charges)),
    granularity: fc.constantFrom(...granularities),
    metric: fc.constantFrom(...metrics),
    groupBy: fc.uniqueArray(fc.constantFrom(...dimensions), { maxLength: maxGroupings }),
    filter: fc.option(filtersOf(charges, dimensions), { nil: undefined }),
    withUsage: withUsage ? fc.boolean() : fc.constant(false),
  });
}

/** Up to three levels of conditions. */
export function filtersOf(charges: readonly Charge[], dimensions: readonly Dimension[]): fc.Arbitrary<Filter> {
  const condition = fc
    .constantFrom(...dimensions)
    .chain((dimension) =>
      fc
        .uniqueArray(valuesOf(charges, dimension), { minLength: 1, maxLength: 3 })
        .map((values): Filter => ({ kind: 'is', dimension, values })),
    );
  const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 2 },
      condition,
      fc.record({ kind: fc.constantFrom('all', 'any'), of: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }) }),
      fc.record({ kind: fc.constant('not'), of: tie('filter') }),
    ) as fc.Arbitrary<Filter>,
  }));
  return filter;
}

function valuesOf(charges: readonly Charge[], dimension: Dimension): fc.Arbitrary<string | undefined> {
  const values = [...new Set(charges.map(readerOf(dimension)))];
  return fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...values) },
    { weight: 1, arbitrary: fc.constantFrom('no-such-value', undefined) },
  );
}

function periodsOf({ start, end }: BillQuestion['period']): fc.Arbitrary<BillQuestion['period']> {
  const days = Math.round((Date.parse(end) - Date.parse(start)) / 86_400_000);
  return fc
    .tuple(fc.nat(days - 1), fc.integer({ min: 1, max: days }))
    .map(([from, length]) => ({ start: addDays(start, from), end: addDays(start, Math.min(days, from + length)) }));
}

function spanOf(charges: readonly Charge[]): BillQuestion['period'] {
  const days = charges.map(({ chargePeriodStart }) => chargePeriodStart).toSorted();
  return { start: addDays(days.at(0) ?? '2026-01-01', -1), end: addDays(days.at(-1) ?? '2026-01-01', 2) };
}

const UNITS_IN_CENT = 100_000_000n;

function amounts(): fc.Arbitrary<bigint> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.bigInt({ min: 0n, max: 10n ** 15n }) },
    { weight: 2, arbitrary: fc.bigInt({ min: 0n, max: 10_000n }).map((cents) => cents * UNITS_IN_CENT) },
    { weight: 1, arbitrary: fc.constant(0n) },
  );
}

function maybe(...values: readonly string[]): fc.Arbitrary<string | undefined> {
  return fc.option(fc.constantFrom(...values), { nil: undefined });
}

const SERVICES = ['Amazon Elastic Compute Cloud', 'Amazon Simple Storage Service', 'AWS Lambda', 'AmazonCloudWatch'];
const CATEGORIES = ['Usage', 'Usage', 'Usage', 'Usage', 'Purchase', 'Tax', 'Credit', 'Adjustment'] as const;

/** Random charges over some weeks, across the end of a month: a small bill with everything that a bill can contain. */
export function bills(): fc.Arbitrary<Charge[]> {
  return fc.array(charges(), { minLength: 1, maxLength: 60 });
}

function charges(): fc.Arbitrary<Charge> {
  return fc
    .record({
      chargePeriodStart: fc.integer({ min: 0, max: 44 }).map((day) => addDays('2026-09-10', day)),
      chargeCategory: fc.constantFrom(...CATEGORIES),
      isNegative: fc.integer({ min: 0, max: 9 }).map((chance) => chance === 0),
      providerName: fc.constant('AWS'),
      subAccountId: fc.constantFrom('111122223333', '222233334444', '333344445555'),
      serviceName: fc.constantFrom(...SERVICES),
      regionId: maybe('eu-central-1', 'us-east-1', 'global'),
      usageType: maybe('BoxUsage:m5.large', 'TimedStorage-ByteHrs', 'Requests-Tier1'),
      operation: maybe('RunInstances', 'StandardStorage'),
      resourceId: maybe('i-01', 'i-02', 'bucket'),
      pricingCategory: fc.constantFrom('Standard' as const, 'Dynamic' as const, 'Committed' as const),
      commitmentDiscountCategory: fc.constantFrom('Spend' as const, 'Usage' as const),
      consumedQuantity: fc.bigInt({ min: 0n, max: 10n ** 13n }),
      consumedUnit: fc.constantFrom('Hrs', 'GB'),
      billedCost: amounts(),
      effectiveCost: amounts(),
      listCost: amounts(),
      contractedCost: amounts(),
      tags: tags(),
      costCategories: fc.constantFrom<Record<string, string>>({}, { BusinessUnit: 'Data' }),
    })
    .map(consistent);
}

function tags(): fc.Arbitrary<Record<string, string>> {
  return fc.constantFrom<Record<string, string>>({}, { team: '' }, { team: 'payments' }, { team: "o'neil", Environment: 'production' });
}

/** Only usage has quantities, only committed usage a commitment; credits are negative, and some of the rest is refunded. */
function consistent({ isNegative, ...charge }: Omit<Charge, 'billingCurrency'> & { isNegative: boolean }): Charge {
  const isUsage = charge.chargeCategory === 'Usage';
  const sign = charge.chargeCategory === 'Credit' || isNegative ? -1n : 1n;
  return {
    ...charge,
    billingCurrency: 'USD',
    pricingCategory: charge.chargeCategory === 'Tax' ? undefined : charge.pricingCategory,
    commitmentDiscountCategory: charge.pricingCategory === 'Committed' ? charge.commitmentDiscountCategory : undefined,
    consumedQuantity: isUsage ? charge.consumedQuantity : undefined,
    consumedUnit: isUsage ? charge.consumedUnit : undefined,
    billedCost: charge.billedCost * sign,
    effectiveCost: charge.effectiveCost * sign,
    listCost: charge.listCost * sign,
    contractedCost: charge.contractedCost * sign,
  };
}
