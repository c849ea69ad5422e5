import type { Coverage } from './coverage.ts';
import type { Lookup } from './lookup.ts';
import type { Resource } from './resource.ts';

/** Which part of the inventory to scan. An empty list means everything that is configured. */
export interface ScanQuery {
  types: readonly string[];
  regions: readonly string[];
  accounts: readonly string[];
  /** Read AWS again instead of the cache. */
  refresh: boolean;
}

/** What limits a call, and where it reports its progress. */
export interface CallContext {
  signal: AbortSignal;
  /** When there must be an answer, even a partial one, in milliseconds of `performance.now()`. */
  deadline: number | undefined;
  progress(done: number, total: number, message: string): void;
}

export interface Scan {
  resources: readonly Resource[];
  coverage: Coverage;
  /** ISO instant at which the oldest part of the scan was read. */
  asOf: string;
  /** Changes whenever the content may have changed: a cursor into one scan does not fit another. */
  id: string;
}

/** What is known around one resource, for suggesting its tags. Everything is optional, because permissions differ. */
export interface Surroundings {
  resource: Resource | undefined;
  /** Parents that could be looked up, nearest first: the subnet, the VPC, the instance that a volume is attached to. */
  parents: readonly Resource[];
  /** The IAM role or user that the resource runs as or was created by, with its tags. */
  principals: readonly { arn: string; relation: 'runs as' | 'created by'; tags: Readonly<Record<string, string>> }[];
  /** What could not be looked up. */
  coverage: Coverage;
}

/** Decimal strings. Each unit of spend is in exactly one group. */
export interface SpendGroup {
  key: string;
  total: string;
  /** Carries every required tag. */
  attributable: string;
  /** The part that can carry tags at all: support plans, for example, cannot. */
  taggable: string;
}

export type CostGrouping = 'resource_type' | 'region' | 'account';

/** Amounts are decimal strings as in the billing data, in one currency. */
export interface ResourceCosts {
  /** By ARN of a resource of the given list. A resource that is not here has an unknown cost, which is not zero. */
  byArn: ReadonlyMap<string, string>;
  currency: string;
  /** The days that the amounts cover: ISO dates, end exclusive. */
  period: { start: string; end: string };
  /** What the requests to Cost Explorer cost, in USD, as a decimal string; `0` when the answer was cached. */
  price: string;
  /** What is missing and why, in sentences for the user. Empty when nothing is. */
  caveats: readonly string[];
}

/** Spend and the part of it that is attributable, by group. */
export interface AttributedSpend {
  groups: readonly SpendGroup[];
  currency: string;
  price: string;
  /**
   * How it was counted: `cost_allocation_tags` by Cost Explorer filters on the required tags; `resources` by joining
   * resource-level costs with the scan.
   */
  method: 'cost_allocation_tags' | 'resources';
  caveats: readonly string[];
}

/** A tag that spend must carry to be attributable. */
export interface RequiredTag {
  key: string;
  /** Whether a value counts. */
  accepts(value: string): boolean;
  /** What counts, where billing data can be filtered by it: any value, or these. `undefined`: only `accepts` tells, value by value. */
  values: 'any' | readonly string[] | undefined;
  /** Patterns of the types that it is required of; empty: all types. */
  types: readonly string[];
}

/** Where the data comes from: AWS, or the sample organization. */
export interface Source {
  /** Whether the data is made up. Every answer says so. */
  readonly isSample: boolean;
  /** The instant at which the bill ends, where that is not now: named periods are counted back from it. */
  readonly billedUntil?: Date;
  /** Accounts and regions that are configured or were found, for completion. */
  scope(signal: AbortSignal): Promise<{ accounts: readonly string[]; regions: readonly string[] }>;
  /**
   * Names the inventory that a scan without filters covers: which accounts and regions, or which sample organization. Snapshots of
   * different inventories are never compared.
   * @throws ToolError when the name depends on credentials that cannot be used
   */
  inventoryName(call: CallContext): Promise<string>;
  scan(query: ScanQuery, call: CallContext): Promise<Scan>;
  /** Resources by their ARNs, with the tags that they have now. */
  lookUp(arns: readonly string[], call: CallContext): Promise<Lookup>;
  surroundings(query: { arn: string; refresh: boolean }, call: CallContext): Promise<Surroundings>;
  /** Monthly cost (the last 30 days that are known, or those known scaled to 30) of the given resources. */
  resourceCosts(resources: readonly Resource[], call: CallContext): Promise<ResourceCosts>;
  attributedSpend(
    query: {
      start: string;
      end: string;
      groupBy: CostGrouping;
      accounts: readonly string[];
      regions: readonly string[];
      required: readonly RequiredTag[];
    },
    call: CallContext,
  ): Promise<AttributedSpend>;
}
