import { type Charge, dayOf } from '@fairway-mcp/aws-sample';
import type { BillLine, Charged } from './bill-line.ts';

const LINES = new WeakMap<readonly Charge[], readonly BillLine[]>();

/** The lines of a generated bill: charges that differ by their day only are one line. */
export function chargeLines(charges: readonly Charge[]): readonly BillLine[] {
  const known = LINES.get(charges);
  if (known !== undefined) return known;
  const lines = [...Map.groupBy(charges, identityOf).values()].flatMap((days) => lineOf(days) ?? []);
  LINES.set(charges, lines);
  return lines;
}

function identityOf(charge: Charge): string {
  const { subAccountId, regionId, costExplorerService, usageType, operation, recordType, resourceId } = charge;
  const { pricingCategory, commitmentDiscountCategory, consumedUnit, billingCurrency, tags, costCategories } = charge;
  return JSON.stringify([
    [subAccountId, regionId, costExplorerService, usageType, operation, recordType, resourceId],
    [pricingCategory, commitmentDiscountCategory, consumedUnit, billingCurrency, tags, costCategories],
  ]);
}

function lineOf(charges: readonly Charge[]): BillLine | undefined {
  const [first] = charges;
  if (first === undefined) return undefined;
  const byDay = new Map<number, Charged>();
  for (const charge of charges) {
    const day = dayOf(charge.chargePeriodStart);
    byDay.set(day, plus(byDay.get(day) ?? NOTHING, ofCharge(charge)));
  }
  const daysOf = (start: number, end: number) => Array.from({ length: Math.max(0, end - start) }, (_, index) => byDay.get(start + index));
  const charged = (start: number, end: number) => daysOf(start, end).reduce<Charged>((sum, day) => (day ? plus(sum, day) : sum), NOTHING);
  return {
    account: first.subAccountId,
    region: first.regionId ?? 'NoRegion',
    service: first.costExplorerService,
    usageType: first.usageType ?? 'NoUsageType',
    operation: first.operation ?? 'NoOperation',
    recordType: first.recordType,
    instanceType: 'NoInstanceType',
    purchaseType: purchaseTypeOf(first),
    resourceId: first.resourceId ?? 'NoResourceId',
    tags: first.tags,
    costCategories: first.costCategories,
    currency: first.billingCurrency,
    cost: (start, end) => charged(start, end).billed,
    days: (start, end) => daysOf(start, end).filter((day) => day !== undefined).length,
    charged,
  };
}

export const NOTHING: Charged = { billed: 0n, effective: 0n, quantity: 0n, unit: undefined };

function ofCharge({ billedCost, effectiveCost, consumedQuantity = 0n, consumedUnit }: Charge): Charged {
  return { billed: billedCost, effective: effectiveCost, quantity: consumedQuantity, unit: consumedUnit };
}

/** Quantities in two units are added up all the same, as Cost Explorer does, and the sum has no unit. */
export function plus(one: Charged, other: Charged): Charged {
  return {
    billed: one.billed + other.billed,
    effective: one.effective + other.effective,
    quantity: one.quantity + other.quantity,
    unit: (one.unit ?? other.unit) === (other.unit ?? one.unit) ? (one.unit ?? other.unit) : 'N/A',
  };
}

function purchaseTypeOf({ pricingCategory, commitmentDiscountCategory }: Charge): string {
  if (pricingCategory === undefined) return '';
  if (pricingCategory === 'Standard') return 'On Demand Instances';
  return commitmentDiscountCategory === 'Spend' ? 'Savings Plans' : 'Standard Reserved Instances';
}
