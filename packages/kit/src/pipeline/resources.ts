import { ResourceNotFoundError, UriTemplate } from '@modelcontextprotocol/server';
import type { Catalog } from '../define/catalog.ts';
import { isTemplate, type ResourceContent, type ResourceDefinition } from '../define/resource.ts';
import type { Caller } from '../protocol/caller.ts';
import type { CallContext } from './context.ts';
import { readRequest } from './read-request.ts';
import type { Admit, HandleRequest, Observe, Trace } from './request.ts';
import { requestOfUnknown } from './unknown-name.ts';

/** The content under a URI, with its MIME type. */
export interface FoundResource {
  mimeType: string | undefined;
  content: ResourceContent;
}

/** What reading resources and prompts needs of the pipeline. */
export interface ReadOptions {
  catalog: Catalog;
  handle: HandleRequest;
  admit: Admit;
  observe: Observe;
  createContext: (caller: Caller, trace: Trace) => CallContext;
}

/** @throws ToolError, ScopeError, ResourceNotFoundError */
export type ReadResource = (uri: string, caller: Caller) => Promise<FoundResource>;

/** Reads resources through the pipeline, recorded as `resource:NAME`. */
export function createResourceReader({ catalog, handle, observe, createContext }: ReadOptions): ReadResource {
  return async (uri, caller) => {
    const match = findResource(catalog, uri);
    if (match === undefined) {
      return handle(requestOfUnknown(observe, caller, 'resources/read', uri), () => {
        throw new ResourceNotFoundError(uri);
      });
    }
    const { resource, variables } = match;
    const observation = observe(caller, { method: 'resources/read', resource: resource.uri });
    const request = readRequest(catalog, `resource:${resource.name}`, caller, observation);
    return handle(request, async () => {
      const content = await resource.read(variables, createContext(caller, observation));
      if (content === undefined) throw new ResourceNotFoundError(uri);
      return { mimeType: content.mimeType ?? resource.mimeType, content };
    });
  };
}

export interface ResourceMatch {
  resource: ResourceDefinition<unknown>;
  variables: Record<string, string>;
}

/** Longer URIs are not compared with templates, which costs more than their length. */
const MAX_URI_LENGTH = 4_096;

export function findResource(catalog: Catalog, uri: string): ResourceMatch | undefined {
  if (uri.length > MAX_URI_LENGTH) return undefined;
  const fixed = catalog.resources.find((resource) => resource.uri === uri);
  if (fixed !== undefined) return { resource: fixed, variables: {} };
  for (const resource of catalog.resources.filter(isTemplate)) {
    const variables = new UriTemplate(resource.uri).match(uri);
    if (variables !== null)
      return { resource, variables: Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, String(value)])) };
  }
  return undefined;
}
