import { UriTemplate } from '@modelcontextprotocol/server';
import type { Catalog } from '../define/catalog.ts';
import type { ResourceContent, ResourceDefinition } from '../define/resource.ts';
import type { Caller } from './caller.ts';
import { CallContext, deadlineOf } from './run.ts';
import { accompany, observe, type WayDependencies } from './way.ts';

/** What stands under a URI, with its MIME type. */
export interface FoundResource {
  mimeType: string;
  content: ResourceContent;
}

/**
 * Reads a resource on the same way as a call: authorized, admitted, recorded under `resource:NAME`.
 * @returns `undefined` when there is no such resource.
 * @throws ToolError, ScopeError
 */
export async function readResource(dependencies: WayDependencies, uri: string, caller: Caller): Promise<FoundResource | undefined> {
  const match = findResource(dependencies.catalog, uri);
  if (match === undefined) return undefined;
  const { resource, variables } = match;
  const observation = observe(dependencies, caller, { method: 'resources/read', resource: resource.uri });
  const errand = { name: `resource:${resource.name}`, scope: `${dependencies.catalog.server}:read`, caller, arguments: {}, observation };
  const content = await accompany(dependencies, errand, () => resource.read(variables, readingContext(dependencies, caller)));
  return content === undefined ? undefined : { mimeType: resource.mimeType, content };
}

/** The context of something that only reads and has no confirmation. */
export function readingContext(dependencies: WayDependencies, caller: Caller): CallContext {
  return new CallContext(dependencies, caller, deadlineOf(dependencies), () => {
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
