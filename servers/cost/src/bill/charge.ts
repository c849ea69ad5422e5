import type { Units } from './units.ts';

/**
 * A row of a bill in the words of FOCUS: what an answer is computed from. Sources that ask an engine (Cost Explorer, SQL) never
 * hold one, and answer as {@link answerFrom} does.
 */
export interface Charge {
  /** A UTC day, `YYYY-MM-DD`. */
  chargePeriodStart: string;
  chargeCategory: 'Usage' | 'Purchase' | 'Tax' | 'Credit' | 'Adjustment';
  providerName: string;
  subAccountId: string;
  /** As the source names it. */
  serviceName: string;
  regionId: string | undefined;
  usageType: string | undefined;
  operation: string | undefined;
  resourceId: string | undefined;
  pricingCategory: 'Standard' | 'Dynamic' | 'Committed' | 'Other' | undefined;
  /** `Spend` for a Savings Plan, `Usage` for a reservation. */
  commitmentDiscountCategory: 'Spend' | 'Usage' | undefined;
  /** Of usage only. */
  consumedQuantity: Units | undefined;
  consumedUnit: string | undefined;
  billedCost: Units;
  effectiveCost: Units;
  listCost: Units;
  contractedCost: Units;
  billingCurrency: string;
  tags: Readonly<Record<string, string>>;
  costCategories: Readonly<Record<string, string>>;
}
