import { AwsError, listed } from '@fairway-mcp/aws';
import { parseArn } from '@fairway-mcp/aws/arn';
import { typeOfArn } from '../inventory/arn-type.ts';
import type { Resource } from '../inventory/resource.ts';
import { inChunks } from './readers/chunks.ts';
import { list, toTags } from './readers/listing.ts';
import type { RegionClient } from './region-client.ts';

export type Tags = Readonly<Record<string, string>>;

export const GET_RESOURCES = 'tag:GetResources';

interface Mapping {
  ResourceARN?: string;
  Tags?: { Key?: string; Value?: string }[];
}

/**
 * The resources of one region that have or had tags. Resources that were never tagged are absent, so this alone is no inventory;
 * recently deleted ones may still be there.
 * @param filters `service` or `service:type`, as embedded in ARNs; none means all
 * @throws AwsError
 */
export async function taggedResources(
  aws: RegionClient,
  filters: readonly string[],
  isWanted: (resource: Resource) => boolean = () => true,
): Promise<Resource[]> {
  return mappings(aws, aws.region, filters, ({ ResourceARN: arn, Tags: tags }) =>
    arn === undefined ? [] : [resourceOf(arn, aws, toTags(tags))].filter(isWanted),
  );
}

/** The tags of all tagged resources of one region, by ARN. Absent resources have none. @throws AwsError */
export async function tagsByArn(aws: RegionClient, region: string, filters: readonly string[]): Promise<ReadonlyMap<string, Tags>> {
  const pairs = await mappings({ ...aws, onPage: () => undefined }, region, filters, ({ ResourceARN: arn, Tags: tags }) =>
    arn === undefined ? [] : [[arn, toTags(tags)] as const],
  );
  return new Map(pairs);
}

/** https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html */
const MAX_ARNS = 100;

/**
 * The resources of one region with the given ARNs and the tags that they have now, by ARN. Absent is what never had a tag, does not
 * exist, or is of a type that the Tagging API does not know.
 * @throws AwsError
 */
export async function taggedByArn(aws: RegionClient, arns: readonly string[]): Promise<ReadonlyMap<string, Resource>> {
  const found = await inChunks(aws, arns, MAX_ARNS, (some) => resourcesOf(aws, some));
  return new Map(found.map((resource) => [resource.arn, resource]));
}

/** One ARN that the Tagging API does not accept makes it refuse them all: then each half is requested on its own. */
async function resourcesOf(aws: RegionClient, arns: readonly string[]): Promise<Resource[]> {
  const { client, GetResourcesCommand } = await aws.open('tagging');
  try {
    const command = new GetResourcesCommand({ ResourceARNList: [...arns] });
    const { ResourceTagMappingList } = await aws.call(GET_RESOURCES, client.send(command, aws.options));
    return listed(GET_RESOURCES, ResourceTagMappingList).flatMap(({ ResourceARN: arn, Tags: tags }) =>
      arn === undefined ? [] : [resourceOf(arn, aws, toTags(tags))],
    );
  } catch (error) {
    if (!(error instanceof AwsError && error.failure === 'rejected')) throw error;
    if (arns.length === 1) return [];
    const half = Math.ceil(arns.length / 2);
    const halves = await Promise.all([resourcesOf(aws, arns.slice(0, half)), resourcesOf(aws, arns.slice(half))]);
    return halves.flat();
  }
}

async function mappings<Item>(
  aws: RegionClient,
  region: string,
  filters: readonly string[],
  items: (mapping: Mapping) => readonly Item[],
): Promise<Item[]> {
  const { client, GetResourcesCommand } = await aws.open('tagging', region);
  return list(aws, {
    action: GET_RESOURCES,
    request: (PaginationToken) =>
      client.send(
        new GetResourcesCommand({
          ResourcesPerPage: 100,
          ...(PaginationToken !== undefined && { PaginationToken }),
          ...(filters.length > 0 && { ResourceTypeFilters: [...filters] }),
        }),
        aws.options,
      ),
    items: (page) => page.ResourceTagMappingList?.flatMap(items),
    next: (page) => page.PaginationToken,
  });
}

/** A resource of which only the ARN and the tags are known. */
function resourceOf(arn: string, { account, region }: RegionClient, tags: Tags): Resource {
  const parts = parseArn(arn);
  return {
    arn,
    type: typeOfArn(arn),
    account: parts?.account || account,
    // A bucket's ARN names no region, but the bucket is in the one that lists it.
    region: parts?.region || (parts?.service === 's3' ? region : 'global'),
    name: nameIn(parts?.service, parts?.resource ?? arn),
    tags,
    createdAt: undefined,
    parents: [],
  };
}

/** The name in the resource part of an ARN: `i-1` of `instance/i-1`, `/app` of `log-group:/app`. */
function nameIn(service: string | undefined, resource: string): string {
  const name = /^[^/:]*[/:](.+)$/s.exec(resource)?.[1] ?? resource;
  // Secrets Manager appends a dash and six characters to each name.
  return service === 'secretsmanager' ? name.replace(/-[A-Za-z0-9]{6}$/, '') : name;
}

/** Types whose ARNs contain no type, so that the Tagging API cannot filter by it. */
const WITHOUT_TYPE_WORD = new Set(['s3:bucket', 'sns:topic', 'sqs:queue']);

/** A filter of the Tagging API that matches everything of a type, and maybe more. */
export function filterFor(type: string): string {
  return WITHOUT_TYPE_WORD.has(type) ? (type.split(':')[0] ?? type) : type;
}
