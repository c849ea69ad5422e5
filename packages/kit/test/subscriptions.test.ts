import { openPeer, StdioPeer } from '@fairway-mcp/testing';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as OlderClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OlderHttp } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Embedded } from '../src/embed.ts';
import { Pages, pages } from './fixture/pages.ts';
import { type Json, MODERN, openSession, send } from './support/http.ts';
import { serveWithKeys } from './support/keys.ts';
import { serveFixture } from './support/serve.ts';
import { listen, openStream } from './support/stream.ts';

const UPDATED = 'notifications/resources/updated';
const LIST_CHANGED = 'notifications/resources/list_changed';
const ACKNOWLEDGED = 'notifications/subscriptions/acknowledged';

function servicesOf({ runtime }: Embedded): Pages {
  if (!(runtime.services instanceof Pages)) throw new TypeError('not the fixture');
  return runtime.services;
}

/** A server with the pages p0, p1, … */
async function serve(args: readonly string[] = [], count = 3) {
  const server = await serveFixture(['--rate-limit', '0', ...args], pages);
  const services = servicesOf(server);
  for (let number = 0; number < count; number += 1) services.pages.set(`p${number}`, 'text');
  return { server, services, url: server.url };
}

const uri = (name: string) => `pages://page/${name}`;
/** The URIs of the updates among the messages, in order. */
const updates = (messages: readonly Json[]) => messages.filter(({ method }) => method === UPDATED).map(({ params }) => params.uri);
const methods = (messages: readonly Json[]) => messages.map(({ method }) => method);

describe('a session of the 2025 protocol', () => {
  it('is notified on its stream of changes of the resources that it is subscribed to, and of the list', async () => {
    const { services, url } = await serve();
    const session = await openSession(url);
    expect(session.opened.json.result.capabilities.resources).toEqual({ subscribe: true, listChanged: true });
    const stream = openStream(url, session.headers);
    expect((await session.request('resources/subscribe', { uri: uri('p0') })).json.result).toEqual({});
    services.write('p1', 'without a subscriber');
    services.write('p0', 'new');
    services.write('p3', 'new in the list');
    await expect
      .poll(() => stream.messages())
      .toEqual([
        { jsonrpc: '2.0', method: UPDATED, params: { uri: uri('p0') } },
        { jsonrpc: '2.0', method: LIST_CHANGED },
      ]);
  });

  it('is not notified any more once it has unsubscribed, which it may do twice', async () => {
    const { services, url } = await serve();
    const session = await openSession(url);
    const stream = openStream(url, session.headers);
    for (const name of ['p0', 'p1']) await session.request('resources/subscribe', { uri: uri(name) });
    for (let time = 0; time < 2; time += 1)
      expect((await session.request('resources/unsubscribe', { uri: uri('p0') })).json.result).toEqual({});
    services.write('p0', 'new');
    services.write('p1', 'new');
    await expect.poll(() => updates(stream.messages())).toEqual([uri('p1')]);
  });

  it('gets one notification for all changes while it had no stream', async () => {
    const { services, url } = await serve();
    const session = await openSession(url);
    for (const name of ['p0', 'p1']) await session.request('resources/subscribe', { uri: uri(name) });
    for (let time = 0; time < 1_000; time += 1) services.write(`p${time % 2}`, String(time));
    const stream = openStream(url, session.headers);
    await expect.poll(() => updates(stream.messages()).length).toBeGreaterThanOrEqual(2);
    services.write('p2', 'unrelated');
    expect(new Set(updates(stream.messages()))).toEqual(new Set([uri('p0'), uri('p1')]));
    // One was in flight when the others came.
    expect(updates(stream.messages()).length).toBeLessThanOrEqual(3);
  });

  it.each([
    ['does not exist', uri('missing'), -32602],
    ['is of no known kind', 'other://x', -32602],
    ['belongs to another caller', 'pages://file/eve/diary', -32602],
    ['is too long', uri('x'.repeat(5_000)), -32602],
    ['does not announce changes', 'pages://index', -32602],
  ])('cannot subscribe to a resource that %s', async (_what, wanted, code) => {
    const { services, url } = await serve();
    services.files.push({ owner: 'eve', name: 'diary' });
    const session = await openSession(url);
    expect((await session.request('resources/subscribe', { uri: wanted })).json.error.code).toBe(code);
  });

  it('has a limit of subscriptions, and its caller one for all sessions; ended sessions do not count', async () => {
    const { url } = await serve(['--max-subscriptions', '250'], 300);
    const [first, second] = [await openSession(url), await openSession(url)];
    const subscribe = async ({ request }: typeof first, from: number, to: number) => {
      for (let number = from; number < to; number += 1) {
        const { json } = await request('resources/subscribe', { uri: uri(`p${number}`) });
        if (json.error !== undefined) return [number, json.error.data.kind, json.error.message];
      }
      return 'all';
    };
    expect(await subscribe(first, 0, 300)).toEqual([200, 'rate_limited', expect.stringContaining('session')]);
    expect(await subscribe(second, 0, 100)).toEqual([50, 'rate_limited', expect.stringContaining('caller')]);
    await send(url, { method: 'DELETE', headers: first.headers });
    expect(await subscribe(second, 50, 100)).toBe('all');
  });

  it('is offered no subscriptions where there are no sessions', async () => {
    const { url } = await serve(['--stateless']);
    const { opened } = await openSession(url);
    expect(opened.json.result.capabilities.resources).toEqual({});
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'resources/subscribe', params: { uri: uri('p0') } });
    expect((await send(url, { body })).json.error.code).toBe(-32601);
  });

  it('does not expire while it listens', async () => {
    const { services, url } = await serve(['--session-idle-minutes', '0.005']);
    const idle = await openSession(url);
    const openListening = async () => {
      const { headers, request } = await openSession(url);
      const stream = openStream(url, headers);
      await stream.opened;
      return { stream, status: (await request('resources/subscribe', { uri: uri('p0') })).status };
    };
    // On a slow machine a session can expire before it listens.
    let listening = await openListening();
    while (listening.status !== 200) listening = await openListening();
    await expect.poll(async () => (await idle.request('ping')).status, { interval: 700 }).toBe(404);
    services.write('p0', 'new');
    await expect.poll(() => updates(listening.stream.messages())).toEqual([uri('p0')]);
  });
});

describe('a subscription of the 2026 protocol', () => {
  it('is acknowledged with what the caller may read of what it names, and notified of changes', async () => {
    const { services, url } = await serve();
    services.files.push({ owner: 'eve', name: 'diary' }, { owner: 'shared', name: 'menu' });
    const wanted = [
      uri('p0'),
      uri('p0'),
      uri('missing'),
      'pages://file/eve/diary',
      'pages://file/shared/menu',
      'pages://index',
      'other://x',
    ];
    const stream = listen(url, { resourceSubscriptions: wanted, resourcesListChanged: true });
    await expect.poll(() => methods(stream.messages())).toEqual([ACKNOWLEDGED]);
    expect(stream.messages()[0].params.notifications).toEqual({
      resourcesListChanged: true,
      resourceSubscriptions: [uri('p0'), 'pages://file/shared/menu'],
    });
    services.touchFile('eve', 'diary');
    services.write('p1', 'new');
    services.write('p0', 'new');
    services.write('p9', 'new in the list');
    const _meta = { 'io.modelcontextprotocol/subscriptionId': 'listen' };
    await expect
      .poll(() => stream.messages().slice(1))
      .toEqual([
        { jsonrpc: '2.0', method: UPDATED, params: { uri: uri('p0'), _meta } },
        { jsonrpc: '2.0', method: LIST_CHANGED, params: { _meta } },
      ]);
  });

  it('ends at once when there is nothing in it that the caller may read', async () => {
    const { url } = await serve();
    const stream = listen(url, { resourceSubscriptions: [uri('missing')] });
    await expect.poll(() => stream.ended).toBe(true);
    expect(stream.messages()).toMatchObject([
      { method: ACKNOWLEDGED, params: { notifications: {} } },
      { id: 'listen', result: {} },
    ]);
  });

  it('leaves nothing behind when the client disconnects, also before it is acknowledged', async () => {
    const { services, url } = await serve(['--max-subscriptions', '1']);
    for (let time = 0; time < 20; time += 1) {
      const stream = listen(url, { resourceSubscriptions: [uri('p0')] });
      if (time % 2 === 0) await stream.opened;
      else await new Promise((resolve) => setTimeout(resolve, time));
      stream.close();
    }
    await expect
      .poll(async () => {
        const stream = listen(url, { resourceSubscriptions: [uri('p0')] });
        await expect.poll(() => stream.text).not.toBe('');
        services.write('p0', 'new');
        await expect.poll(() => stream.ended || stream.messages().length === 2).toBe(true);
        return updates(stream.messages());
      })
      .toEqual([uri('p0')]);
  });

  it('ends with its result when the server shuts down', async () => {
    const { server, url } = await serve();
    const stream = listen(url, { resourceSubscriptions: [uri('p0')] });
    await expect.poll(() => stream.messages().length).toBe(1);
    await server.close();
    await expect.poll(() => stream.ended).toBe(true);
    expect(stream.messages().at(-1)).toMatchObject({ id: 'listen', result: { resultType: 'complete' } });
  });

  it('has a limit; closed ones do not count', async () => {
    const { url } = await serve(['--max-subscriptions', '2'], 300);
    const names = (...list: string[]) => ({ resourceSubscriptions: list.map(uri) });
    const first = listen(url, names('p0', 'p1'));
    await expect.poll(() => first.messages().length).toBe(1);
    const second = listen(url, names('p0'));
    await expect.poll(() => second.ended).toBe(true);
    expect(JSON.parse(second.text).error).toMatchObject({ data: { kind: 'rate_limited' } });
    first.close();
    await expect
      .poll(async () => {
        const third = listen(url, names('p2'));
        await third.opened;
        await expect.poll(() => third.text).not.toBe('');
        return third.messages().length;
      })
      .toBe(1);
    const many = listen(url, names(...Array.from({ length: 300 }, (_, number) => `p${number}`)));
    await expect.poll(() => many.text).toContain('more than 200');
  });

  it.each([
    ['no filter', undefined],
    ['URIs that are none', { resourceSubscriptions: [5] }],
    ['a list that is none', { resourceSubscriptions: 'all' }],
  ])('is rejected with %s', async (_what, filter) => {
    const { url } = await serve();
    const stream = listen(url, filter as object);
    await expect.poll(() => stream.ended).toBe(true);
    expect(JSON.parse(stream.text).error.code).toBe(-32602);
  });
});

describe('subscriptions', () => {
  it('need the read scope, are recorded, and never notify of what belongs to other callers', async () => {
    const key = (name: string, scopes: string[]) => ({ name, scopes });
    const { server, keys } = await serveWithKeys([key('ada', ['pages:read']), key('eve', ['pages:write'])], [], pages);
    const [ada, eve] = keys.map((made) => ({ Authorization: `Bearer ${made.key}` }));
    const services = servicesOf(server);
    services.pages.set('p0', 'text');
    const session = await openSession(server.url, { headers: ada ?? {} });
    const other = await openSession(server.url, { headers: eve ?? {} });
    const stream = openStream(server.url, other.headers);
    await session.request('resources/subscribe', { uri: uri('p0') });
    expect((await other.request('resources/subscribe', { uri: uri('p0') })).status).toBe(403);
    const refused = listen(server.url, { resourceSubscriptions: [uri('p0')] }, { headers: eve ?? {} });
    await expect.poll(() => refused.status).toBe(403);
    const accepted = listen(server.url, { resourceSubscriptions: [uri('p0')] }, { headers: ada ?? {} });
    await expect.poll(() => accepted.messages().length).toBe(1);
    services.write('p0', 'new');
    services.write('p7', 'new in the list');
    await expect.poll(() => updates(accepted.messages())).toEqual([uri('p0')]);
    expect([stream.status, stream.messages()]).toEqual([200, []]);
    const stored = await server.runtime.store.all<{ body: string }>('SELECT body FROM audit_rows ORDER BY sequence');
    expect(stored.map(({ body }) => [JSON.parse(body).tool, JSON.parse(body).outcome])).toEqual([
      ['subscribe:page', 'ok'],
      ['resources/subscribe', 'forbidden'],
      ['subscriptions/listen', 'forbidden'],
      ['subscriptions/listen', 'ok'],
    ]);
  });

  it.each(['a session', 'a listening stream'])('of %s that is not read hold back what changes again and again', async (kind) => {
    const { services, url } = await serve([], 200);
    const names = [...services.pages.keys()];
    const session = await openSession(url);
    const stream = kind === 'a session' ? openStream(url, session.headers) : listen(url, { resourceSubscriptions: names.map(uri) });
    if (kind === 'a session') for (const name of names) await session.request('resources/subscribe', { uri: uri(name) });
    const response = await stream.opened;
    response.pause();
    const rounds = 2_000;
    for (let round = 0; round < rounds; round += 1) {
      for (const name of names) services.write(name, String(round));
      if (round % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    response.resume();
    await expect.poll(() => new Set(updates(stream.messages())).size).toBe(200);
    expect(updates(stream.messages()).length).toBeLessThan((rounds * 200) / 10);
  });
});

describe('an official client', () => {
  const about = { name: 'test', version: '1' };

  it('of the 2026 protocol listens, pages through the list and completes', async () => {
    const { services, url } = await serve([], 600);
    const client = new Client(about, { versionNegotiation: { mode: { pin: MODERN } } });
    await client.connect(new StreamableHTTPClientTransport(new URL(url)));
    onTestFinished(() => client.close());
    expect((await client.listResources()).resources).toHaveLength(601);
    const received: string[] = [];
    client.setNotificationHandler('notifications/resources/updated', ({ params }) => void received.push(params.uri));
    const subscription = await client.listen({ resourceSubscriptions: [uri('p0')] });
    services.write('p0', 'new');
    await expect.poll(() => received).toEqual([uri('p0')]);
    await subscription.close();
  });

  it('of the 2025 protocol subscribes', async () => {
    const { services, url } = await serve();
    const client = new OlderClient(about);
    await client.connect(new OlderHttp(new URL(url)) as Parameters<typeof client.connect>[0]);
    onTestFinished(() => client.close());
    const received: string[] = [];
    client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void received.push(params.uri));
    await client.subscribeResource({ uri: uri('p0') });
    services.write('p0', 'new');
    await expect.poll(() => received).toEqual([uri('p0')]);
    await client.unsubscribeResource({ uri: uri('p0') });
  });
});

describe('a client over stdio', () => {
  const main = new URL('./fixture/pages-main.ts', import.meta.url);
  const envelope = {
    'io.modelcontextprotocol/protocolVersion': MODERN,
    'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  };

  it('of the 2025 protocol is notified of changes of what it is subscribed to', async () => {
    const peer = await openPeer({ main });
    const write = (name: string) => peer.request('tools/call', { name: 'write_page', arguments: { name, text: 'x' } });
    await write('p0');
    expect((await peer.request('resources/subscribe', { uri: uri('missing') })).error?.code).toBe(-32602);
    expect((await peer.request('resources/subscribe', { uri: uri('p0') })).result).toEqual({});
    await write('p0');
    await peer.until(({ method }) => method === UPDATED);
    await peer.request('resources/unsubscribe', { uri: uri('p0') });
    await write('p0');
    await peer.request('ping');
    expect(methods(peer.messages).filter((method) => method !== undefined)).toEqual([LIST_CHANGED, UPDATED]);
  });

  it('of the 2026 protocol is notified of changes until it cancels', async () => {
    const peer = new StdioPeer({ main });
    const request = (method: string, params: object) => peer.request(method, { ...params, _meta: envelope });
    const write = (name: string) => request('tools/call', { name: 'write_page', arguments: { name, text: 'x' } });
    await write('p0');
    const filter = { notifications: { resourceSubscriptions: [uri('p0'), uri('missing')] } };
    peer.write(JSON.stringify({ jsonrpc: '2.0', id: 'sub', method: 'subscriptions/listen', params: { ...filter, _meta: envelope } }));
    const { params } = await peer.until(({ method }) => method === ACKNOWLEDGED);
    expect(params?.notifications).toEqual({ resourceSubscriptions: [uri('p0')] });
    await write('p0');
    const update = await peer.until(({ method }) => method === UPDATED);
    expect(update.params).toEqual({ uri: uri('p0'), _meta: { 'io.modelcontextprotocol/subscriptionId': 'sub' } });
    peer.notify('notifications/cancelled', { requestId: 'sub', _meta: envelope });
    await write('p0');
    await write('p1');
    expect(methods(peer.messages).filter((method) => method === UPDATED)).toHaveLength(1);
  });

  it('of the 2026 protocol that cancels while it subscribes is not subscribed', async () => {
    const peer = new StdioPeer({ main });
    const filter = { notifications: { resourceSubscriptions: [uri('p0')], resourcesListChanged: true } };
    peer.write(JSON.stringify({ jsonrpc: '2.0', id: 'sub', method: 'subscriptions/listen', params: { ...filter, _meta: envelope } }));
    peer.notify('notifications/cancelled', { requestId: 'sub', _meta: envelope });
    await peer.request('tools/call', { name: 'write_page', arguments: { name: 'p0', text: 'x' }, _meta: envelope });
    expect(methods(peer.messages).filter((method) => method !== undefined)).toEqual([]);
  });
});
