import type { Resource } from '../../inventory/resource.ts';
import type { Gap } from '../gap.ts';
import type { RegionClient } from '../region-client.ts';

/** One listing of one service. */
export interface Reader {
  /** The type that it lists, in the notation of AWS tag policies. */
  type: string;
  /** Listed once for all regions. */
  isGlobal?: boolean;
  /** IAM actions that it calls when everything is allowed. */
  actions: readonly string[];
  /** IAM actions that it calls in addition when `tag:GetResources` is denied. */
  fallbackActions?: readonly string[];
  /** @throws AwsError when nothing could be listed */
  read(aws: RegionClient): Promise<Reading>;
}

export interface Reading {
  resources: Resource[];
  /** What could not be read although the listing succeeded. */
  gaps: readonly Gap[];
}
