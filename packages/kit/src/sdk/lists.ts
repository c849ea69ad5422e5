import type { Prompt, Resource, ResourceTemplateType, Tool } from '@modelcontextprotocol/server';
import type { Catalog } from '../define/catalog.ts';
import type { PromptDefinition } from '../define/prompt.ts';
import { isTemplate } from '../define/resource.ts';
import { describeResource, fixedResources } from '../pipeline/resource-list.ts';

/** Lists never change while a process runs, so clients may cache them; they are the same for every caller. */
export const LIST_HINT = { ttlMs: 300_000, cacheScope: 'public' as const };

/** For a list that changes, or depends on the caller. */
export const DYNAMIC_LIST_HINT = { ttlMs: 5_000, cacheScope: 'private' as const };

/** What a server lists, created once. */
export interface Lists {
  tools(): Tool[];
  resources: Resource[];
  templates: ResourceTemplateType[];
  prompts: Prompt[];
}

export function createLists(catalog: Catalog): Lists {
  return {
    tools: () => [...catalog.listings()],
    resources: fixedResources(catalog),
    templates: catalog.resources.filter(isTemplate).map((resource) => ({ uriTemplate: resource.uri, ...describeResource(resource) })),
    prompts: [...catalog.prompts.values()].map(promptListing),
  };
}

function promptListing({ name, title, description, arguments: given = {} }: PromptDefinition<unknown>): Prompt {
  const listed = Object.entries(given).map(([key, { description: about, required = false }]) => ({
    name: key,
    description: about,
    required,
  }));
  return { name, title, description, arguments: listed };
}
