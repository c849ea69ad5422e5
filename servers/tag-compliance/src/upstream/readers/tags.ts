import { AwsError } from '@fairway-mcp/aws';
import type { Resource } from '../../inventory/resource.ts';
import { type Gap, gapOf } from '../gap.ts';
import type { RegionClient } from '../region-client.ts';
import { filterFor, GET_RESOURCES, type Tags, tagsByArn } from '../tagging.ts';
import { inChunks } from './chunks.ts';
import type { Reading } from './reader.ts';

/** How to read tags from the service itself when the Tagging API is denied. */
export interface ServiceTags {
  /** IAM action. */
  action: string;
  /** Resources per call. */
  batchSize: number;
  /** @returns tags by ARN; what is absent has none. @throws AwsError */
  read(resources: readonly Resource[]): Promise<ReadonlyMap<string, Tags>>;
}

/** A service that returns the tags of one resource per call. */
export function oneByOne(action: string, read: (resource: Resource) => Promise<Tags>): ServiceTags {
  return {
    action,
    batchSize: 1,
    read: async (some) => new Map(await Promise.all(some.map(async (one) => [one.arn, await read(one)] as const))),
  };
}

/**
 * Adds tags to the listed resources of one type and region: from a few pages of the Tagging API, or from the service when that is
 * denied. Resources whose tags stay unknown are left out, because they would look untagged; the gaps say so.
 */
export async function withTags(
  aws: RegionClient,
  region: string,
  resources: readonly Resource[],
  serviceTags: ServiceTags,
): Promise<Reading> {
  const [first] = resources;
  if (first === undefined) return { resources: [], gaps: [] };
  try {
    const tags = await tagsByArn(aws, region, [filterFor(first.type)]);
    return { resources: resources.map((resource) => tagged(resource, tags)), gaps: [] };
  } catch (error) {
    if (error instanceof AwsError && error.failure === 'access_denied') return withServiceTags(aws, resources, serviceTags);
    return { resources: [], gaps: [gapOf(error)] };
  }
}

function tagged(resource: Resource, tags: ReadonlyMap<string, Tags>): Resource {
  return { ...resource, tags: tags.get(resource.arn) ?? {} };
}

/** After this many denied calls without an answer, the others would be denied too. */
const MAX_DENIALS = 3;

async function withServiceTags(
  aws: RegionClient,
  resources: readonly Resource[],
  { action, batchSize, read }: ServiceTags,
): Promise<Reading> {
  const failures: AwsError[] = [];
  let unread = 0;
  let hasAnswer = false;

  const known = await inChunks(aws, resources, batchSize, async (some) => {
    if (hasAnswer || failures.length < MAX_DENIALS) {
      try {
        const tags = await read(some);
        hasAnswer = true;
        return some.map((resource) => tagged(resource, tags));
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        // It was deleted after it had been listed.
        if (error.failure === 'not_found' && some.length === 1) return [];
        failures.push(error);
      }
    }
    unread += some.length;
    return [];
  });
  return { resources: known, gaps: gapsOf(failures, unread, action) };
}

function gapsOf([first]: readonly AwsError[], unread: number, action: string): Gap[] {
  if (first === undefined) return [];
  const { reason, detail } = gapOf(first);
  const remedy = first.failure === 'access_denied' ? `Needs ${GET_RESOURCES} or ${action}.` : detail;
  return [{ reason, detail: `${remedy} Left out, as their tags are unknown: ${unread}.` }];
}
