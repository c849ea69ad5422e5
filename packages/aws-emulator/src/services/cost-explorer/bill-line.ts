/** What a line costs over some days, in 1e-10 of the currency and of the unit. */
export interface Charged {
  billed: bigint;
  effective: bigint;
  quantity: bigint;
  unit: string | undefined;
}

/** One line of the bill: what one resource, or one charge without a resource, costs. */
export interface BillLine {
  account: string;
  region: string;
  service: string;
  usageType: string;
  operation: string;
  recordType: string;
  instanceType: string;
  /** Unset: by the instance type. */
  purchaseType?: string;
  resourceId: string;
  /** Tags that are activated for cost allocation. */
  tags: Readonly<Record<string, string>>;
  costCategories?: Readonly<Record<string, string>>;
  /** Default: USD. */
  currency?: string;
  /** 1e-10 USD over days since the epoch, end exclusive. */
  cost(start: number, end: number): number | bigint;
  /** Days on which there was usage. */
  days(start: number, end: number): number;
  /** In full, where the line is one of a generated bill; other lines cost the same by every metric. */
  charged?(start: number, end: number): Charged;
}
