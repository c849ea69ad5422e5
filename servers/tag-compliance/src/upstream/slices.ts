import { AwsError, type Identity } from '@fairway-mcp/aws';
import { type CoverageEntry, NEVER_TAGGED_UNSEEN } from '../inventory/coverage.ts';
import type { Resource } from '../inventory/resource.ts';
import type { Slice, SliceResult } from '../inventory/slice.ts';
import type { ScanQuery } from '../inventory/source.ts';
import type { AccountPlan } from '../scanning/scan.ts';
import { gapOf, joinGaps } from './gap.ts';
import { READERS } from './readers/index.ts';
import type { Reader, Visit } from './readers/reader.ts';
import type { EnteredAccount, Scope } from './scope.ts';
import { filterFor, taggedResources } from './tagging.ts';

/** The region of what has none. */
export const GLOBAL = 'global';
/** The Tagging API's listing of everything in a region, beside the services' own. */
const ALL_TAGGED = 'tagged';

/** Marks a listing of what has no region; see {@link globalHome}. */
const GLOBAL_PART = 'global ';
/** Services whose resources have no region. */
const GLOBAL_SERVICES = new Set(['cloudfront', 'globalaccelerator', 'iam', 'organizations', 'route53', 'savingsplans', 'shield', 'waf']);

/** Where the Tagging API lists what has no region: in one region of each partition, and in no other. */
function globalHome(partition: string): string {
  return { 'aws-cn': 'cn-northwest-1', 'aws-us-gov': 'us-gov-west-1' }[partition] ?? 'us-east-1';
}

const BY_TYPE = new Map(READERS.map((reader) => [reader.type, reader]));

/** Looks into one account for what a query asks. */
export function planAccount(
  account: string,
  query: Pick<ScanQuery, 'types' | 'regions'>,
  scope: Scope,
  open: (entered: EnteredAccount, region: string, visit: { signal: AbortSignal; page(resources: number): void }) => Promise<Visit>,
): AccountPlan {
  let entered: EnteredAccount | CoverageEntry | undefined;
  return {
    account,
    async slices(signal) {
      entered = await scope.enter(account, signal);
      if (!('identity' in entered)) return { slices: [], entries: [entered] };
      const wanted = listings(query.types);
      const isRegional = wanted.some(({ isGlobal }) => !isGlobal);
      const asked = query.regions.filter((region) => region !== GLOBAL);
      const { regions, entries } =
        query.regions.length > 0 || !isRegional ? { regions: asked, entries: [] } : await scope.regions(entered, signal);
      const isGlobalAsked = query.regions.length === 0 || query.regions.includes(GLOBAL);
      return { slices: slicesOf(account, entered.identity, wanted, regions, isGlobalAsked), entries };
    },
    async read(slice, visit) {
      if (entered === undefined || !('identity' in entered)) throw new TypeError('The account has not been entered.');
      return readSlice(slice, await open(entered, slice.region, visit));
    },
  };
}

interface ListingChoice {
  reader: string;
  types: readonly string[];
  isGlobal: boolean;
}

/** Which listings hold the wanted types; the longest first, so that the whole takes less time. */
export function listings(types: readonly string[]): ListingChoice[] {
  const others = types.filter((type) => !BY_TYPE.has(type)).sort();
  const tagged: ListingChoice[] =
    types.length === 0
      ? [{ reader: ALL_TAGGED, types: ['*'], isGlobal: false }]
      : others.length > 0
        ? [{ reader: `${ALL_TAGGED}:${others.join(',')}`, types: others, isGlobal: false }]
        : [];
  const listed = READERS.filter(({ type }) => types.length === 0 || types.includes(type)).map(({ type, isGlobal = false }) => ({
    reader: type,
    types: [type],
    isGlobal,
  }));
  return [...tagged, ...listed];
}

function slicesOf(
  account: string,
  { fingerprint: identity, partition }: Identity,
  wanted: readonly ListingChoice[],
  regions: readonly string[],
  isGlobalAsked: boolean,
): Slice[] {
  const regional = wanted.flatMap(({ reader, types, isGlobal }) =>
    (isGlobal ? [GLOBAL] : regions).map((region) => ({ account, identity, region, reader, types })),
  );
  if (!isGlobalAsked || regions.includes(globalHome(partition))) return regional;
  const global = wanted.filter(({ reader, types }) => reader.startsWith(ALL_TAGGED) && types.some(mayBeGlobal));
  return [
    ...regional,
    ...global.map(({ reader, types }) => ({ account, identity, region: GLOBAL, reader: `${GLOBAL_PART}${reader}`, types })),
  ];
}

function mayBeGlobal(type: string): boolean {
  return type === '*' || GLOBAL_SERVICES.has(type.slice(0, type.indexOf(':')));
}

/** @throws the signal's reason; all other failures become a gap */
async function readSlice(slice: Slice, at: Visit): Promise<SliceResult> {
  const reader = BY_TYPE.get(slice.reader);
  try {
    return reader === undefined ? await readTagged(slice, at) : await readListed(reader, at);
  } catch (error) {
    at.signal.throwIfAborted();
    return { resources: [], gap: gapOf(error) };
  }
}

async function readListed(reader: Reader, at: Visit): Promise<SliceResult> {
  try {
    const { resources, gaps } = await reader.read(at);
    const gap = joinGaps(gaps);
    return gap === undefined ? { resources } : { resources, gap };
  } catch (error) {
    at.signal.throwIfAborted();
    const gap = gapOf(error);
    // What has tags can still be seen through the Tagging API.
    const tagged = reader.isGlobal ? [] : await taggedOf([reader.type], at).catch(noneIfRefused);
    at.signal.throwIfAborted();
    return { resources: tagged, gap };
  }
}

function noneIfRefused(error: unknown): Resource[] {
  if (error instanceof AwsError) return [];
  throw error;
}

async function readTagged({ reader, types }: Slice, at: Visit): Promise<SliceResult> {
  if (reader.startsWith(GLOBAL_PART)) return readGlobal(types, { ...at, region: globalHome(at.partition) });
  if (types.includes('*')) return { resources: await taggedResources(at, [], isUnlisted) };
  return { resources: await taggedOf(types, at), gap: NEVER_TAGGED_UNSEEN };
}

/** What has no region, from the region in which it is listed. What else is there is not asked for. */
async function readGlobal(types: readonly string[], at: Visit): Promise<SliceResult> {
  const isGlobal = ({ region }: Resource) => region === GLOBAL;
  if (types.includes('*')) return { resources: await taggedResources(at, [], (one) => isGlobal(one) && isUnlisted(one)) };
  return { resources: (await taggedOf(types, at)).filter(isGlobal), gap: NEVER_TAGGED_UNSEEN };
}

/**
 * Whether no other listing of the same region holds a resource. What a listing should hold and does not was deleted: the Tagging API
 * forgets later. Classic load balancers have the type of the others, but not their listing.
 */
function isUnlisted({ type, arn }: Resource): boolean {
  const reader = BY_TYPE.get(type);
  return reader === undefined || reader.isGlobal === true || (type === CLASSIC_TYPE && !/:loadbalancer\/(app|net|gwy)\//.test(arn));
}

const CLASSIC_TYPE = 'elasticloadbalancing:loadbalancer';

async function taggedOf(types: readonly string[], at: Visit): Promise<Resource[]> {
  // Only the service is sure to be known to the Tagging API for types that it does not name itself.
  const filters = types.map((type) => (BY_TYPE.has(type) ? filterFor(type) : (type.split(':')[0] ?? type)));
  return taggedResources(at, [...new Set(filters)], ({ type }) => types.includes(type));
}
