import { ACCOUNT_PLANS } from '../company.ts';
import { isoDay } from '../cost.ts';
import type { Charge, RecordType } from './charge.ts';

/** What all charges of a line have in common. */
export type Line = Omit<
  Charge,
  | 'chargePeriodStart'
  | 'chargePeriodEnd'
  | 'billingPeriodStart'
  | 'billedCost'
  | 'effectiveCost'
  | 'listCost'
  | 'contractedCost'
  | 'consumedQuantity'
> & {
  /** Of the unit; a dollar's worth at list prices. */
  unitsPerDollar: number;
};

export interface Account {
  id: string;
  name: string;
}

const NOTHING = {
  billingAccountId: ACCOUNT_PLANS[0].id,
  providerName: 'AWS',
  regionId: undefined,
  chargeCategory: 'Usage',
  usageType: undefined,
  operation: undefined,
  resourceId: undefined,
  pricingCategory: 'Standard',
  commitmentDiscountId: undefined,
  commitmentDiscountCategory: undefined,
  commitmentDiscountStatus: undefined,
  consumedUnit: undefined,
  billingCurrency: 'USD',
  tags: {},
  costCategories: {},
  recordType: 'Usage',
  unitsPerDollar: 0,
} as const;

export type LineDraft = Pick<Line, 'serviceName' | 'serviceCode' | 'chargeDescription'> & Partial<Line> & { account: Account };

/** A line, with what most lines have where nothing else is said. */
export function lineOf({ account, ...draft }: LineDraft): Line {
  return { ...NOTHING, subAccountId: account.id, subAccountName: account.name, costExplorerService: draft.serviceName, ...draft };
}

/** What a line is on one day. `list` counts 1e-10 USD. */
export interface Amounts {
  list: bigint;
  contracted?: bigint;
  billed?: bigint;
  effective?: bigint;
}

/**
 * Every field is named: copying a line with `...` for each of a hundred thousand charges would take a second.
 * @param day since 1970-01-01
 */
export function chargeOf(line: Line, day: number, { list, contracted = list, billed = contracted, effective = billed }: Amounts): Charge {
  const { start, end, month } = datesOf(day);
  return {
    chargePeriodStart: start,
    chargePeriodEnd: end,
    billingPeriodStart: month,
    billingAccountId: line.billingAccountId,
    subAccountId: line.subAccountId,
    subAccountName: line.subAccountName,
    providerName: line.providerName,
    serviceName: line.serviceName,
    serviceCode: line.serviceCode,
    regionId: line.regionId,
    chargeCategory: line.chargeCategory,
    chargeDescription: line.chargeDescription,
    usageType: line.usageType,
    operation: line.operation,
    resourceId: line.resourceId,
    pricingCategory: line.pricingCategory,
    commitmentDiscountId: line.commitmentDiscountId,
    commitmentDiscountCategory: line.commitmentDiscountCategory,
    commitmentDiscountStatus: line.commitmentDiscountStatus,
    consumedQuantity: line.consumedUnit === undefined ? undefined : list * BigInt(line.unitsPerDollar),
    consumedUnit: line.consumedUnit,
    billedCost: billed,
    effectiveCost: effective,
    listCost: list,
    contractedCost: contracted,
    billingCurrency: line.billingCurrency,
    tags: line.tags,
    costCategories: line.costCategories,
    costExplorerService: line.costExplorerService,
    recordType: line.recordType,
  };
}

interface Dates {
  start: string;
  end: string;
  month: string;
}

let lastDates: { day: number; dates: Dates } | undefined;

/** Charges are made day by day. */
function datesOf(day: number): Dates {
  if (lastDates?.day !== day) {
    const start = isoDay(day);
    lastDates = { day, dates: { start, end: isoDay(day + 1), month: `${start.slice(0, 8)}01` } };
  }
  return lastDates.dates;
}

/** The same usage, paid for by a commitment. */
export function committed(line: Line, id: string, category: 'Spend' | 'Usage'): Line {
  const recordType: RecordType = category === 'Spend' ? 'SavingsPlanCoveredUsage' : 'DiscountedUsage';
  return {
    ...line,
    pricingCategory: 'Committed',
    commitmentDiscountId: id,
    commitmentDiscountCategory: category,
    commitmentDiscountStatus: 'Used',
    recordType,
  };
}

export function dollars(amount: number): bigint {
  return BigInt(Math.round(amount * 10_000)) * 1_000_000n;
}
