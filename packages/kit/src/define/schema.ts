import type { Tool as ToolListing } from '@modelcontextprotocol/server';
import * as z from 'zod';

/**
 * A zod object as the JSON Schema that clients see: no `$schema`, no bounds that only say "safe integer", nothing that a
 * client with a small validator stumbles over.
 */
export function portableSchema(schema: z.ZodObject, side: 'input' | 'output'): ToolListing['inputSchema'] {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, {
    io: side,
    target: 'draft-2020-12',
    unrepresentable: 'throw',
    override: ({ jsonSchema }) => {
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (side === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  });
  return { ...json, type: 'object' } as ToolListing['inputSchema'];
}
