import { ResourceNotFoundError, UriTemplate } from '@modelcontextprotocol/server';
import type { Catalog } from '../define/catalog.ts';
import type { ResourceContent, ResourceDefinition } from '../define/resource.ts';
import type { Caller } from '../protocol/caller.ts';
import { errorCodeOf, INVALID_PARAMS } from '../protocol/json-rpc.ts';
import { accompany, observe, type WayDependencies } from './pipeline.ts';
import { CallContext, type Occasion } from './run.ts';

/** What stands under a URI, with its MIME type. */
export interface FoundResource {
  mimeType: string;
  content: ResourceContent;
}

/**
 * Reads a resource on the same way as a call: authorized, admitted, recorded under `resource:NAME`.
 * @throws ToolError, ScopeError, ResourceNotFoundError
 */
export async function readResource(dependencies: WayDependencies, uri: string, caller: Caller): Promise<FoundResource> {
  const match = findResource(dependencies.catalog, uri);
  if (match === undefined) {
    observe(dependencies, caller, { method: 'resources/read' }).end({ kind: 'not_found', code: INVALID_PARAMS });
    throw new ResourceNotFoundError(uri);
  }
  const { resource, variables } = match;
  const observation = observe(dependencies, caller, { method: 'resources/read', resource: resource.uri });
  const scope = `${dependencies.catalog.server}:read`;
  const errand = { name: `resource:${resource.name}`, scope, caller, arguments: {}, codeOf: errorCodeOf, observation };
  return accompany(dependencies, errand, async () => {
    const content = await resource.read(variables, readingContext(dependencies, { caller, trace: observation }));
    if (content === undefined) throw new ResourceNotFoundError(uri);
    return { mimeType: resource.mimeType, content };
  });
}

/** The context of something that only reads and has no confirmation. */
export function readingContext(dependencies: WayDependencies, occasion: Occasion): CallContext {
  return new CallContext(dependencies, occasion, () => {
    throw new TypeError('Only tools that write can confirm.');
  });
}

export function isTemplate(resource: ResourceDefinition<unknown>): boolean {
  return UriTemplate.isTemplate(resource.uri);
}

function findResource(
  catalog: Catalog,
  uri: string,
): { resource: ResourceDefinition<unknown>; variables: Record<string, string> } | undefined {
  const fixed = catalog.resources.find((resource) => resource.uri === uri);
  if (fixed !== undefined) return { resource: fixed, variables: {} };
  for (const resource of catalog.resources.filter(isTemplate)) {
    const variables = new UriTemplate(resource.uri).match(uri);
    if (variables !== null)
      return { resource, variables: Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, String(value)])) };
  }
  return undefined;
}
