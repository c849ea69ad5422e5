import { parseArn } from '@fairway-mcp/aws/arn';
import { typeOfArn } from '../inventory/arn-type.ts';
import { type CoverageEntry, toCoverage } from '../inventory/coverage.ts';
import type { Resource } from '../inventory/resource.ts';
import type { CallContext, Scan, ScanQuery, Surroundings } from '../inventory/source.ts';
import { deadlineSignal } from './deadline.ts';
import { type Gap, gapOf } from './gap.ts';
import { createdBy, runsAs } from './principals.ts';
import { READERS } from './readers/index.ts';
import type { RegionClient } from './region-client.ts';
import { taggedResource } from './tagging.ts';

export interface SurroundingsDependencies {
  /** Listings of single types, from the cache where possible. */
  scan(query: ScanQuery, call: CallContext): Promise<Scan>;
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
export async function findSurroundings(arn: string, dependencies: SurroundingsDependencies, call: CallContext): Promise<Surroundings> {
  const lookup = new SurroundingsLookup(arn, dependencies, call);
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
  readonly #type: string;
  readonly #dependencies: SurroundingsDependencies;
  readonly #call: CallContext;
  readonly #deadlineSignal: AbortSignal;
  readonly #entered = new Map<string, Promise<RegionClient | undefined>>();

  constructor(arn: string, dependencies: SurroundingsDependencies, call: CallContext) {
    this.#arn = arn;
    this.#type = typeOfArn(arn);
    this.#dependencies = dependencies;
    const { signal, deadline } = call;
    this.#call = { signal, deadline, progress: () => undefined };
    this.#deadlineSignal = deadlineSignal(call);
  }

  async resource(): Promise<Resource | undefined> {
    const { account, region } = placeOf(this.#arn);
    const place = { accounts: account === undefined ? [] : [account], regions: region === undefined ? [] : [region] };
    const isListed = READERS.some(({ type }) => type === this.#type);
    const listed = isListed ? await this.#list({ types: [this.#type], ...place }) : [];
    return listed.find(({ arn }) => arn === this.#arn) ?? this.#try(account, region, (aws) => taggedResource(aws, this.#arn));
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
    const { resources, coverage } = await this.#dependencies.scan({ ...query, refresh: false }, this.#call);
    this.entries.push(...coverage.entries.filter(({ status }) => status !== 'complete'));
    return resources;
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

const TOO_LATE: Gap = { reason: 'not_reached', detail: 'Ask again: there was no time left.' };

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
