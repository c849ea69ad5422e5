import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMemoryStore, type ResponseStore, type UpstreamOptions } from '../src/index.ts';
import { type HostileServer, type RawAnswer, raw, startHostileServer } from '../src/testing/index.ts';
import { clientFor, createFakeClock, failureOf } from './support/client.ts';

let server: HostileServer;
beforeAll(async () => {
  server = await startHostileServer();
});
afterAll(() => server.close());

let paths = 0;
function answering(...answers: RawAnswer[]): string {
  paths += 1;
  server.on(`/kept-${paths}`, ...answers);
  return server.url(`/kept-${paths}`);
}
const answer =
  (body: string, headers: Record<string, string> = {}, status = 200): RawAnswer =>
  (socket) =>
    void socket.write(raw(body, { status, headers }));
const notModified =
  (headers: Record<string, string> = {}): RawAnswer =>
  (socket) =>
    void socket.write(raw('', { status: 304, headers, length: null }));

function client(options: Partial<UpstreamOptions> = {}) {
  const clock = createFakeClock();
  return { clock, upstream: clientFor(server, { store: createMemoryStore(), clock, ...options }) };
}
const conditions = () => {
  const { 'if-none-match': match, 'if-modified-since': since } = server.requests.at(-1)?.headers ?? {};
  return { match, since };
};

describe('a known answer', () => {
  it('is used without asking while it is fresh, and asked about afterwards', async () => {
    const { upstream, clock } = client();
    const url = answering(
      answer('first', { etag: '"1"', 'cache-control': 'max-age=60' }),
      notModified({ etag: '"1"', 'cache-control': 'max-age=60' }),
    );
    expect(await upstream.request({ url })).toMatchObject({ source: 'network' });
    const before = server.requests.length;
    expect((await upstream.request({ url })).source).toBe('store');
    expect(server.requests.length).toBe(before);
    clock.advance(61_000);
    const third = await upstream.request({ url });
    expect([third.source, third.status, third.text()]).toEqual(['revalidated', 200, 'first']);
    expect(conditions().match).toBe('"1"');
    expect((await upstream.request({ url })).source).toBe('store');
  });

  it('is asked about with exactly the date that the upstream gave', async () => {
    const { upstream } = client();
    const modified = 'Tue, 02 Jun 2026 09:08:07 GMT';
    const url = answering(answer('first', { 'last-modified': modified }), notModified());
    await upstream.request({ url });
    expect((await upstream.request({ url })).text()).toBe('first');
    expect(conditions()).toEqual({ match: undefined, since: modified });
  });

  it('is replaced when the upstream has another', async () => {
    const { upstream } = client();
    const url = answering(answer('first', { etag: '"1"' }), answer('second', { etag: '"2"' }), notModified({ etag: '"2"' }));
    await upstream.request({ url });
    expect((await upstream.request({ url })).text()).toBe('second');
    expect((await upstream.request({ url })).text()).toBe('second');
    expect(conditions().match).toBe('"2"');
  });

  it('is not used when the 304 is about another version', async () => {
    const { upstream } = client();
    const url = answering(answer('first', { etag: '"1"' }), notModified({ etag: '"other"' }), answer('second', { etag: '"2"' }));
    await upstream.request({ url });
    expect((await upstream.request({ url })).text()).toBe('second');
  });

  it.each<Record<string, string>>([
    { 'cache-control': 'no-store', etag: '"1"' },
    {},
    { vary: '*', etag: '"1"', 'cache-control': 'max-age=60' },
  ])('is none after %j', async (headers) => {
    const { upstream } = client();
    const url = answering(answer('first', headers));
    await upstream.request({ url });
    expect((await upstream.request({ url })).source).toBe('network');
  });

  it('belongs to the credentials that it was given for', async () => {
    const { upstream } = client();
    const url = answering(answer('of alice', { 'cache-control': 'max-age=60' }), answer('of bob', { 'cache-control': 'max-age=60' }));
    const as = (name: string) => upstream.request({ url, headers: { authorization: `Bearer ${name}` } }).then((known) => known.text());
    expect([await as('alice'), await as('bob'), await as('alice')]).toEqual(['of alice', 'of bob', 'of alice']);
  });

  it('belongs to the headers that Vary names', async () => {
    const { upstream } = client();
    const headers = { 'cache-control': 'max-age=60', vary: 'accept-language' };
    const url = answering(answer('hello', headers), answer('hallo', headers));
    const inLanguage = (language: string) =>
      upstream.request({ url, headers: { 'accept-language': language } }).then((known) => known.text());
    expect([await inLanguage('en'), await inLanguage('de')]).toEqual(['hello', 'hallo']);
  });

  it('keeps no credential, no query and no cookie where it is stored', async () => {
    const written: string[] = [];
    const memory = createMemoryStore();
    const store: ResponseStore = {
      get: (key) => memory.get(key),
      set: (key, stored) => {
        written.push(JSON.stringify([key, stored]));
        return memory.set(key, JSON.parse(JSON.stringify(stored)));
      },
    };
    const { upstream } = client({ store });
    const url = answering(answer('x', { etag: '"1"', 'set-cookie': 'session=s3cret' }), notModified({ 'set-cookie': 'session=s3cret' }));
    const request = { url, query: { appid: 's3cret' }, headers: { authorization: 'Bearer s3cret' } };
    await upstream.request(request);
    expect((await upstream.request(request)).source).toBe('revalidated');
    expect(written).toHaveLength(2);
    expect(written.join()).not.toContain('s3cret');
  });

  it.each([
    ['garbage', { value: { policy: 1 }, storedAt: 0, expiresAt: 0 }],
    ['an unknown version', { value: { policy: { v: 99 }, status: 200, headers: {}, body: '' }, storedAt: 0, expiresAt: 0 }],
  ])('that the store gives back as %s is ignored', async (_, stored) => {
    const { upstream } = client({ store: { get: async () => stored, set: async () => {} } });
    expect((await upstream.request({ url: server.url('ok') })).source).toBe('network');
  });

  it('does not fail a request when the store fails', async () => {
    const broken = async () => {
      throw new Error('store is down');
    };
    const { upstream } = client({ store: { get: broken, set: broken } });
    const url = answering(answer('first', { etag: '"1"' }));
    expect((await upstream.request({ url })).text()).toBe('first');
  });

  it('is left to the caller when the request is already conditional', async () => {
    const { upstream } = client();
    const url = answering(notModified());
    expect((await upstream.request({ url, headers: { 'if-none-match': '"mine"' } })).status).toBe(304);
  });

  it('is not kept from a redirect, nor from a broken body', async () => {
    const { upstream } = client();
    const url = answering(
      (socket) => void socket.end(raw('short', { headers: { 'cache-control': 'max-age=60' }, length: 50 })),
      answer('', { location: '/ok', 'cache-control': 'max-age=60' }, 302),
      answer('whole', { 'cache-control': 'max-age=60' }),
    );
    await failureOf(upstream.request({ url }));
    expect((await upstream.request({ url })).text()).toBe('{"ok":true}');
    expect((await upstream.request({ url })).text()).toBe('whole');
  });
});

describe('the memory store', () => {
  it('forgets what was used longest ago', async () => {
    const store = createMemoryStore(10_000);
    const entry = { value: 'x'.repeat(2000), storedAt: 0, expiresAt: 0 };
    for (const key of ['a', 'b', 'c', 'd', 'e']) await store.set(key, entry);
    expect(await store.get('a')).toBeUndefined();
    expect(await store.get('e')).toEqual(entry);
  });
});
