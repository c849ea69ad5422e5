import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type CompiledTool, createCatalog } from '../define/catalog.ts';
import { defineServer } from '../define/server.ts';
import { defineTool } from '../define/tool.ts';
import { shape } from './shape.ts';
import { validate } from './validate.ts';

const listing = defineTool({
  name: 'list_things',
  title: 'Things',
  description: 'Things.',
  access: 'read',
  input: z.object({}),
  output: z.object({ things: z.array(z.string()) }),
  list: 'things',
  run: () => ({ things: [] }),
  text: ({ things }) => `${things.length} things.`,
});
const server = defineServer({
  name: 's',
  title: 'S',
  description: 'S',
  version: '1',
  config: z.object({}),
  services: () => ({}),
  tools: [listing],
});
const tool = createCatalog(server, { readOnly: false }).tools.get('list_things') as CompiledTool;

function page(things: readonly string[], limit: number, cursor: string | undefined, budget: number) {
  const input = validate(tool, { limit, ...(cursor !== undefined && { cursor }) });
  return shape(tool, input, { things }, budget);
}

describe('a list, page by page', () => {
  it('holds each item once, in order, within the budget, whatever their sizes', () => {
    const things = fc.array(
      fc.integer({ min: 0, max: 900 }).map((size) => 'x'.repeat(size)),
      { maxLength: 120 },
    );
    fc.assert(
      fc.property(things, fc.integer({ min: 1, max: 50 }), (all, limit) => {
        const seen: string[] = [];
        let cursor: string | undefined;
        do {
          const { structured, content } = page(all, limit, cursor, 2000);
          const size =
            Buffer.byteLength(structured?.json ?? '') +
            content.reduce((sum, block) => sum + (block.type === 'text' ? block.text.length : 0), 0);
          expect(size).toBeLessThanOrEqual(2000);
          const value = structured?.value as { things: string[]; total: number; next_cursor?: string };
          expect(value.total).toBe(all.length);
          seen.push(...value.things);
          cursor = value.next_cursor;
        } while (cursor !== undefined);
        expect(seen).toEqual(all);
      }),
    );
  });

  it('says so when a single item does not fit', () => {
    expect(() => page(['x'.repeat(5000)], 10, undefined, 2000)).toThrow(/larger than 2000 bytes/);
  });
});
