import { once } from '@fairway-mcp/async';
import { didYouMean } from '@fairway-mcp/validation';
import type { Tool as ToolListing } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { UsageError } from '../protocol/errors.ts';
import type { PromptDefinition } from './prompt.ts';
import type { ResourceDefinition } from './resource.ts';
import { inputSchema, outputSchema } from './schema.ts';
import type { ServerDescription } from './server.ts';
import type { Access, ToolDefinition } from './tool.ts';

/** A tool, ready to be called and listed. Built once at start. */
export interface CompiledTool {
  readonly definition: ToolDefinition<unknown, z.ZodObject, z.ZodObject, Access>;
  /** What a caller must be allowed to do: `weather:read`. */
  readonly scope: string;
  /** The definition's input, with what the kit adds, closed to unknown keys. */
  readonly input: z.ZodObject;
  /** The definition's output, with what the kit adds. */
  readonly output: z.ZodObject;
  /** The tool as `tools/list` shows it. Computed at the first use: JSON Schemas cost more than everything else at start. */
  readonly listing: () => ToolListing;
}

export interface Choice {
  readOnly: boolean;
  tools?: readonly string[] | undefined;
  exclude?: readonly string[] | undefined;
  /** It has no effect on what is offered, but its names have to exist too. */
  allowUnconfirmed?: readonly string[] | undefined;
}

/** Everything that one running server offers, after the operator's choice. Names are looked up in maps, so that none reaches a prototype. */
export interface Catalog {
  readonly server: string;
  /** By name and by alias. */
  readonly tools: ReadonlyMap<string, CompiledTool>;
  /** In the order of the definition, without aliases. */
  readonly listed: readonly CompiledTool[];
  /** All tools as `tools/list` shows them, computed at the first use. */
  readonly listings: () => readonly ToolListing[];
  /** What a caller must be allowed to do to read resources and prompts. */
  readonly readScope: string;
  readonly resources: readonly ResourceDefinition<unknown>[];
  /** Whether some of the resources are known only when they are listed. */
  readonly hasDynamicList: boolean;
  /** Whether clients can subscribe to some of the resources. */
  readonly hasSubscriptions: boolean;
  readonly prompts: ReadonlyMap<string, PromptDefinition<unknown>>;
}

export const DEFAULT_LIMIT = 50;
export const MAX_LIMIT = 1000;

const PAGE_INPUT = {
  limit: z.int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT).describe('Most items to return'),
  cursor: z.string().max(1000).optional().describe('next_cursor of the page before'),
};
const PAGE_OUTPUT = {
  total: z.int().min(0).describe('Items in all'),
  next_cursor: z.string().optional().describe('Pass it as cursor for the next page'),
};
const WRITE_INPUT = {
  idempotency_key: z.string().min(8).max(128).optional().describe('Your name for this one write: repeating it never writes twice'),
};

/** @throws UsageError when the choice names a tool that does not exist, or leaves none. */
export function createCatalog({ definition }: ServerDescription, choice: Choice): Catalog {
  const compiled = definition.tools.map((tool) => compile(definition.name, tool.definition));
  const names = compiled.map((tool) => tool.definition.name);
  for (const name of [...(choice.tools ?? []), ...(choice.exclude ?? []), ...(choice.allowUnconfirmed ?? [])]) {
    if (!names.includes(name)) throw new UsageError(`There is no tool "${name}".${didYouMean(name, names)} Tools: ${names.join(', ')}.`);
  }
  const listed = compiled.filter((tool) => isChosen(tool.definition, choice));
  if (listed.length === 0) throw new UsageError(`These settings leave no tool to offer. Tools: ${names.join(', ')}.`);
  const resources = (definition.resources ?? []).map((resource) => resource.definition);
  return {
    server: definition.name,
    tools: new Map(
      listed.flatMap((tool) => [tool.definition.name, ...(tool.definition.aliases ?? [])].map((name) => [name, tool] as const)),
    ),
    listed,
    listings: once(() => listed.map((tool) => tool.listing())),
    readScope: `${definition.name}:read`,
    resources,
    hasSubscriptions: resources.some(({ subscribe }) => subscribe === true),
    hasDynamicList: resources.some(({ list }) => list !== undefined),
    prompts: new Map((definition.prompts ?? []).map((prompt) => [prompt.definition.name, prompt.definition])),
  };
}

/** Whether clients can be notified of changes: of a resource, or of the list of resources. */
export function announcesChanges({ hasDynamicList, hasSubscriptions }: Catalog): boolean {
  return hasDynamicList || hasSubscriptions;
}

function isChosen({ name, access }: CompiledTool['definition'], { tools, exclude, readOnly }: Choice): boolean {
  return (tools?.includes(name) ?? true) && !exclude?.includes(name) && !(readOnly && access !== 'read');
}

function compile(server: string, definition: CompiledTool['definition']): CompiledTool {
  const { access, list, scope = access } = definition;
  const input = definition.input.extend({ ...(list !== undefined && PAGE_INPUT), ...(access !== 'read' && WRITE_INPUT) }).strict();
  const output = list === undefined ? definition.output : definition.output.extend(PAGE_OUTPUT);
  return {
    definition,
    scope: `${server}:${scope}`,
    input,
    output,
    listing: once(() => createListing(definition, input, output)),
  };
}

function createListing(definition: CompiledTool['definition'], input: z.ZodObject, output: z.ZodObject): ToolListing {
  const { name, title, description, access, openWorld = true, idempotent = access === 'read' } = definition;
  return {
    name,
    title,
    description,
    inputSchema: inputSchema(input),
    outputSchema: outputSchema(output),
    annotations: {
      title,
      readOnlyHint: access === 'read',
      destructiveHint: access === 'destroy',
      idempotentHint: idempotent,
      openWorldHint: openWorld,
    },
  };
}
