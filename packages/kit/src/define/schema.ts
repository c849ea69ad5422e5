import type { Tool as ToolListing } from '@modelcontextprotocol/server';
import * as z from 'zod';

type Json = Record<string, unknown>;

/**
 * A zod object as the JSON Schema of a tool's input, for models that have to write it: no `$schema`, no bounds that only say
 * "safe integer".
 */
export function inputSchema(schema: z.ZodObject): ToolListing['inputSchema'] {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-2020-12',
    override({ jsonSchema }) {
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  return { ...json, type: 'object' } as ToolListing['inputSchema'];
}

/**
 * A zod object as the JSON Schema of a tool's output, for models that have to read it: names, types, choices and descriptions.
 * Bounds and patterns are left out: the server keeps to them in any case, and every conversation would pay for reading them.
 */
export function outputSchema(schema: z.ZodObject): ToolListing['inputSchema'] {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, { io: 'output', target: 'draft-2020-12' });
  return { ...outline(json), type: 'object' } as ToolListing['inputSchema'];
}

const KEPT = ['type', 'description', 'enum', 'const'];

function outline(schema: Json): Json {
  const kept = Object.fromEntries(KEPT.flatMap((key) => (key in schema ? [[key, schema[key]]] : [])));
  return {
    ...kept,
    ...(Array.isArray(schema.anyOf) && { anyOf: schema.anyOf.map(outline) }),
    ...(isSchema(schema.properties) && { properties: mapValues(schema.properties) }),
    ...(isSchema(schema.items) && { items: outline(schema.items) }),
    ...(isSchema(schema.additionalProperties) && { additionalProperties: outline(schema.additionalProperties) }),
  };
}

function mapValues(properties: Json): Json {
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => [name, isSchema(property) ? outline(property) : property]),
  );
}

function isSchema(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
