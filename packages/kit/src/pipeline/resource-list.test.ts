import { localUser } from '@fairway-mcp/auth';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResourcePage } from '../define/resource.ts';
import { createResourceLister, PAGE_SIZE } from './resource-list.ts';

type Options = Parameters<typeof createResourceLister>[0];
type List = (page: { cursor?: string }) => ResourcePage;

/** Lists the given templates, without what else the pipeline does. */
function lister(lists: Readonly<Record<string, List>>) {
  const resources = Object.entries(lists).map(([name, list]) => ({ uri: `${name}://{id}`, name, list }));
  const options = {
    catalog: { resources, readScope: 'test:read' },
    observe: () => ({}),
    createContext: () => ({}),
    handle: (_request: unknown, work: () => unknown) => work(),
  };
  const list = createResourceLister(options as unknown as Options);
  return (cursor?: string) => list(cursor, { principal: localUser } as Parameters<typeof list>[1]);
}

/** A list of so many resources, in pages of a size of its own. */
function counting(scheme: string, count: number, ownPage: number): List {
  return ({ cursor = '0' }) => {
    const start = Number(cursor);
    const end = Math.min(start + ownPage, count);
    const resources = Array.from({ length: end - start }, (_, index) => ({ uri: `${scheme}://${start + index}`, name: 'x' }));
    return { resources, ...(end < count && { nextCursor: String(end) }) };
  };
}

async function listAll(list: ReturnType<typeof lister>): Promise<string[]> {
  const uris: string[] = [];
  let page = await list();
  for (;;) {
    expect(page.resources.length).toBeLessThanOrEqual(PAGE_SIZE);
    uris.push(...page.resources.map(({ uri }) => uri));
    if (page.nextCursor === undefined) return uris;
    page = await list(page.nextCursor);
  }
}

describe('resources/list', () => {
  it('gives every resource once and in order, however large the lists and the pages of templates are', async () => {
    const size = fc.integer({ min: 0, max: 1_200 });
    const ownPage = fc.integer({ min: 1, max: 600 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(size, ownPage), { maxLength: 3 }), async (templates) => {
        const lists = templates.map(([count, page], index) => [`t${index}`, counting(`t${index}`, count, page)] as const);
        const expected = templates.flatMap(([count], index) => Array.from({ length: count }, (_, id) => `t${index}://${id}`));
        expect(await listAll(lister(Object.fromEntries(lists)))).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  it('lists 10,000 resources that come all at once', async () => {
    expect(await listAll(lister({ all: counting('all', 10_000, 10_000) }))).toHaveLength(10_000);
  });

  it('gives a page of its own to a template that returned none of what it has', async () => {
    const list = lister({
      slow: ({ cursor }) =>
        cursor === undefined ? { resources: [], nextCursor: 'more' } : { resources: [{ uri: 'slow://1', name: '1' }] },
    });
    expect(await listAll(list)).toEqual(['slow://1']);
  });

  it('never passes anything but a cursor of its form to a template', async () => {
    const list = lister({ all: counting('all', 10, 10) });
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.base64String(),
          fc.json().map((json) => Buffer.from(json).toString('base64url')),
        ),
        async (cursor) => {
          await expect(async () => list(cursor)).rejects.toMatchObject({ kind: 'invalid_input' });
        },
      ),
    );
  });

  it('reports a template whose cursor is too long as broken', async () => {
    const list = lister({ long: () => ({ resources: [], nextCursor: 'x'.repeat(1_001) }) });
    await expect(list()).rejects.toThrow('more than 1000 characters');
  });
});
