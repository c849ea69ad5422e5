import { AwsError, type Identity } from '@fairway-mcp/aws';
import { type CoverageEntry, NEVER_TAGGED_UNSEEN } from '../inventory/coverage.ts';
import type { Resource } from '../inventory/resource.ts';
import type { Slice, SliceResult } from '../inventory/slice.ts';
import type { ScanQuery } from '../inventory/source.ts';
import { isServicePattern, isWantedType } from '../inventory/type-names.ts';
import type { AccountPlan } from '../scanning/account-plan.ts';
import { gapOf, joinGaps } from './gap.ts';
import { READERS } from './readers/index.ts';
import type { Reader } from './readers/reader.ts';
import { GLOBAL, type OpenRegion, type RegionClient } from './region-client.ts';
import type { EnteredAccount, Scope } from './scope.ts';
import { filterFor, taggedResources } from './tagging.ts';

/** The Tagging API's listing of everything in a region, beside the services' own. */
const ALL_TAGGED = 'tagged';

/** Marks a listing of what has no region; see {@link globalHome}. */
const GLOBAL_PART = 'global ';
/** Services whose resources have no region. */
const GLOBAL_SERVICES = new Set(['cloudfront', 'globalaccelerator', 'iam', 'organizations', 'route53', 'savingsplans', 'shield', 'waf']);

/** Where the Tagging API lists what has no region: in one region of each partition, and in no other. */
export function globalHome(partition: string): string {
  return { 'aws-cn': 'cn-northwest-1', 'aws-us-gov': 'us-gov-west-1' }[partition] ?? 'us-east-1';
}

const BY_TYPE = new Map(READERS.map((reader) => [reader.type, reader]));

/** Whether its service lists a resource, tagged or not. Classic load balancers share the type of the others, but not their listing. */
export function isListedByService({ type, arn }: Pick<Resource, 'type' | 'arn'>): boolean {
  return BY_TYPE.has(type) && !(type === CLASSIC_TYPE && !/:loadbalancer\/(app|net|gwy)\//.test(arn));
}

/** Which slices of an account a query needs, and how each is read. */
export function planAccount(
  account: string,
  query: Pick<ScanQuery, 'types' | 'regions'>,
  scope: Scope,
  openRegion: OpenRegion,
): AccountPlan {
  let entered: EnteredAccount | CoverageEntry | undefined;
  return {
    account,
    async slices(signal) {
      entered = await scope.enter(account, signal);
      if (!('identity' in entered)) return { slices: [], entries: [entered] };
      const wanted = listings(query.types);
      const isRegional = wanted.some(({ isGlobal }) => !isGlobal);
      const wantedRegions = query.regions.filter((region) => region !== GLOBAL);
      const { regions, entries } =
        query.regions.length > 0 || !isRegional
          ? await scope.existingRegions(wantedRegions, entered, signal)
          : await scope.regions(entered, signal);
      const isGlobalWanted = query.regions.length === 0 || query.regions.includes(GLOBAL);
      return { slices: slicesOf(account, entered.identity, wanted, regions, isGlobalWanted), entries };
    },
    async read(slice, reading) {
      if (entered === undefined || !('identity' in entered)) throw new TypeError('The account has not been entered.');
      return readSlice(slice, await openRegion(entered, slice.region, reading));
    },
  };
}

interface ListingChoice {
  reader: string;
  types: readonly string[];
  isGlobal: boolean;
}

/** Which listings hold the wanted types. The longest comes first, so that the scan as a whole takes less time. */
export function listings(types: readonly string[]): ListingChoice[] {
  const patterns = types.length === 0 ? ['*'] : types.filter(isServicePattern).sort();
  const others = types
    .filter((type) => !BY_TYPE.has(type) && !patterns.includes(type) && !patterns.includes(`${serviceOf(type)}:*`))
    .sort();
  const tagged = [
    ...patterns.map((pattern) => ({ reader: pattern === '*' ? ALL_TAGGED : `${ALL_TAGGED}:${pattern}`, types: [pattern] })),
    ...(others.length > 0 ? [{ reader: `${ALL_TAGGED}:${others.join(',')}`, types: others }] : []),
  ];
  const listed = READERS.filter(({ type }) => isWantedType(type, types));
  return [
    ...tagged.map((one) => ({ ...one, isGlobal: false })),
    ...listed.map(({ type, isGlobal = false }) => ({ reader: type, types: [type], isGlobal })),
  ];
}

function slicesOf(
  account: string,
  { fingerprint: identity, partition }: Identity,
  wanted: readonly ListingChoice[],
  regions: readonly string[],
  isGlobalWanted: boolean,
): Slice[] {
  const regional = wanted.flatMap(({ reader, types, isGlobal }) =>
    (isGlobal ? [GLOBAL] : regions).map((region) => ({ account, identity, region, reader, types })),
  );
  if (!isGlobalWanted || regions.includes(globalHome(partition))) return regional;
  const global = wanted.filter(({ reader, types }) => reader.startsWith(ALL_TAGGED) && types.some(mayBeGlobal));
  return [
    ...regional,
    ...global.map(({ reader, types }) => ({ account, identity, region: GLOBAL, reader: `${GLOBAL_PART}${reader}`, types })),
  ];
}

function mayBeGlobal(type: string): boolean {
  return type === '*' || GLOBAL_SERVICES.has(serviceOf(type));
}

/** @throws the signal's reason; all other failures become a gap */
async function readSlice(slice: Slice, aws: RegionClient): Promise<SliceResult> {
  const reader = BY_TYPE.get(slice.reader);
  try {
    return reader === undefined ? await readTagged(slice, aws) : await readListed(reader, aws);
  } catch (error) {
    aws.signal.throwIfAborted();
    return { resources: [], gap: gapOf(error) };
  }
}

async function readListed(reader: Reader, aws: RegionClient): Promise<SliceResult> {
  try {
    const { resources, gaps } = await reader.read(aws);
    const gap = joinGaps(gaps);
    return gap === undefined ? { resources } : { resources, gap };
  } catch (error) {
    aws.signal.throwIfAborted();
    const gap = gapOf(error);
    // The Tagging API still lists what has tags.
    const tagged = reader.isGlobal ? [] : await taggedOf([reader.type], aws).catch(emptyOnAwsError);
    aws.signal.throwIfAborted();
    return { resources: tagged, gap };
  }
}

function emptyOnAwsError(error: unknown): Resource[] {
  if (error instanceof AwsError) return [];
  throw error;
}

async function readTagged({ reader, types }: Slice, aws: RegionClient): Promise<SliceResult> {
  if (reader.startsWith(GLOBAL_PART))
    return readTypes(types, { ...aws, region: globalHome(aws.partition) }, ({ region }) => region === GLOBAL);
  return readTypes(types, aws, () => true);
}

/** @param fits what belongs to the slice: in the region in which what has no region is listed, other things are listed too */
async function readTypes(types: readonly string[], aws: RegionClient, fits: (resource: Resource) => boolean): Promise<SliceResult> {
  const patterns = types.filter((type) => type === '*' || isServicePattern(type));
  if (patterns.length === 0) return { resources: (await taggedOf(types, aws)).filter(fits), gap: NEVER_TAGGED_UNSEEN };
  const services = patterns.filter(isServicePattern).map(serviceOf);
  const resources = await taggedResources(
    aws,
    services,
    (one) => fits(one) && isUnlisted(one) && (services.length === 0 || services.includes(serviceOf(one.type))),
  );
  const isListedService = services.length === 0 || services.some((service) => READERS.some(({ type }) => serviceOf(type) === service));
  return isListedService ? { resources } : { resources, gap: NEVER_TAGGED_UNSEEN };
}

function serviceOf(type: string): string {
  return type.slice(0, type.indexOf(':'));
}

/**
 * Whether no other listing of the same region contains a resource. A resource that is missing from its service's own listing was
 * deleted: the Tagging API notices later.
 */
function isUnlisted(resource: Resource): boolean {
  return !isListedByService(resource) || BY_TYPE.get(resource.type)?.isGlobal === true;
}

const CLASSIC_TYPE = 'elasticloadbalancing:loadbalancer';

async function taggedOf(types: readonly string[], aws: RegionClient): Promise<Resource[]> {
  // For other types than those with a reader, only the service is sure to be a filter that the Tagging API accepts.
  const filters = types.map((type) => (BY_TYPE.has(type) ? filterFor(type) : serviceOf(type)));
  return taggedResources(aws, [...new Set(filters)], ({ type }) => types.includes(type));
}
