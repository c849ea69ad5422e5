import { parseArn } from '@fairway-mcp/aws/arn';
import { typeOfArn } from '../inventory/arn-type.ts';
import { type Coverage, type CoverageEntry, toCoverage } from '../inventory/coverage.ts';
import type { Lookup } from '../inventory/lookup.ts';
import type { Resource } from '../inventory/resource.ts';
import type { CallContext, Scan, ScanQuery, Surroundings } from '../inventory/source.ts';
import { deadlineSignal } from './deadline.ts';
import { gapOf, TOO_LATE } from './gap.ts';
import { createdBy, runsAs } from './principals.ts';
import { READERS } from './readers/index.ts';
import type { RegionClient } from './region-client.ts';

export interface SurroundingsDependencies {
  /** Listings of single types, from the cache where possible. */
  scan(query: ScanQuery, call: CallContext): Promise<Scan>;
  lookUp(arns: readonly string[], call: CallContext): Promise<Lookup>;
  /** @returns an entry for the coverage when the account cannot be entered */
  enter(account: string, region: string | undefined, signal: AbortSignal): Promise<RegionClient | CoverageEntry>;
}

/** How many levels of parents: from a volume over its instance and its subnet to its VPC. */
const LEVELS = 3;
const STEPS = 3;

/**
 * Collects what is known around one resource, from its ARN. What is denied, late or unknown is left out and noted in the coverage.
 * @throws the signal's reason
 */
export async function findSurroundings(
  { arn, refresh }: { arn: string; refresh: boolean },
  dependencies: SurroundingsDependencies,
  call: CallContext,
): Promise<Surroundings> {
  const lookup = new SurroundingsLookup(arn, refresh, dependencies, call);
  call.progress(0, STEPS, `Looking up ${arn}`);
  const resource = await lookup.resource();
  call.progress(1, STEPS, 'Looking up its parents');
  const parents = resource === undefined ? [] : await lookup.parents(resource);
  call.progress(2, STEPS, 'Looking up its role and its creator');
  const principals = await lookup.principals(resource);
  call.progress(STEPS, STEPS, 'Done');
  return { resource, parents, principals, coverage: toCoverage(lookup.entries) };
}

class SurroundingsLookup {
  readonly entries: CoverageEntry[] = [];
  readonly #arn: string;
  readonly #refresh: boolean;
  readonly #type: string;
  readonly #dependencies: SurroundingsDependencies;
  readonly #call: CallContext;
  readonly #deadlineSignal: AbortSignal;
  readonly #entered = new Map<string, Promise<RegionClient | undefined>>();

  constructor(arn: string, refresh: boolean, dependencies: SurroundingsDependencies, call: CallContext) {
    this.#arn = arn;
    this.#refresh = refresh;
    this.#type = typeOfArn(arn);
    this.#dependencies = dependencies;
    const { signal, deadline } = call;
    this.#call = { signal, deadline, progress: () => undefined };
    this.#deadlineSignal = deadlineSignal(call);
  }

  async resource(): Promise<Resource | undefined> {
    const { byArn, coverage } = await this.#dependencies.lookUp([this.#arn], this.#call);
    this.#addGaps(coverage);
    return byArn.get(this.#arn)?.resource;
  }

  /** Level by level, so that the nearest come first. */
  async parents({ account, region, parents }: Resource): Promise<Resource[]> {
    const found: Resource[] = [];
    let ids = parents;
    for (let level = 0; level < LEVELS && ids.length > 0; level += 1) {
      const types = [...new Set(ids.map(typeOfId))].filter((type) => type !== undefined);
      if (types.length === 0) break;
      const all = await this.#list({ types, accounts: [account], regions: [region] });
      const wanted = ids.filter((id) => !found.some((one) => hasId(one, id)));
      const some = wanted.map((id) => all.find((one) => hasId(one, id))).filter((one) => one !== undefined);
      found.push(...some);
      ids = [...new Set(some.flatMap((one) => one.parents))];
    }
    return found;
  }

  async principals(resource: Resource | undefined): Promise<Surroundings['principals']> {
    const place = placeOf(this.#arn);
    const account = resource?.account ?? place.account;
    const region = resource?.region ?? place.region;
    const found = await Promise.all([
      this.#try(account, region, (aws) => runsAs(aws, this.#type, this.#arn)),
      this.#try(account, region, (aws) => createdBy(aws, resource?.tags ?? {})),
    ]);
    return found.filter((one) => one !== undefined);
  }

  async #list(query: Pick<ScanQuery, 'types' | 'accounts' | 'regions'>): Promise<readonly Resource[]> {
    const { resources, coverage } = await this.#dependencies.scan({ ...query, refresh: this.#refresh }, this.#call);
    this.#addGaps(coverage);
    return resources;
  }

  #addGaps({ entries }: Coverage): void {
    this.entries.push(...entries.filter(({ status }) => status !== 'complete'));
  }

  /** @returns nothing, and adds an entry, when the account cannot be entered, the request fails or there is no time left */
  async #try<T>(
    account: string | undefined,
    region: string | undefined,
    request: (aws: RegionClient) => Promise<T>,
  ): Promise<T | undefined> {
    if (account === undefined) return undefined;
    try {
      const aws = await this.#enter(account, region);
      return aws && (await request(aws));
    } catch (error) {
      this.#call.signal.throwIfAborted();
      const gap = this.#deadlineSignal.aborted ? TOO_LATE : gapOf(error);
      this.entries.push({ account, region: region ?? 'global', types: [this.#type], status: 'missing', resources: 0, ...gap });
      return undefined;
    }
  }

  #enter(account: string, region: string | undefined): Promise<RegionClient | undefined> {
    const key = `${account} ${region}`;
    const known = this.#entered.get(key);
    if (known !== undefined) return known;
    const entering = this.#dependencies.enter(account, region, this.#deadlineSignal).then((entered) => {
      if ('open' in entered) return entered;
      this.entries.push(entered);
      return undefined;
    });
    this.#entered.set(key, entering);
    return entering;
  }
}

function placeOf(arn: string): { account: string | undefined; region: string | undefined } {
  const parts = parseArn(arn);
  return { account: parts?.account || undefined, region: parts?.region || undefined };
}

const ID_TYPES = new Map([
  ['i', 'ec2:instance'],
  ['vol', 'ec2:volume'],
  ['subnet', 'ec2:subnet'],
  ['vpc', 'ec2:vpc'],
]);

/** The type that an id or an ARN among a resource's parents refers to, if it can be listed. */
function typeOfId(id: string): string | undefined {
  if (!id.startsWith('arn:')) return ID_TYPES.get(id.slice(0, id.indexOf('-')));
  const type = typeOfArn(id);
  return READERS.some((reader) => reader.type === type) ? type : undefined;
}

function hasId({ arn }: Resource, id: string): boolean {
  return arn === id || arn.endsWith(`/${id}`);
}
