import { type CoverageEntry, listsByTags, toCoverage } from '../inventory/coverage.ts';
import { fingerprint } from '../inventory/fingerprint.ts';
import type { Resource } from '../inventory/resource.ts';
import { coverageOf, type ReadSlice, type Slice, sliceKey } from '../inventory/slice.ts';
import type { Scan, ScanQuery } from '../inventory/source.ts';
import { isWantedType } from '../inventory/type-names.ts';

type SliceAndResult = readonly [Slice, ReadSlice];

/**
 * One scan made of the slices that were read.
 * @param entries what could not be read
 * @param now milliseconds since the epoch
 */
export function assembleScan(read: readonly SliceAndResult[], entries: readonly CoverageEntry[], query: ScanQuery, now: number): Scan {
  const coverage = toCoverage([...entries, ...read.map(([slice, result]) => coverageOf(slice, result))]);
  const oldest = read.reduce((time, [, { readAt }]) => Math.min(time, readAt), now);
  const contents = read.map(([slice, { contentId }]) => `${sliceKey(slice)} ${contentId}`).sort();
  const { types, regions, accounts } = query;
  return {
    resources: mergeResources(read, query),
    coverage,
    asOf: new Date(oldest).toISOString(),
    id: fingerprint([contents, coverage.entries, types, regions, accounts]),
  };
}

/**
 * The resources of all slices that match the query, each once. The services' own listings come before the Tagging API's, because they
 * know more of a resource.
 */
function mergeResources(read: readonly SliceAndResult[], query: ScanQuery): Resource[] {
  const isWanted = matcherOf(query);
  const byArn = new Map<string, Resource>();
  const isFromTaggingApi = ([slice]: SliceAndResult) => listsByTags(slice);
  const inOrder = [...read.filter((pair) => !isFromTaggingApi(pair)), ...read.filter(isFromTaggingApi)];
  for (const [, { resources }] of inOrder) {
    for (const resource of resources) {
      if (isWanted(resource) && !byArn.has(resource.arn)) byArn.set(resource.arn, resource);
    }
  }
  return [...byArn.values()];
}

/** Which resources a query wants. What a listing contains besides is left out. */
export function matcherOf({ types, regions }: Pick<ScanQuery, 'types' | 'regions'>): (resource: Resource) => boolean {
  const wantedRegions = new Set(regions);
  return ({ type, region }) => isWantedType(type, types) && (wantedRegions.size === 0 || wantedRegions.has(region));
}
