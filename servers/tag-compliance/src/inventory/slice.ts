import type { CoverageEntry, GapReason } from './coverage.ts';
import type { Resource } from './resource.ts';

/** The smallest part of an estate that is read, remembered and reported on by itself: one listing in one region of one account. */
export interface Slice {
  /** 12 digits. */
  account: string;
  /** Region code; `global` for what is listed once for all regions. */
  region: string;
  /** Which listing. */
  reader: string;
  /** The types that come of it; `*` for everything with tags. */
  types: readonly string[];
  /** Stands for whoever reads it: what one identity saw is never shown to another. */
  identity: string;
}

/** What came of reading a slice. Plain data: it is kept in the cache. */
export interface SliceResult {
  resources: readonly Resource[];
  /** Why something is missing; absent when nothing is. */
  gap?: { reason: GapReason; detail: string };
}

export function sliceKey({ account, identity, region, reader }: Slice): string {
  return `tag-compliance:slice:${account}:${identity}:${region}:${reader}`;
}

export function coverageOf({ account, region, types }: Slice, { resources, gap }: SliceResult): CoverageEntry {
  const status = gap === undefined ? 'complete' : resources.length > 0 ? 'partial' : 'missing';
  return { account, region, types, status, resources: resources.length, ...gap };
}
