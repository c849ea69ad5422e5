import { typeOfArn } from '../inventory/arn-type.ts';
import { absent, absentBy, type Found } from '../inventory/lookup.ts';
import type { Resource } from '../inventory/resource.ts';
import type { CallContext, Scan } from '../inventory/source.ts';
import type { Scanner } from '../scanning/scanner.ts';
import { type Gap, gapOf, TOO_LATE } from './gap.ts';
import { GLOBAL, type OpenRegion } from './region-client.ts';
import type { EnteredAccount, Scope } from './scope.ts';
import { isListedByService, planAccount } from './slices.ts';
import { taggedByArn } from './tagging.ts';

/** Resources of one account by their ARNs. */
export interface PlaceLookup {
  /** @returns every ARN */
  inRegion(region: string, arns: readonly string[]): Promise<ReadonlyMap<string, Found>>;
  /**
   * Those whose ARNs name no region: buckets, which are in the region that their listing says, and what has none.
   * @param home where the Tagging API lists what has no region
   * @returns every ARN
   */
  withoutRegion(arns: readonly string[], home: string): Promise<ReadonlyMap<string, Found>>;
}

export interface PlaceLookupDependencies {
  scope: Scope;
  openRegion: OpenRegion;
  scanner: Scanner;
  now(): Date;
}

/** What limits a lookup. */
interface Limits {
  call: CallContext;
  /** Fires when the caller cancels, and shortly before its deadline. */
  signal: AbortSignal;
}

/** What the Tagging API says of some ARNs. */
interface Tagged {
  byArn: ReadonlyMap<string, Resource>;
  /** Why it said nothing. */
  gap: Gap | undefined;
}

/** What services list. */
interface Listing {
  byArn: ReadonlyMap<string, Resource>;
  /** Why something of a type may be missing. */
  gapOf(type: string): Gap | undefined;
  /** Read for this lookup, not taken from the cache. */
  isFresh: boolean;
}

export function createPlaceLookup(entered: EnteredAccount, dependencies: PlaceLookupDependencies, limits: Limits): PlaceLookup {
  const lookup = new AccountLookup(entered, dependencies, limits);
  return {
    inRegion: (region, arns) => lookup.inRegion(region, arns),
    async withoutRegion(arns, home) {
      const located = arns.filter(isListed);
      const found = await Promise.all([lookup.listedOnce(located), lookup.inRegion(home, without(arns, located))]);
      return new Map(found.flatMap((some) => [...some]));
    },
  };
}

class AccountLookup {
  readonly #entered: EnteredAccount;
  readonly #dependencies: PlaceLookupDependencies;
  readonly #limits: Limits;
  readonly #startedAt: number;

  constructor(entered: EnteredAccount, dependencies: PlaceLookupDependencies, limits: Limits) {
    this.#entered = entered;
    this.#dependencies = dependencies;
    this.#limits = limits;
    this.#startedAt = dependencies.now().getTime();
  }

  async inRegion(region: string, arns: readonly string[]): Promise<ReadonlyMap<string, Found>> {
    const [tagged, listing] = await Promise.all([this.#tagged(region, arns), this.#list(region, arns.filter(isListed), false)]);
    const unsure = arns.filter((arn) => isListed(arn) && !(tagged.byArn.has(arn) && listing.byArn.has(arn)));
    const again = await this.#refreshed(region, listing, unsure);
    return new Map(arns.map((arn) => [arn, decide(arn, tagged, unsure.includes(arn) ? again : listing)]));
  }

  /** What is listed once for all regions, and says there in which of them it is. */
  async listedOnce(arns: readonly string[]): Promise<ReadonlyMap<string, Found>> {
    const cached = await this.#list(GLOBAL, arns, false);
    const missing = arns.some((arn) => !cached.byArn.has(arn)) ? arns : [];
    const listing = await this.#refreshed(GLOBAL, cached, missing);
    const tagged = await this.#taggedByRegion(arns.flatMap((arn) => listing.byArn.get(arn) ?? []));
    const taggedOf = (arn: string) => tagged.get(listing.byArn.get(arn)?.region ?? '') ?? NOTHING_TAGGED;
    const unsure = arns.filter((arn) => listing.byArn.has(arn) && !taggedOf(arn).byArn.has(arn));
    const again = await this.#refreshed(GLOBAL, listing, unsure);
    return new Map(arns.map((arn) => [arn, decide(arn, taggedOf(arn), unsure.includes(arn) ? again : listing)]));
  }

  async #taggedByRegion(resources: readonly Resource[]): Promise<ReadonlyMap<string, Tagged>> {
    const arnOf = ({ arn }: Resource) => arn;
    const groups = [...Map.groupBy(resources, ({ region }) => region)];
    return new Map(await Promise.all(groups.map(async ([region, some]) => [region, await this.#tagged(region, some.map(arnOf))] as const)));
  }

  async #tagged(region: string, arns: readonly string[]): Promise<Tagged> {
    if (arns.length === 0) return NOTHING_TAGGED;
    const { call, signal } = this.#limits;
    try {
      const aws = await this.#dependencies.openRegion(this.#entered, region, { signal });
      return { byArn: await taggedByArn(aws, arns), gap: undefined };
    } catch (error) {
      call.signal.throwIfAborted();
      return { byArn: new Map(), gap: signal.aborted ? TOO_LATE : gapOf(error) };
    }
  }

  /** A listing that is not from the cache, where some resources depend on it. */
  async #refreshed(region: string, listing: Listing, arns: readonly string[]): Promise<Listing> {
    return arns.length === 0 || listing.isFresh ? listing : this.#list(region, arns, true);
  }

  async #list(region: string, arns: readonly string[], refresh: boolean): Promise<Listing> {
    const { scope, openRegion, scanner } = this.#dependencies;
    const { signal, deadline } = this.#limits.call;
    const { account } = this.#entered.identity;
    const types = [...new Set(arns.map(typeOfArn))];
    if (types.length === 0) return NOTHING_LISTED;
    const query = { types, regions: region === GLOBAL ? [] : [region], accounts: [account], refresh };
    const plan = planAccount(account, query, scope, openRegion);
    const scan = await scanner.scan([plan], query, { signal, deadline, progress: () => undefined });
    return toListing(scan, this.#startedAt);
  }
}

const NOTHING_TAGGED: Tagged = { byArn: new Map(), gap: undefined };
const NOTHING_LISTED: Listing = { byArn: new Map(), gapOf: () => undefined, isFresh: true };

function toListing({ resources, coverage, asOf }: Scan, startedAt: number): Listing {
  const gaps = coverage.entries.filter(({ status }) => status !== 'complete');
  return {
    byArn: new Map(resources.map((resource) => [resource.arn, resource])),
    gapOf(type) {
      const entry = gaps.find(({ types }) => types.includes(type) || types.includes('*'));
      return entry && { reason: entry.reason ?? 'unavailable', detail: entry.detail ?? 'It could not be listed.' };
    },
    isFresh: Date.parse(asOf) > startedAt,
  };
}

/** The service knows what exists, the Tagging API which tags it has now. */
function decide(arn: string, { byArn, gap: tagGap }: Tagged, listing: Listing): Found {
  const tagged = byArn.get(arn);
  if (!isListed(arn)) {
    if (tagged !== undefined) return { resource: tagged };
    return tagGap === undefined ? absent('type_not_supported', UNLISTED_TYPE) : absentBy(tagGap);
  }
  const listed = listing.byArn.get(arn);
  if (listed !== undefined) return { resource: tagged === undefined ? listed : { ...listed, tags: tagged.tags } };
  const gap = listing.gapOf(typeOfArn(arn));
  // The Tagging API still knows what was deleted a short while ago.
  if (gap === undefined) return absent('absent', ABSENT);
  return tagged === undefined ? absentBy(gap) : { resource: tagged };
}

const ABSENT = 'It does not exist: its service does not list it.';
const UNLISTED_TYPE = 'It was never tagged, or does not exist: AWS lists this type only by its tags.';

function isListed(arn: string): boolean {
  return isListedByService({ arn, type: typeOfArn(arn) });
}

function without(all: readonly string[], some: readonly string[]): string[] {
  const left = new Set(some);
  return all.filter((arn) => !left.has(arn));
}
