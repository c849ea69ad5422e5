import type { Resource } from '../inventory/resource.ts';

/** Finds resources by ARN, or by the id at the end of the ARN. */
export interface ResourceIndex {
  find(arn: string): Resource | undefined;
  /** The parents of a resource that are part of the inventory, nearest first. */
  parentsOf(resource: Resource): Resource[];
}

export function indexResources(resources: Iterable<Resource>): ResourceIndex {
  const byArn = new Map<string, Resource>();
  // Ids are unique in one account and region, except for names that two types share (a cluster and its database): these are ignored.
  const byId = new Map<string, Resource | undefined>();
  for (const resource of resources) {
    byArn.set(resource.arn, resource);
    const id = placed(resource, resource.arn.slice(resource.arn.search(/[^/:]*$/)));
    byId.set(id, byId.has(id) ? undefined : resource);
  }
  return {
    find: (arn) => byArn.get(arn),
    parentsOf: (resource) =>
      resource.parents.map((name) => byArn.get(name) ?? byId.get(placed(resource, name))).filter((parent) => parent !== undefined),
  };
}

function placed({ account, region }: Resource, id: string): string {
  return `${account} ${region} ${id}`;
}
