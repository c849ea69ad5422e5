import { parseArn } from '@fairway-mcp/aws/arn';
import { typeOfArn } from '../inventory/arn-type.ts';
import { type CoverageEntry, toCoverage } from '../inventory/coverage.ts';
import type { Resource } from '../inventory/resource.ts';
import type { Scan, ScanQuery, Surroundings, Waiting } from '../inventory/source.ts';
import { type Gap, gapOf } from './gap.ts';
import { untilDeadline } from './patience.ts';
import { createdBy, runsAs } from './principals.ts';
import { READERS } from './readers/index.ts';
import type { Visit } from './readers/reader.ts';
import { taggedResource } from './tagging.ts';

export interface SurroundingsPorts {
  /** Listings of single types, from the cache where they are there. */
  scan(query: ScanQuery, waiting: Waiting): Promise<Scan>;
  /** @returns an entry for the coverage when the account cannot be entered */
  enter(account: string, region: string | undefined, signal: AbortSignal): Promise<Visit | CoverageEntry>;
}

/** How far up: from a volume over its instance and its subnet to its VPC. */
const LEVELS = 3;
const STEPS = 3;

/**
 * What can be learnt around one resource, of any ARN. Whatever is denied, late or unknown is left out and stands in the coverage.
 * @throws the signal's reason
 */
export async function lookAround(arn: string, ports: SurroundingsPorts, waiting: Waiting): Promise<Surroundings> {
  const around = new Around(arn, ports, waiting);
  waiting.progress(0, STEPS, `Looking for ${arn}`);
  const resource = await around.resource();
  waiting.progress(1, STEPS, 'Looking at what it is in');
  const parents = resource === undefined ? [] : await around.parents(resource);
  waiting.progress(2, STEPS, 'Looking at whose it is');
  const principals = await around.principals(resource);
  waiting.progress(STEPS, STEPS, 'Done');
  return { resource, parents, principals, coverage: toCoverage(around.entries) };
}

class Around {
  readonly entries: CoverageEntry[] = [];
  readonly #arn: string;
  readonly #type: string;
  readonly #ports: SurroundingsPorts;
  readonly #waiting: Waiting;
  readonly #patience: AbortSignal;
  readonly #visits = new Map<string, Promise<Visit | undefined>>();

  constructor(arn: string, ports: SurroundingsPorts, waiting: Waiting) {
    this.#arn = arn;
    this.#type = typeOfArn(arn);
    this.#ports = ports;
    const { signal, deadline } = waiting;
    this.#waiting = { signal, deadline, progress: () => undefined };
    this.#patience = untilDeadline(waiting);
  }

  async resource(): Promise<Resource | undefined> {
    const { account, region } = placeOf(this.#arn);
    const place = { accounts: account === undefined ? [] : [account], regions: region === undefined ? [] : [region] };
    const isListed = READERS.some(({ type }) => type === this.#type);
    const listed = isListed ? await this.#list({ types: [this.#type], ...place }) : [];
    return listed.find(({ arn }) => arn === this.#arn) ?? this.#try(account, region, (at) => taggedResource(at, this.#arn));
  }

  /** Level by level, so that the nearest come first. */
  async parents({ account, region, parents }: Resource): Promise<Resource[]> {
    const found: Resource[] = [];
    let ids = parents;
    for (let level = 0; level < LEVELS && ids.length > 0; level += 1) {
      const types = [...new Set(ids.map(typeOfId))].filter((type) => type !== undefined);
      if (types.length === 0) break;
      const all = await this.#list({ types, accounts: [account], regions: [region] });
      const wanted = ids.filter((id) => !found.some((one) => isCalled(one, id)));
      const some = wanted.map((id) => all.find((one) => isCalled(one, id))).filter((one) => one !== undefined);
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
      this.#try(account, region, (at) => runsAs(at, this.#type, this.#arn)),
      this.#try(account, region, (at) => createdBy(at, resource?.tags ?? {})),
    ]);
    return found.filter((one) => one !== undefined);
  }

  async #list(query: Pick<ScanQuery, 'types' | 'accounts' | 'regions'>): Promise<readonly Resource[]> {
    const { resources, coverage } = await this.#ports.scan({ ...query, refresh: false }, this.#waiting);
    this.entries.push(...coverage.entries.filter(({ status }) => status !== 'complete'));
    return resources;
  }

  /** @returns nothing, and an entry, when the account is closed, the call fails or there is no time left */
  async #try<T>(account: string | undefined, region: string | undefined, look: (at: Visit) => Promise<T>): Promise<T | undefined> {
    if (account === undefined) return undefined;
    try {
      const at = await this.#enter(account, region);
      return at && (await look(at));
    } catch (error) {
      this.#waiting.signal.throwIfAborted();
      const gap = this.#patience.aborted ? LATE : gapOf(error);
      this.entries.push({ account, region: region ?? 'global', types: [this.#type], status: 'missing', resources: 0, ...gap });
      return undefined;
    }
  }

  #enter(account: string, region: string | undefined): Promise<Visit | undefined> {
    const key = `${account} ${region}`;
    const known = this.#visits.get(key);
    if (known !== undefined) return known;
    const entering = this.#ports.enter(account, region, this.#patience).then((entered) => {
      if ('ask' in entered) return entered;
      this.entries.push(entered);
      return undefined;
    });
    this.#visits.set(key, entering);
    return entering;
  }
}

const LATE: Gap = { reason: 'not_reached', detail: 'Ask again: there was no time left.' };

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

/** The type of what an id or an ARN among a resource's parents refers to, if it can be listed. */
function typeOfId(id: string): string | undefined {
  if (!id.startsWith('arn:')) return ID_TYPES.get(id.slice(0, id.indexOf('-')));
  const type = typeOfArn(id);
  return READERS.some((reader) => reader.type === type) ? type : undefined;
}

function isCalled({ arn }: Resource, id: string): boolean {
  return arn === id || arn.endsWith(`/${id}`);
}
