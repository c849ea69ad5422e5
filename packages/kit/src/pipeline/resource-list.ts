import type { Resource as ResourceListing } from '@modelcontextprotocol/server';
import * as z from 'zod';
import type { Catalog } from '../define/catalog.ts';
import { isTemplate, type ListedResource, type ResourceDefinition, type ResourcePage } from '../define/resource.ts';
import type { Caller } from '../protocol/caller.ts';
import { ToolError } from '../protocol/errors.ts';
import type { CallContext } from './context.ts';
import { readRequest } from './read-request.ts';
import type { ReadOptions } from './resources.ts';

/** One page of `resources/list`. */
export interface ResourceListPage {
  resources: ResourceListing[];
  nextCursor?: string;
}

/** @throws ToolError, ScopeError */
export type ListResources = (cursor: string | undefined, caller: Caller) => Promise<ResourceListPage>;

export const PAGE_SIZE = 250;

/** Where a page starts: in which template's list (`''`: the fixed resources), and how far into which of its own pages. */
interface Position {
  template: string;
  offset: number;
  cursor: string | undefined;
}

/** What is listed one after the other: the fixed resources, then those of each template. */
interface Source {
  template: string;
  load(page: { cursor?: string }, context: CallContext): Promise<ResourcePage> | ResourcePage;
  describe(resource: ListedResource): ResourceListing;
}

/** Lists resources through the pipeline, recorded as `resources/list`: the list may depend on the caller. */
export function createResourceLister({ catalog, handle, observe, createContext }: ReadOptions): ListResources {
  const sources = sourcesOf(catalog);
  return (cursor, caller) => {
    const observation = observe(caller, { method: 'resources/list' });
    const request = readRequest(catalog, 'resources/list', caller, observation);
    return handle(request, () => {
      const position = cursor === undefined ? START : readPosition(cursor, sources);
      return loadPage(sources, position, createContext(caller, observation));
    });
  };
}

/** The resources with a fixed URI, as they are listed. */
export function fixedResources({ resources }: Catalog): ResourceListing[] {
  return resources.filter((resource) => !isTemplate(resource)).map((resource) => ({ uri: resource.uri, ...describeResource(resource) }));
}

export function describeResource({ name, title, description, mimeType }: ResourceDefinition<unknown>) {
  return { name, title, description, mimeType };
}

function sourcesOf(catalog: Catalog): Source[] {
  const fixed = { template: '', load: () => ({ resources: fixedResources(catalog) }), describe: (listed: ListedResource) => listed };
  const templates = catalog.resources.flatMap(({ list, ...template }) =>
    list === undefined ? [] : [{ template: template.name, load: list, describe: (listed: ListedResource) => listingOf(template, listed) }],
  );
  return [fixed, ...templates];
}

/** Fills a page from one source after the other. It ends early where a source has a page of its own to go on with. */
async function loadPage(sources: readonly Source[], start: Position, context: CallContext): Promise<ResourceListPage> {
  const resources: ResourceListing[] = [];
  let { cursor, offset } = start;
  for (const source of sources.slice(sources.findIndex(({ template }) => template === start.template))) {
    const page = await source.load(cursor === undefined ? {} : { cursor }, context);
    const end = offset + PAGE_SIZE - resources.length;
    resources.push(...page.resources.slice(offset, end).map((listed) => source.describe(listed)));
    const { template } = source;
    if (end < page.resources.length) return { resources, nextCursor: writePosition({ template, offset: end, cursor }) };
    if (page.nextCursor !== undefined)
      return { resources, nextCursor: writePosition({ template, offset: 0, cursor: nextCursorOf(template, page.nextCursor) }) };
    cursor = undefined;
    offset = 0;
  }
  return { resources };
}

function listingOf(template: ResourceDefinition<unknown>, { lastModified, ...listed }: ListedResource): ResourceListing {
  const { description, mimeType } = template;
  return { description, mimeType, ...listed, ...(lastModified !== undefined && { annotations: { lastModified } }) };
}

const START: Position = { template: '', offset: 0, cursor: undefined };
const MAX_OWN_CURSOR = 1_000;
const MAX_CURSOR = 10_000;
const positionSchema = z.tuple([z.string(), z.int().min(0), z.string().max(MAX_OWN_CURSOR).optional()]);

function nextCursorOf(template: string, cursor: string): string {
  if (cursor.length <= MAX_OWN_CURSOR) return cursor;
  throw new TypeError(`The list of ${template} returned a cursor of more than ${MAX_OWN_CURSOR} characters.`);
}

function writePosition({ template, offset, cursor }: Position): string {
  return Buffer.from(JSON.stringify(cursor === undefined ? [template, offset] : [template, offset, cursor])).toString('base64url');
}

/** @throws ToolError `invalid_input` */
function readPosition(text: string, sources: readonly Source[]): Position {
  const { success, data: [template, offset, cursor] = ['', 0] } = positionSchema.safeParse(parseJson(text));
  if (success && sources.some((source) => source.template === template)) return { template, offset, cursor };
  throw new ToolError({
    kind: 'invalid_input',
    message: 'cursor: it is no cursor of this list.',
    remedy: 'Leave the cursor out to start over.',
  });
}

function parseJson(cursor: string): unknown {
  if (cursor.length > MAX_CURSOR) return undefined;
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}
