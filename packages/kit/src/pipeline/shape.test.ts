import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type CompiledTool, createCatalog } from '../define/catalog.ts';
import { defineServer } from '../define/server.ts';
import { defineTool } from '../define/tool.ts';
import { readPage } from './cursor.ts';
import { shape } from './shape.ts';
import { validate } from './validate.ts';

const listing = defineTool({
  name: 'list_things',
  title: 'Things',
  description: 'Things.',
  access: 'read',
  input: z.object({ refresh: z.boolean().default(false) }),
  output: z.object({ things: z.array(z.string()) }),
  list: 'things',
  firstPageOnly: ['refresh'],
  listVersion: ({ things }) => String(things.length),
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
  const { input } = validate(tool, { limit, ...(cursor !== undefined && { cursor }) });
  return shape(tool, { things }, budget, readPage(tool, input));
}

describe('a list, page by page', () => {
  it('can be continued by its text alone, until its last page names no cursor', () => {
    const things = ['a', 'b', 'c'];
    const textOf = (cursor?: string) => {
      const [block] = page(things, 2, cursor, 2000).content;
      return block?.type === 'text' ? block.text : '';
    };
    const [, cursor] = /\ncursor: (\S+)$/.exec(textOf()) ?? [];
    expect(textOf(cursor)).toBe('1 things.\nShowing 3 to 3 of 3.');
  });

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

  it('refuses a cursor when the data has changed since the first page', () => {
    const things = Array.from({ length: 9 }, (_, index) => `thing ${index}`);
    const { structured } = page(things, 2, undefined, 2000);
    const cursor = String(structured?.value.next_cursor);
    expect(() => page([...things, 'one more'], 2, cursor, 2000)).toThrow(/changed since the first page/);
    expect(page(things, 2, cursor, 2000).structured?.value.things).toEqual(['thing 2', 'thing 3']);
  });

  it('refuses a cursor to which something was added', () => {
    const cursor = String(page(['a', 'b', 'c'], 1, undefined, 2000).structured?.value.next_cursor);
    const longer = Buffer.from(`${Buffer.from(cursor, 'base64url')}.more`).toString('base64url');
    for (const wrong of [longer, `${cursor}!`, `${cursor}=`, ` ${cursor}`])
      expect(() => page(['a', 'b', 'c'], 1, wrong, 2000), wrong).toThrow('it does not belong to these arguments');
  });

  it('counts what is for the first page only as not given behind a cursor', () => {
    const things = ['a', 'b', 'c'];
    const { input: first } = validate(tool, { limit: 1, refresh: true });
    expect(first.refresh).toBe(true);
    const cursor = String(shape(tool, { things }, 2000, readPage(tool, first)).structured?.value.next_cursor);
    const { input: second } = validate(tool, { limit: 1, refresh: true, cursor });
    expect(second.refresh).toBe(false);
    expect(shape(tool, { things }, 2000, readPage(tool, second)).structured?.value.things).toEqual(['b']);
  });

  it('says so when a single item does not fit', () => {
    expect(() => page(['x'.repeat(5000)], 10, undefined, 2000)).toThrow(/larger than 2000 bytes/);
  });
});
