import * as z from 'zod';
import { type CoverageEntry, GAP_REASONS, type GapReason } from './coverage.ts';
import { type Resource, resourceSchema } from './resource.ts';

/** The smallest part of an inventory that is read, cached and reported on by itself: one listing in one region of one account. */
export interface Slice {
  /** 12 digits. */
  account: string;
  /** Region code; `global` for what is listed once for all regions. */
  region: string;
  /** Which listing. */
  reader: string;
  /** The types that the listing holds; `*` for everything with tags. */
  types: readonly string[];
  /** Fingerprint of the identity that reads it: what one identity saw is never shown to another. */
  identity: string;
}

/** The resources of a slice. Plain data: it is kept in the cache. */
export interface SliceResult {
  resources: readonly Resource[];
  /** Why something is missing; absent when nothing is. */
  gap?: { reason: GapReason; detail: string };
}

export interface ReadSlice extends SliceResult {
  /** Milliseconds since the epoch. */
  readAt: number;
  /** The same for the same content, so that a listing that was read again without a change counts as unchanged. */
  contentId: string;
}

/** What the cache holds of a slice. Raise the version when the same form comes to mean something else. */
export const READ_SLICE = {
  version: 4,
  schema: z.object({
    resources: z.array(resourceSchema),
    gap: z.object({ reason: z.enum(GAP_REASONS), detail: z.string() }).optional(),
    readAt: z.number(),
    contentId: z.string(),
  }),
};

export function sliceKey({ account, identity, region, reader }: Slice): string {
  return `tag-compliance:slice:${account}:${identity}:${region}:${reader}`;
}

export function coverageOf({ account, region, types }: Slice, { resources, gap }: SliceResult): CoverageEntry {
  const status = gap === undefined ? 'complete' : resources.length > 0 ? 'partial' : 'missing';
  return { account, region, types, status, resources: resources.length, ...gap };
}
