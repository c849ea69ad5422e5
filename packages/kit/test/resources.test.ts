import { describe, expect, it } from 'vitest';
import type { Embedded } from '../src/embed.ts';
import { Pages, pages } from './fixture/pages.ts';
import { type Json, openSession, sendModern } from './support/http.ts';
import { serveWithKeys } from './support/keys.ts';
import { serveFixture } from './support/serve.ts';

function servicesOf({ runtime }: Embedded): Pages {
  if (!(runtime.services instanceof Pages)) throw new TypeError('not the fixture');
  return runtime.services;
}

function fill(services: Pages, count: number): void {
  for (let number = 0; number < count; number += 1) services.pages.set(`p${number}`, 'text');
}

type Ask = (params: object) => Promise<Json>;

/** All pages of `resources/list`. */
async function listAll(ask: Ask): Promise<Json[][]> {
  const found: Json[][] = [];
  let cursor: string | undefined;
  do {
    const { result } = await ask(cursor === undefined ? {} : { cursor });
    found.push(result.resources);
    cursor = result.nextCursor;
  } while (cursor !== undefined);
  return found;
}

const listModern =
  (url: string, headers = {}): Ask =>
  async (params) =>
    (await sendModern(url, 'resources/list', { ...params }, { headers })).json;

/** The audit rows, in order. */
async function rows({ runtime }: Embedded): Promise<Json[]> {
  const stored = await runtime.store.all<{ body: string }>('SELECT body FROM audit_rows ORDER BY sequence');
  return stored.map(({ body }) => JSON.parse(body));
}

const cursorOf = (...position: unknown[]) => Buffer.from(JSON.stringify(position)).toString('base64url');

describe('a list of resources that is made on request', () => {
  it('shows the fixed resources, then those of each template, with what the template says of all', async () => {
    const server = await serveFixture([], pages);
    servicesOf(server).pages.set('start', 'hello');
    servicesOf(server).files.push({ owner: 'shared', name: 'notes' });
    const { result } = await listModern(server.url)({});
    expect(result.resources).toEqual([
      { uri: 'pages://index', name: 'index', title: 'Index', description: 'The names of all pages.', mimeType: 'text/plain' },
      {
        uri: 'pages://page/start',
        name: 'start',
        description: 'One page.',
        mimeType: 'text/markdown',
        size: 5,
        annotations: { lastModified: '2026-01-02T03:04:05Z' },
      },
      {
        uri: 'pages://file/shared/notes',
        name: 'notes',
        title: 'File notes',
        description: 'Belongs to shared.',
        mimeType: 'application/octet-stream',
      },
    ]);
    expect(result).not.toHaveProperty('nextCursor');
  });

  it('says the media type of each resource of a template, listed and read; the template says none when they differ', async () => {
    const server = await serveFixture([], pages);
    servicesOf(server).files.push({ owner: 'shared', name: 'table.csv' }, { owner: 'shared', name: 'notes' });
    const { result } = await listModern(server.url)({});
    const listed = result.resources.map(({ uri, mimeType }: Json) => [uri, mimeType]).slice(1);
    expect(listed).toEqual([
      ['pages://file/shared/table.csv', 'text/csv'],
      ['pages://file/shared/notes', 'application/octet-stream'],
    ]);
    for (const [uri, mimeType] of listed) {
      const { json } = await sendModern(server.url, 'resources/read', { uri });
      expect(json.result.contents).toMatchObject([{ uri, mimeType }]);
    }
    const { json } = await sendModern(server.url, 'resources/templates/list', {});
    expect(json.result.resourceTemplates.map(({ name, mimeType }: Json) => [name, mimeType])).toEqual([
      ['page', 'text/markdown'],
      ['file', undefined],
    ]);
  });

  it.each(['modern', 'legacy'])('gives every resource of a long list once, in bounded pages, with the %s protocol', async (era) => {
    const server = await serveFixture(['--rate-limit', '0'], pages);
    const services = servicesOf(server);
    fill(services, 1_000);
    for (let number = 0; number < 1_000; number += 1) services.files.push({ owner: 'shared', name: `f${number}` });
    const session = await openSession(server.url);
    const found = await listAll(
      era === 'modern' ? listModern(server.url) : async (params) => (await session.request('resources/list', params)).json,
    );
    expect(Math.max(...found.map(({ length }) => length))).toBe(250);
    const uris = found.flat().map(({ uri }) => uri);
    expect([uris.length, new Set(uris).size]).toEqual([2_001, 2_001]);
  });

  it('is private and short-lived in caches; a list that never changes is public', async () => {
    const [dynamic, fixed] = await Promise.all([serveFixture([], pages), serveFixture()]);
    expect((await listModern(dynamic.url)({})).result).toMatchObject({ ttlMs: 5_000, cacheScope: 'private' });
    expect((await listModern(fixed.url)({})).result).toMatchObject({ ttlMs: 300_000, cacheScope: 'public' });
  });

  it.each([
    ['empty', ''],
    ['no cursor', 'garbage'],
    ['not in its form', cursorOf({ template: 'page' })],
    ['of another list', cursorOf('other', 0)],
    ['before the beginning', cursorOf('page', -1)],
    ['too long', cursorOf('page', 0, 'x'.repeat(2_000))],
    ["of a page that the template doesn't know", cursorOf('page', 0, 'nowhere')],
  ])('rejects a cursor that is %s', async (_what, cursor) => {
    const { url } = await serveFixture([], pages);
    const session = await openSession(url);
    const [modern, legacy] = await Promise.all([listModern(url)({ cursor }), session.request('resources/list', { cursor })]);
    expect([modern.error.code, modern.error.message]).toEqual([-32602, expect.stringContaining('Leave')]);
    expect(legacy.json.error).toEqual(modern.error);
  });

  it('shows each caller its own resources, needs the read scope and is recorded', async () => {
    const { server, keys } = await serveWithKeys(
      [
        { name: 'ada', scopes: ['pages:read'] },
        { name: 'bob', scopes: ['pages:read'] },
        { name: 'eve', scopes: ['pages:write'] },
      ],
      [],
      pages,
    );
    const [ada, bob, eve] = keys.map(({ key }) => ({ Authorization: `Bearer ${key}` }));
    const services = servicesOf(server);
    await listModern(server.url, ada)({});
    const [first] = await rows(server);
    services.files.push({ owner: first.principal, name: 'diary' }, { owner: 'shared', name: 'menu' });
    const names = async (headers = {}) => (await listModern(server.url, headers)({})).result.resources.map(({ name }: Json) => name);
    expect(await names(ada)).toEqual(['index', 'diary', 'menu']);
    expect(await names(bob)).toEqual(['index', 'menu']);
    const refused = await sendModern(server.url, 'resources/list', {}, { headers: eve ?? {} });
    expect([refused.status, refused.json.scope]).toEqual([403, 'pages:read']);
    expect((await rows(server)).map(({ tool, outcome }) => [tool, outcome])).toEqual([
      ['resources/list', 'ok'],
      ['resources/list', 'ok'],
      ['resources/list', 'ok'],
      ['resources/list', 'forbidden'],
    ]);
  });
});

describe('completion', () => {
  const complete = async (url: string, ref: object, argument: object, given?: object) =>
    (await sendModern(url, 'completion/complete', { ref, argument, ...(given !== undefined && { context: { arguments: given } }) })).json
      .result.completion;

  it('of a template takes into account what has been filled in already', async () => {
    const server = await serveFixture([], pages);
    servicesOf(server).files.push({ owner: 'shared', name: 'menu' }, { owner: 'local', name: 'map' }, { owner: 'local', name: 'diary' });
    const template = { type: 'ref/resource', uri: 'pages://file/{owner}/{name}' };
    const name = { name: 'name', value: 'm' };
    expect((await complete(server.url, template, name)).values).toContain('menu');
    expect((await complete(server.url, template, name, { owner: 'shared' })).values).toEqual(['menu']);
    expect((await complete(server.url, template, name, { owner: 'unknown' })).values).toEqual([]);
    expect((await complete(server.url, template, name, { unknown: 'x', __proto__: 'y', name: 'z' })).values).toContain('menu');
  });

  it('of a prompt takes into account what has been filled in already', async () => {
    const { url } = await serveFixture([], pages);
    const prompt = { type: 'ref/prompt', name: 'compare_files' };
    expect((await complete(url, prompt, { name: 'second', value: '' }, { first: 'b' })).values).toEqual(['a', 'c']);
    expect((await complete(url, prompt, { name: 'constructor', value: '' }, { first: 'b' })).values).toEqual([]);
  });

  it('gives the first hundred values and says that there are more', async () => {
    const server = await serveFixture([], pages);
    for (let number = 0; number < 150; number += 1) servicesOf(server).files.push({ owner: 'shared', name: `f${number}` });
    const template = { type: 'ref/resource', uri: 'pages://file/{owner}/{name}' };
    const completion = await complete(server.url, template, { name: 'name', value: 'f' });
    expect([completion.values.length, completion.total, completion.hasMore]).toEqual([100, 150, true]);
  });
});
