import {
  type Prompt,
  type Resource,
  type ResourceTemplateType,
  SERVER_INFO_META_KEY,
  type Tool,
  UriTemplate,
} from '@modelcontextprotocol/server';
import { type Catalog, listingsOf } from '../define/catalog.ts';
import type { PromptDefinition } from '../define/prompt.ts';
import type { Era } from '../protocol/caller.ts';

/** Lists never change while a process runs, so clients may keep them for a while; they are the same for everybody. */
export const LIST_HINT = { ttlMs: 300_000, cacheScope: 'public' as const };

/** What a server lists, made once. */
export interface Lists {
  /** Made at the first question: JSON Schemas cost more than everything else at start. */
  tools(): Tool[];
  resources: Resource[];
  templates: ResourceTemplateType[];
  prompts: Prompt[];
}

export function createLists(catalog: Catalog): Lists {
  let tools: Tool[] | undefined;
  const describe = ({ name, title, description, mimeType }: Catalog['resources'][number]) => ({ name, title, description, mimeType });
  const isTemplate = ({ uri }: { uri: string }) => UriTemplate.isTemplate(uri);
  return {
    tools: () => {
      tools ??= listingsOf(catalog);
      return tools;
    },
    resources: catalog.resources
      .filter((resource) => !isTemplate(resource))
      .map((resource) => ({ uri: resource.uri, ...describe(resource) })),
    templates: catalog.resources.filter(isTemplate).map((resource) => ({ uriTemplate: resource.uri, ...describe(resource) })),
    prompts: [...[...catalog.prompts.values()].map(promptListing), ...[...catalog.raw.prompts.values()].map(({ listing }) => listing)],
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

/**
 * The result of `tools/list` as JSON text, made at the first question and kept: it is by far the largest thing that every
 * client asks for. The differential test holds it against the SDK's own.
 */
export function toolListJson(catalog: Catalog, era: Era, serverInfo: object): () => string {
  let json: string | undefined;
  return () => {
    json ??= JSON.stringify({
      tools: listingsOf(catalog),
      ...(era === 'modern' && { resultType: 'complete', ...LIST_HINT, _meta: { [SERVER_INFO_META_KEY]: serverInfo } }),
    });
    return json;
  };
}
