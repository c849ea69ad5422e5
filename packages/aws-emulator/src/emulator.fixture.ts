/** What the emulator's own tests share: an organization, an emulator with irregular pages, and AWS's clients that use it. */
import {
  generateOrganization,
  type Organization,
  type OrganizationResource,
  type ResourceType,
  resourcesOf,
  type Tags,
} from '@fairway-mcp/aws-sample';
import { afterAll, beforeAll } from 'vitest';
import { type AwsEmulator, type AwsEmulatorOptions, startAwsEmulator } from './index.ts';

export const NOW = Date.parse('2026-11-15T10:00:00.000Z');

export const ORGANIZATION: Organization = generateOrganization({ seed: 7, size: 1200, now: '2026-11-15T00:00:00.000Z' });

/** Short and empty pages, as AWS may send them. */
export const IRREGULAR_PAGES = { maxPageSize: 5, shortPages: 0.3, emptyPages: 0.3 };

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

export class EmulatorHarness {
  #aws: AwsEmulator | undefined;

  get aws(): AwsEmulator {
    if (this.#aws === undefined) throw new Error('the emulator has not been started');
    return this.#aws;
  }

  async start(options: AwsEmulatorOptions): Promise<void> {
    this.#aws = await startAwsEmulator(ORGANIZATION, { now: () => NOW, accessKeys: keysOf(ORGANIZATION), ...options });
  }

  async stop(): Promise<void> {
    await this.#aws?.stop();
  }

  /** A client for one account and region, without retries. */
  client<C>(Client: new (config: ClientConfig) => C, { account, region }: Place, overrides: Partial<ClientConfig> = {}): C {
    const credentials = { accessKeyId: keyOf(account), secretAccessKey: 'secret' };
    return new Client({ endpoint: this.aws.url, region, credentials, maxAttempts: 1, ...overrides });
  }
}

/** An emulator for the tests of one file. */
export function useEmulator(options: AwsEmulatorOptions = {}): EmulatorHarness {
  const shared = new EmulatorHarness();
  beforeAll(() => shared.start(options));
  afterAll(() => shared.stop());
  return shared;
}

function keyOf(account: string): string {
  return `AKIA${account}`;
}

function keysOf(organization: Organization): Record<string, string> {
  return Object.fromEntries(organization.accounts.map(({ id }) => [keyOf(id), id]));
}

/** The account and region with the most resources of a type, and these resources. */
export function busiest<T extends ResourceType>(type: T): Place & { resources: Extract<OrganizationResource, { type: T }>[] } {
  const places = Map.groupBy(resourcesOf(ORGANIZATION, type), ({ account, region }) => `${account}/${region}`);
  const resources = [...places.values()].toSorted((a, b) => b.length - a.length)[0] ?? [];
  const [first] = resources;
  if (first === undefined) throw new Error(`the organization has no ${type}`);
  return { account: first.account, region: first.region, resources };
}

/** All that an async iterator of pages gives. */
export async function all<P, T>(pages: AsyncIterable<P>, pick: (page: P) => readonly T[] | undefined): Promise<T[]> {
  const found: T[] = [];
  for await (const page of pages) found.push(...(pick(page) ?? []));
  return found;
}

/** Tags by the id or ARN of what they are on: how answers and the organization are compared. */
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
