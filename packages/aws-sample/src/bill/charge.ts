import type { Tags } from '../types.ts';

/**
 * One charge of the bill: what a line costs on one day. The words are those of FOCUS 1.2
 * (https://focus.finops.org/focus-specification/v1-2/), except for the two that only Cost Explorer has.
 */
export interface Charge {
  /** A UTC day, `YYYY-MM-DD`. */
  chargePeriodStart: string;
  /** The day after: the end is exclusive. */
  chargePeriodEnd: string;
  /** First day of the month that it is invoiced with. Corrections are invoiced later than the day that they belong to. */
  billingPeriodStart: string;
  /** The management account. */
  billingAccountId: string;
  subAccountId: string;
  subAccountName: string;
  providerName: 'AWS';
  serviceName: string;
  /** `AmazonEC2`; AWS's column x_ServiceCode. */
  serviceCode: string;
  /** Absent for what belongs to no region; `global` for what has no region. */
  regionId: string | undefined;
  chargeCategory: 'Usage' | 'Purchase' | 'Tax' | 'Credit';
  chargeDescription: string;
  /** AWS's column x_UsageType, with the region's prefix. */
  usageType: string | undefined;
  /** AWS's column x_Operation. */
  operation: string | undefined;
  resourceId: string | undefined;
  pricingCategory: 'Standard' | 'Committed' | undefined;
  commitmentDiscountId: string | undefined;
  /** `Spend` for a Savings Plan, `Usage` for a reservation. */
  commitmentDiscountCategory: 'Spend' | 'Usage' | undefined;
  commitmentDiscountStatus: 'Used' | 'Unused' | undefined;
  /** Of usage that was not committed in vain, in 1e-10 of the unit. */
  consumedQuantity: bigint | undefined;
  consumedUnit: string | undefined;
  /** All amounts are whole numbers of 1e-10 of the currency. */
  billedCost: bigint;
  effectiveCost: bigint;
  listCost: bigint;
  contractedCost: bigint;
  billingCurrency: string;
  /** Those that are activated for cost allocation. */
  tags: Tags;
  costCategories: Tags;
  /** What Cost Explorer calls the service: `EC2 - Other`. */
  costExplorerService: string;
  recordType: RecordType;
}

/** Cost Explorer's RECORD_TYPE. */
export type RecordType =
  | 'Usage'
  | 'SavingsPlanCoveredUsage'
  | 'SavingsPlanRecurringFee'
  | 'DiscountedUsage'
  | 'RIFee'
  | 'Support'
  | 'Tax'
  | 'Credit'
  | 'Refund';
