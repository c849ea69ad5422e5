import http from 'node:http';
import { describe, expect, it } from 'vitest';
import { events, openSession, type Session, send } from './support/http.ts';
import { serveWithKeys } from './support/keys.ts';
import { serveFixture } from './support/serve.ts';
import { openStream } from './support/stream.ts';

const call = (name: string, args: object = {}) => ({ name, arguments: args });
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

describe('sessions', () => {
  it('have unique random ids', async () => {
    const { url } = await serveFixture();
    const ids = await Promise.all(Array.from({ length: 20 }, async () => (await openSession(url)).id));
    expect(new Set(ids).size).toBe(20);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('are required for everything but initialize, and must exist', async () => {
    const { url } = await serveFixture();
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
    const without = await send(url, { body });
    expect([without.status, without.json.error.message]).toEqual([400, 'The Mcp-Session-Id header is missing: call initialize first.']);
    expect((await send(url, { body, headers: { 'Mcp-Session-Id': 'missing' } })).status).toBe(404);
  });

  it('end when they are deleted', async () => {
    const { url } = await serveFixture();
    const session = await openSession(url);
    expect((await session.request('ping')).status).toBe(200);
    expect((await send(url, { method: 'DELETE', headers: session.headers })).status).toBe(200);
    expect((await session.request('ping')).status).toBe(404);
  });

  it('end when they are idle for too long', async () => {
    const { url } = await serveFixture(['--session-idle-minutes', '0.0005']);
    const session = await openSession(url);
    const askAgain = async () => {
      await openSession(url);
      return (await session.request('ping')).status;
    };
    await expect.poll(askAgain, { interval: 60 }).toBe(404);
  });

  it('belong to the caller that opened them', async () => {
    const { runtime, url } = await serveFixture([], undefined, { FAIRWAY_BEARER_TOKEN: 'a-token-that-is-long-enough' });
    const session = await openSession(url, { headers: bearer('a-token-that-is-long-enough') });
    expect((await session.request('tools/list')).json.result.tools).toHaveLength(8);
    expect((await send(url, { headers: { 'Mcp-Session-Id': session.id }, body: '{}' })).status).toBe(401);
    expect(runtime.log).toBeDefined();
  });

  it("are limited; the same caller's least recently used one is closed for a new one", async () => {
    const { url } = await serveFixture(['--max-sessions', '2']);
    const first = await openSession(url);
    const second = await openSession(url);
    await first.request('ping');
    await openSession(url);
    expect((await second.request('ping')).status).toBe(404);
    expect((await first.request('ping')).status).toBe(200);
  });

  it('are divided among callers: one that has few gets one of the caller that has most', async () => {
    const { server, keys } = await serveWithKeys(
      [
        { name: 'many', scopes: ['*'] },
        { name: 'few', scopes: ['*'] },
      ],
      ['--max-sessions', '4'],
    );
    const [many, few] = keys.map(({ key }) => ({ headers: bearer(key) }));
    const open = async (key: typeof many, count: number) => {
      const sessions = [];
      for (let opened = 0; opened < count; opened += 1) sessions.push(await openSession(server.url, key));
      return sessions;
    };
    const statuses = (sessions: Session[]) =>
      Promise.all(sessions.map(async (session) => (await session.request('ping', {}, 'ping')).status));
    const ofMany = await open(many, 4);
    // All of its sessions are busy, which keeps only as many as one of two callers may have.
    const waiting = ofMany.map((session) => session.request('tools/call', call('wait', { ms: 60_000 })).catch(() => undefined));
    await expect.poll(() => server.runtime.pipeline.runningCalls()).toBe(4);
    const ofFew = await open(few, 3);
    expect(await statuses(ofFew)).toEqual([404, 200, 200]);
    await expect.poll(() => server.runtime.pipeline.runningCalls()).toBe(2);
    expect(await statuses(ofMany)).toEqual([404, 404, 200, 200]);
    for (const session of ofMany) await send(server.url, { method: 'DELETE', headers: session.headers });
    await Promise.all(waiting);
  });

  it('are not closed for a new one while they have calls in flight', async () => {
    const { runtime, url } = await serveFixture(['--max-sessions', '1']);
    const session = await openSession(url);
    const working = session.request('tools/call', call('wait', { ms: 300 }));
    await expect.poll(() => runtime.pipeline.runningCalls()).toBe(1);
    const { opened } = await openSession(url);
    expect([opened.status, opened.headers['retry-after']]).toEqual([503, '30']);
    expect((await working).json.result.structuredContent).toEqual({ waited_ms: 300 });
  });

  it('cancel their own calls only', async () => {
    const { runtime, url } = await serveFixture();
    const [mine, other] = [await openSession(url), await openSession(url)];
    const working = [mine, other].map((session) => session.request('tools/call', call('wait', { ms: 400 }), 'same-id'));
    await expect.poll(() => runtime.pipeline.runningCalls()).toBe(2);
    await send(url, {
      headers: mine.headers,
      body: JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'same-id' } }),
    });
    const [cancelled, finished] = await Promise.all(working);
    expect(cancelled?.json.result._meta['io.github.fairway-mcp/error'].kind).toBe('cancelled');
    expect(finished?.json.result.structuredContent).toEqual({ waited_ms: 400 });
  });

  it('reject a second request with the id of one in flight', async () => {
    const { runtime, url } = await serveFixture();
    const session = await openSession(url);
    const working = session.request('tools/call', call('wait', { ms: 200 }), 5);
    await expect.poll(() => runtime.pipeline.runningCalls()).toBe(1);
    expect((await session.request('ping', {}, 5)).json.error.code).toBe(-32600);
    expect((await working).json.result.structuredContent).toEqual({ waited_ms: 200 });
  });

  it('keep one stream for notifications open, and close it when they end', async () => {
    const embedded = await serveFixture();
    const session = await openSession(embedded.url);
    const first = openStream(embedded.url, session.headers);
    await expect.poll(() => first.status).toBe(200);
    const second = openStream(embedded.url, session.headers);
    await expect.poll(() => [first.ended, second.status]).toEqual([true, 200]);
    await embedded.close();
    await expect.poll(() => second.ended).toBe(true);
  });

  it('reject an unsupported protocol version', async () => {
    const { url } = await serveFixture();
    const session = await openSession(url);
    const response = await send(url, {
      headers: { ...session.headers, 'MCP-Protocol-Version': '1999-01-01' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }),
    });
    expect([response.status, response.json.error.message]).toEqual([400, expect.stringContaining('2025-11-25')]);
  });

  it('can be turned off, so that every request is independent', async () => {
    const { url } = await serveFixture(['--stateless']);
    const { opened } = await openSession(url);
    expect(opened.headers['mcp-session-id']).toBeUndefined();
    expect(opened.json.result.serverInfo.name).toBe('notes');
    const answer = await send(url, {
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: call('echo', { text: 'x' }) }),
    });
    expect(answer.json.result.structuredContent).toEqual({ text: 'x' });
    expect((await send(url, { body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'prompts/list' }) })).json.result.prompts).toHaveLength(
      1,
    );
    expect((await send(url, { body: JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }) })).status).toBe(202);
    for (const method of ['GET', 'DELETE']) expect((await send(url, { method })).status).toBe(405);
  });
});

describe('a question to the user over a session', () => {
  it.each([
    [
      'the call is cancelled',
      { body: JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'write' } }) },
    ],
    ['the session is ended', { method: 'DELETE' }],
  ])('is withdrawn when %s, and nothing is written', async (_when, ending) => {
    const { runtime, url } = await serveFixture();
    const session = await openSession(url, { capabilities: { elicitation: {} } });
    const params = call('add_note', { note: 'milk' });
    const writing = openStream(url, session.headers, { jsonrpc: '2.0', id: 'write', method: 'tools/call', params });
    await expect.poll(() => events(writing.text).map(({ method }) => method)).toEqual(['elicitation/create']);
    await send(url, { headers: session.headers, ...ending });
    await expect.poll(() => writing.ended).toBe(true);
    expect(events(writing.text).map(({ id }) => id)).not.toContain('write');
    expect(runtime.services).toEqual({ items: [] });
  });

  it('is sent on the stream of the call, and answered by a separate request', async () => {
    const { url } = await serveFixture();
    const session = await openSession(url, { capabilities: { elicitation: {} } });
    const body = JSON.stringify({ jsonrpc: '2.0', id: 9, method: 'tools/call', params: call('add_note', { note: 'milk' }) });
    const { promise, resolve } = Promise.withResolvers<string>();
    let text = '';
    const request = http.request(
      url,
      {
        method: 'POST',
        agent: false,
        headers: { ...session.headers, 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' },
      },
      (response) => {
        response.on('data', (chunk: Buffer) => {
          text += chunk.toString();
          const asked = events(text).find((message) => message.method === 'elicitation/create');
          if (asked !== undefined && !text.includes('"id":9')) {
            void send(url, {
              headers: session.headers,
              body: JSON.stringify({ jsonrpc: '2.0', id: asked.id, result: { action: 'accept', content: { confirm: true } } }),
            });
          }
        });
        response.on('end', () => resolve(text));
      },
    );
    request.end(body);
    const messages = events(await promise);
    expect(messages[0]).toMatchObject({ method: 'elicitation/create', params: { message: 'Keep the note "milk"?' } });
    expect(messages.at(-1)).toMatchObject({ id: 9, result: { structuredContent: { notes: 1 } } });
  });
});
