import type { Charge } from '@fairway-mcp/aws-sample';
import type { PagingOptions } from './paging.ts';
import type { Service } from './service.ts';

export interface AwsEmulatorOptions {
  /** Milliseconds since the epoch. Decides when sessions and page tokens expire, and up to which day there are costs. Default: the clock. */
  now?: () => number;
  paging?: PagingOptions;
  /** The external id that `AssumeRole` must be given. Default: none. */
  externalId?: string;
  /** Names of roles that may be assumed. Default: any, in every account of the organization. */
  assumableRoles?: readonly string[];
  /** Account ids by access key id, for keys that are not the management account's. */
  accessKeys?: Readonly<Record<string, string>>;
  /** Opt-in regions that are turned on. Default: none but those in which the organization has something. */
  optedInRegions?: readonly string[];
  /** Whether the accounts opted in to costs by resource. Default true. */
  resourceLevelCosts?: boolean;
  /** The bill that Cost Explorer knows. Default: what the organization's resources and shared charges cost. */
  bill?: readonly Charge[];
  /** Whether S3 tells the regions of buckets with their listing, as it has since 2024. Default true. */
  bucketRegions?: boolean;
  /** The organization's effective tag policy; `null` for none. Default: the sample company's. */
  tagPolicy?: object | null;
  /** Services beside those of this package; one of the same signing name replaces it. */
  services?: readonly Service[];
  /**
   * How many reads still show what a write has started as under way (an instance as `pending`, a snapshot as `creating`).
   * 0: it is done at once. Default 1.
   */
  transitionReads?: number;
  /** For faults and pages that come by chance. Default: the organization's. */
  seed?: number;
}
