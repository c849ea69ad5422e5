import { UriTemplate } from '@modelcontextprotocol/server';
import type { Context } from './context.ts';

/** What a resource's function returns: text in the resource's MIME type, or bytes. */
export type ResourceContent = { text: string } | { bytes: Uint8Array };

export interface ResourceDefinition<Services> {
  /** A fixed URI, or a URI template (RFC 6570) such as `report://{format}`. */
  uri: string;
  name: string;
  title: string;
  description: string;
  mimeType: string;
  /** @returns `undefined` when nothing exists under this URI. */
  read(variables: Record<string, string>, context: Context<Services>): Promise<ResourceContent | undefined> | ResourceContent | undefined;
  /** For a template: suggestions for one variable, best first. */
  complete?: Record<string, (typed: string, context: Context<Services>) => Promise<string[]> | string[]>;
}

export interface Resource<Services = unknown> {
  readonly definition: ResourceDefinition<Services>;
}

/** Defines a resource: content that a client may read and show without calling a tool. */
export function defineResource<Services = unknown>(definition: ResourceDefinition<Services>): Resource<Services> {
  return { definition };
}

export function isTemplate({ uri }: Pick<ResourceDefinition<unknown>, 'uri'>): boolean {
  return UriTemplate.isTemplate(uri);
}
