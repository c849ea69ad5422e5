import type { Charge } from './charge.ts';
import type { Dimension, DimensionName, Metric } from './question.ts';
import { canonicalService, TAX_SERVICE } from './service-names.ts';
import type { Units } from './units.ts';

export type ChargeKind = 'usage' | 'purchase' | 'tax' | 'credit' | 'adjustment' | 'refund';

type Reader = (charge: Charge) => string | undefined;

const READERS: Readonly<Record<DimensionName, Reader>> = {
  service: ({ chargeCategory, serviceName }) => (chargeCategory === 'Tax' ? TAX_SERVICE : canonicalService(serviceName)),
  account: ({ subAccountId }) => subAccountId,
  region: ({ regionId }) => regionId,
  usage_type: ({ usageType }) => usageType,
  operation: ({ operation }) => operation,
  charge: chargeKind,
  purchase_option: purchaseOption,
  resource: ({ resourceId }) => resourceId,
  provider: ({ providerName }) => providerName,
  currency: ({ billingCurrency }) => billingCurrency,
};

export const DIMENSION_NAMES = Object.keys(READERS) as DimensionName[];

/** How a charge's value of a dimension is read. An empty value is none: bills do not tell an empty tag from a missing one. */
export function readerOf(dimension: Dimension): Reader {
  const read = rawReader(dimension);
  return (charge) => read(charge) || undefined;
}

function rawReader(dimension: Dimension): Reader {
  const named = namedPart(dimension);
  if (named === undefined) return READERS[dimension as DimensionName];
  const { of, name } = named;
  return of === 'tag' ? ({ tags }) => own(tags, name) : ({ costCategories }) => own(costCategories, name);
}

/** What a tag or cost category is called: `tag:team` is the tag `team`. */
export function namedPart(dimension: string): { of: 'tag' | 'cost_category'; name: string } | undefined {
  const [, of, name = ''] = /^(tag|cost_category):(.+)$/s.exec(dimension) ?? [];
  return of === undefined ? undefined : { of: of as 'tag' | 'cost_category', name };
}

/** A tag may be called "constructor". */
function own(values: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

/** A negative Usage or Purchase row is a refund, whatever is asked for: what was billed decides. */
export function chargeKind({ chargeCategory, billedCost }: Pick<Charge, 'chargeCategory' | 'billedCost'>): ChargeKind {
  const isRefundable = chargeCategory === 'Usage' || chargeCategory === 'Purchase';
  if (isRefundable && billedCost < 0n) return 'refund';
  return chargeCategory.toLowerCase() as ChargeKind;
}

const OPTIONS = { Standard: 'on_demand', Dynamic: 'spot', Other: 'other' } as const;

function purchaseOption({ pricingCategory, commitmentDiscountCategory }: Charge): string | undefined {
  if (pricingCategory === 'Committed') return commitmentDiscountCategory === 'Spend' ? 'savings_plan' : 'reserved';
  return pricingCategory && OPTIONS[pricingCategory];
}

export function costOf(charge: Charge, metric: Metric): Units {
  return charge[`${metric}Cost`];
}
