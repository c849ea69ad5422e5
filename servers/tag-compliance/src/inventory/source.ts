import type { Coverage } from './coverage.ts';
import type { Resource } from './resource.ts';

/** Which part of the estate is wanted. Empty means everything that is configured. */
export interface ScanQuery {
  types: readonly string[];
  regions: readonly string[];
  accounts: readonly string[];
  /** Ask the cloud again instead of using what was seen a short while ago. */
  refresh: boolean;
}

/** How a caller waits for a scan. */
export interface Waiting {
  signal: AbortSignal;
  /** Milliseconds since the epoch by which there must be an answer, with whatever is there. */
  deadline: number | undefined;
  progress(done: number, total: number, message: string): void;
}

export interface Scan {
  resources: readonly Resource[];
  coverage: Coverage;
  /** ISO instant of the oldest part that the scan is made of. */
  asOf: string;
  /** Changes whenever the content may have changed: a cursor into one scan does not fit another. */
  id: string;
}

/** What may be known around one resource, for suggesting its tags. Everything is optional: permissions differ. */
export interface Surroundings {
  resource: Resource | undefined;
  /** Parents that could be looked up, nearest first: the subnet, the VPC, the instance a volume hangs on. */
  parents: readonly Resource[];
  /** The IAM role or user that the resource runs as or was made by, with its tags. */
  principals: readonly { arn: string; relation: 'runs as' | 'created by'; tags: Readonly<Record<string, string>> }[];
  /** What could not be looked up, as coverage entries. */
  coverage: Coverage;
}

/** Decimal strings. Each unit of spend is in exactly one group. */
export interface SpendGroup {
  key: string;
  total: string;
  /** Carries every required tag. */
  attributable: string;
  /** What could carry tags at all: support plans, for example, cannot. */
  taggable: string;
}

export type CostGrouping = 'resource_type' | 'region' | 'account';

/** Amounts are decimal strings, as the billing data gives them, in one currency. */
export interface ResourceCosts {
  /** By ARN of a resource of the given list. A resource that is not here has an unknown cost, which is not zero. */
  byArn: ReadonlyMap<string, string>;
  currency: string;
  /** The days that the amounts are of: ISO dates, end exclusive. */
  period: { start: string; end: string };
  /** What asking cost, in USD, as a decimal string; `0` when the cache had it. */
  price: string;
  /** What is missing and why, in sentences for a person. Empty when nothing is. */
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

/** A tag that must be present, and the values that count (none: any value). What spend must carry to be attributable. */
export interface RequiredTag {
  key: string;
  values: readonly string[];
}

/** Where answers come from: an AWS organization, or the sample. The only port between this server's knowledge and the world. */
export interface Source {
  /** Whether the data is made up. Every answer says so. */
  readonly isSample: boolean;
  /** Accounts and regions that are configured or were found, for completion and for the startup line. */
  scope(signal: AbortSignal): Promise<{ accounts: readonly string[]; regions: readonly string[] }>;
  /**
   * Names the whole that a scan without filters is of: which accounts and regions, or which made-up organization. What was seen of
   * different ones is never compared. @throws ToolError when it takes credentials to know, and these are of no use
   */
  estate(waiting: Waiting): Promise<string>;
  scan(query: ScanQuery, waiting: Waiting): Promise<Scan>;
  surroundings(arn: string, waiting: Waiting): Promise<Surroundings>;
  /** Monthly cost (the last 30 days that are known, or those known scaled to 30) of the given resources. */
  resourceCosts(resources: readonly Resource[], waiting: Waiting): Promise<ResourceCosts>;
  attributedSpend(
    query: {
      start: string;
      end: string;
      groupBy: CostGrouping;
      accounts: readonly string[];
      regions: readonly string[];
      required: readonly RequiredTag[];
    },
    waiting: Waiting,
  ): Promise<AttributedSpend>;
}
