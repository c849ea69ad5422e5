/** What the stand-in's own tests share: an estate, a stand-in with unkind pages, and AWS's clients pointed at it. */
import { type Estate, type EstateResource, generateEstate, type ResourceType, resourcesOf, type Tags } from '@fairway-mcp/aws-sample';
import { afterAll, beforeAll } from 'vitest';
import { type AwsOptions, type AwsStandIn, startAws } from './index.ts';

export const NOW = Date.parse('2026-11-15T10:00:00.000Z');

export const ESTATE: Estate = generateEstate({ seed: 7, size: 1200, now: '2026-11-15T00:00:00.000Z' });

/** Pages as AWS may send them on a bad day. */
export const UNKIND = { maxPageSize: 5, shortPages: 0.3, emptyPages: 0.3 };

/** What every client of AWS's SDK can be made with. */
export interface ClientConfig {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  maxAttempts: number;
}

export interface Place {
  account: string;
  region: string;
}

export class Bench {
  #aws: AwsStandIn | undefined;

  get aws(): AwsStandIn {
    if (this.#aws === undefined) throw new Error('the stand-in has not been started');
    return this.#aws;
  }

  async start(options: AwsOptions): Promise<void> {
    this.#aws = await startAws(ESTATE, { now: () => NOW, accessKeys: keysOf(ESTATE), ...options });
  }

  async stop(): Promise<void> {
    await this.#aws?.stop();
  }

  /** A client for one account and region, that tries once. */
  client<C>(Client: new (config: ClientConfig) => C, { account, region }: Place, overrides: Partial<ClientConfig> = {}): C {
    const credentials = { accessKeyId: keyOf(account), secretAccessKey: 'secret' };
    return new Client({ endpoint: this.aws.url, region, credentials, maxAttempts: 1, ...overrides });
  }
}

/** A stand-in for the tests of one file. */
export function bench(options: AwsOptions = {}): Bench {
  const shared = new Bench();
  beforeAll(() => shared.start(options));
  afterAll(() => shared.stop());
  return shared;
}

function keyOf(account: string): string {
  return `AKIA${account}`;
}

function keysOf(estate: Estate): Record<string, string> {
  return Object.fromEntries(estate.accounts.map(({ id }) => [keyOf(id), id]));
}

/** Where there is most of a type, and what there is. */
export function busiest<T extends ResourceType>(type: T): Place & { resources: Extract<EstateResource, { type: T }>[] } {
  const places = Map.groupBy(resourcesOf(ESTATE, type), ({ account, region }) => `${account}/${region}`);
  const resources = [...places.values()].toSorted((a, b) => b.length - a.length)[0] ?? [];
  const [first] = resources;
  if (first === undefined) throw new Error(`the estate has no ${type}`);
  return { account: first.account, region: first.region, resources };
}

/** All that an async iterator of pages gives. */
export async function all<P, T>(pages: AsyncIterable<P>, pick: (page: P) => readonly T[] | undefined): Promise<T[]> {
  const found: T[] = [];
  for await (const page of pages) found.push(...(pick(page) ?? []));
  return found;
}

/** Tags by the id or ARN of what they are on: how answers and the estate are compared. */
export function tagTable(
  rows: readonly { id: string | undefined; tags: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined }[],
) {
  return Object.fromEntries(
    rows.map(({ id, tags = [] }) => [id, Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]))]),
  );
}

export function trueTable<R extends { tags: Tags | undefined }>(resources: readonly R[], id: (resource: R) => string) {
  return Object.fromEntries(resources.map((resource) => [id(resource), resource.tags ?? {}]));
}
