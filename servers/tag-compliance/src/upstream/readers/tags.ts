import { AwsError } from '@fairway-mcp/aws';
import type { Resource } from '../../inventory/resource.ts';
import { type Gap, gapOf } from '../gap.ts';
import type { RegionClient } from '../region-client.ts';
import { filterFor, GET_RESOURCES, type Tags, tagsByArn } from '../tagging.ts';
import { inChunks } from './chunks.ts';
import type { Reading } from './reader.ts';

/** How to learn tags from the service itself, for when the Tagging API may not be asked. */
export interface SlowTags {
  /** IAM action. */
  action: string;
  /** How many resources one call takes. */
  atOnce: number;
  /** @returns tags by ARN; what is absent has none. @throws AwsError */
  ask(resources: readonly Resource[]): Promise<ReadonlyMap<string, Tags>>;
}

/** A service that tells the tags of one resource with one call. */
export function oneByOne(action: string, ask: (resource: Resource) => Promise<Tags>): SlowTags {
  return {
    action,
    atOnce: 1,
    ask: async (some) => new Map(await Promise.all(some.map(async (one) => [one.arn, await ask(one)] as const))),
  };
}

/**
 * Gives listed resources of one type and region their tags: from a few pages of the Tagging API, or from the service, some at a time,
 * where that is denied. Resources whose tags stay unknown are left out, for they would look untagged; the gaps say so.
 */
export async function withTags(aws: RegionClient, region: string, resources: readonly Resource[], slow: SlowTags): Promise<Reading> {
  const [first] = resources;
  if (first === undefined) return { resources: [], gaps: [] };
  try {
    const tags = await tagsByArn(aws, region, [filterFor(first.type)]);
    return { resources: resources.map((resource) => tagged(resource, tags)), gaps: [] };
  } catch (error) {
    if (error instanceof AwsError && error.failure === 'access_denied') return withSlowTags(aws, resources, slow);
    return { resources: [], gaps: [gapOf(error)] };
  }
}

function tagged(resource: Resource, tags: ReadonlyMap<string, Tags>): Resource {
  return { ...resource, tags: tags.get(resource.arn) ?? {} };
}

/** When this many calls were denied and none was answered, the next ones would be denied too. */
const ENOUGH_DENIALS = 3;

async function withSlowTags(aws: RegionClient, resources: readonly Resource[], { action, atOnce, ask }: SlowTags): Promise<Reading> {
  const failures: AwsError[] = [];
  let unread = 0;
  let isAnswered = false;

  const known = await inChunks(aws, resources, atOnce, async (some) => {
    if (isAnswered || failures.length < ENOUGH_DENIALS) {
      try {
        const tags = await ask(some);
        isAnswered = true;
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
