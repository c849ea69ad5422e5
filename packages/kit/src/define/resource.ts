import { UriTemplate } from '@modelcontextprotocol/server';
import type { Context } from './context.ts';

/** What a resource's function returns: text or bytes, in the resource's MIME type unless it names another. */
export type ResourceContent = ({ text: string } | { bytes: Uint8Array }) & { mimeType?: string };

/** A resource as the list of its template shows it. What it leaves out is taken from the template. */
export interface ListedResource {
  uri: string;
  name: string;
  title?: string;
  description?: string;
  mimeType?: string;
  /** In bytes. */
  size?: number;
  /** ISO instant. */
  lastModified?: string;
}

/** One page of the resources of a template. */
export interface ResourcePage {
  resources: readonly ListedResource[];
  /** Names the next page, in at most 1,000 characters of the template's own. It comes back as `cursor`; a client can have changed it. */
  nextCursor?: string;
}

/**
 * Suggests values for what has been typed so far, best first. Clients get the first 100.
 * @param given the other variables or arguments that the user has filled in already
 */
export type Suggest<Services> = (
  typed: string,
  context: Context<Services>,
  given: Readonly<Record<string, string>>,
) => Promise<string[]> | string[];

export interface ResourceDefinition<Services> {
  /** A fixed URI, or a URI template (RFC 6570) such as `report://{format}`. */
  uri: string;
  name: string;
  title: string;
  description: string;
  /** Absent for a template whose resources differ in it: then `read` and `list` name it. */
  mimeType?: string;
  /** @returns `undefined` when nothing exists under this URI. */
  read(variables: Record<string, string>, context: Context<Services>): Promise<ResourceContent | undefined> | ResourceContent | undefined;
  /**
   * Whether clients can subscribe to changes, which the services announce with `kit.resources.changed(uri)`. A client can subscribe to what
   * it may read: `read` is called once, when it subscribes, unless there is a `canRead`.
   */
  subscribe?: boolean;
  /** Whether there is something to read under this URI for this principal, where `read` is costly. */
  canRead?(variables: Record<string, string>, context: Context<Services>): Promise<boolean> | boolean;
  /** For a template: suggestions for each variable. */
  complete?: Record<string, Suggest<Services>>;
  /**
   * For a template: the resources that `resources/list` shows, for this principal. Without it only the template itself is shown. Clients get
   * pages of at most 250 whatever it returns; a long list should be paged here too, because it is called again for each of those.
   * @throws ToolError `invalid_input` when the cursor is none of its own
   */
  list?(page: { cursor?: string }, context: Context<Services>): Promise<ResourcePage> | ResourcePage;
}

export interface Resource<Services = unknown> {
  readonly definition: ResourceDefinition<Services>;
}

/** Defines a resource: content that a client may read and show without calling a tool. */
export function defineResource<Services = unknown>(definition: ResourceDefinition<Services>): Resource<Services> {
  if (definition.list !== undefined && !isTemplate(definition))
    throw new TypeError(`The resource ${definition.name} has a list, and its URI is no template: a fixed resource is always listed.`);
  return { definition };
}

export function isTemplate({ uri }: Pick<ResourceDefinition<unknown>, 'uri'>): boolean {
  return UriTemplate.isTemplate(uri);
}
