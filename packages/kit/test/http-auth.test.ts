import { describe, expect, it, vi } from 'vitest';
import { openSession, sendModern } from './support/http.ts';
import { withKeys } from './support/keys.ts';
import { serveFixture } from './support/serve.ts';

const TOKEN = 'a-token-that-is-long-enough';
const bearer = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } });
const echo = { name: 'echo', arguments: { text: 'x' } };
const addNote = { name: 'add_note', arguments: { note: 'x' } };

describe('a server with a static bearer token', () => {
  it('challenges requests without a token and with a wrong one', async () => {
    const { url } = await serveFixture([], undefined, { FAIRWAY_BEARER_TOKEN: TOKEN });
    const none = await sendModern(url, 'tools/list');
    expect([none.status, none.headers['www-authenticate']]).toEqual([401, 'Bearer']);
    const wrong = await sendModern(url, 'tools/list', {}, bearer(`${TOKEN}x`));
    expect([wrong.status, wrong.headers['www-authenticate']]).toEqual([
      401,
      expect.stringMatching(/^Bearer error="invalid_token", error_description="/),
    ]);
    expect(wrong.text).not.toContain(TOKEN);
    expect((await sendModern(url, 'tools/list', {}, bearer(TOKEN))).status).toBe(200);
  });

  it('counts refused credentials by address in the log, and looks at no unknown one from there for a while', async () => {
    const { url, logLines } = await serveFixture(['--refusal-limit', '3'], undefined, { FAIRWAY_BEARER_TOKEN: TOKEN });
    const send = async (token?: string) => sendModern(url, 'tools/list', {}, token === undefined ? {} : bearer(token));
    expect((await send(TOKEN)).status).toBe(200);
    for (const guess of ['1', '2', '3']) expect((await send(`${TOKEN}${guess}`)).status).toBe(401);
    const limited = await send(`${TOKEN}4`);
    expect([limited.status, Number(limited.headers['retry-after'])]).toEqual([429, expect.any(Number)]);
    expect([(await send()).status, (await send(TOKEN)).status]).toEqual([401, 200]);
    const refused = logLines.map((line) => JSON.parse(line)).filter(({ message }) => message === 'Refused a credential');
    expect(refused.map(({ address, reason, refused: count }) => [address, reason, count])).toEqual(
      [1, 2, 3].map((count) => ['127.0.0.1', 'unknown', count]),
    );
    expect(logLines.join('')).not.toContain(TOKEN);
  });

  it('does not tell a right token that nobody has used yet from a wrong one while the address is limited', async () => {
    const { url } = await serveFixture(['--refusal-limit', '1'], undefined, { FAIRWAY_BEARER_TOKEN: TOKEN });
    const send = async (token: string) => (await sendModern(url, 'tools/list', {}, bearer(token))).status;
    expect([await send(`${TOKEN}x`), await send(`${TOKEN}y`), await send(TOKEN)]).toEqual([401, 429, 429]);
  });

  it('limits the token to its scopes', async () => {
    const { url } = await serveFixture(['--bearer-scopes', 'notes:read'], undefined, { FAIRWAY_BEARER_TOKEN: TOKEN });
    expect((await sendModern(url, 'tools/call', echo, bearer(TOKEN))).status).toBe(200);
    expect((await sendModern(url, 'tools/call', addNote, bearer(TOKEN))).status).toBe(403);
  });

  it('reports its health without a token', async () => {
    const { url } = await serveFixture([], undefined, { FAIRWAY_BEARER_TOKEN: TOKEN });
    const health = await fetch(url.replace('/mcp', '/health'));
    expect(await health.json()).toMatchObject({
      status: 'ok',
      name: 'notes',
      version: '1.2.3',
      dependencies: { store: { status: 'ok' }, cache: { status: 'ok' } },
    });
  });
});

describe('a server with API keys', () => {
  it('distinguishes callers and their scopes, in both protocol eras', async () => {
    const { server, keys } = await withKeys({ name: 'reader', scopes: ['notes:read'] }, { name: 'writer', scopes: ['notes:*'] });
    const [reader, writer] = keys.map(({ key }) => bearer(key));
    const refused = await sendModern(server.url, 'tools/call', addNote, reader);
    expect(refused.status).toBe(403);
    expect(refused.headers['www-authenticate']).toContain('error="insufficient_scope"');
    expect(refused.headers['www-authenticate']).toContain('scope="notes:write"');
    const legacy = await openSession(server.url, reader);
    expect((await legacy.request('tools/call', echo)).status).toBe(200);
    expect((await legacy.request('tools/call', addNote)).status).toBe(403);
    const allowed = await sendModern(server.url, 'tools/call', addNote, { ...writer, capabilities: { elicitation: { form: {} } } });
    expect(allowed.json.result.resultType).toBe('input_required');
    expect(await server.runtime.store.all('SELECT body FROM audit_rows')).toHaveLength(4);
  });

  it('answers 503 while keys cannot be checked, and admits nobody', async () => {
    const { server, keys } = await withKeys({ name: 'a', scopes: ['*'] });
    const list = () => sendModern(server.url, 'tools/list', {}, bearer(keys[0]?.key ?? ''));
    const broken = vi.spyOn(server.runtime.store, 'get').mockRejectedValue(new Error('connect ECONNREFUSED'));
    const refused = await list();
    expect([refused.status, refused.headers['retry-after'], refused.text]).toEqual([503, '5', expect.not.stringContaining('ECONN')]);
    broken.mockRestore();
    expect((await list()).status).toBe(200);
  });

  it('refuses a caller the session of another one', async () => {
    const { server, keys } = await withKeys({ name: 'a', scopes: ['*'] }, { name: 'b', scopes: ['*'] });
    const session = await openSession(server.url, bearer(keys[0]?.key ?? ''));
    session.headers.Authorization = `Bearer ${keys[1]?.key}`;
    expect((await session.request('ping')).status).toBe(404);
  });

  it('keeps the session of a caller who rotates its key', async () => {
    const { server, keys, table } = await withKeys({ name: 'ci', scopes: ['*'] }, { name: 'ci', scopes: ['*'] });
    const session = await openSession(server.url, bearer(keys[0]?.key ?? ''));
    await table.revoke(keys[0]?.id ?? '', new Date().toISOString());
    session.headers.Authorization = `Bearer ${keys[1]?.key}`;
    expect((await session.request('tools/call', echo)).json.result.structuredContent).toMatchObject({ text: 'x' });
    const rows = await server.runtime.store.all<{ body: string }>('SELECT body FROM audit_rows');
    expect(rows.map(({ body }) => JSON.parse(body).principal)).toEqual(['api_key:ci']);
  });

  it('opens sessions only for callers that may do something here', async () => {
    const { server, keys } = await withKeys({ name: 'other', scopes: ['weather:*'] }, { name: 'writer', scopes: ['notes:write'] });
    const [other, writer] = keys.map(({ key }) => bearer(key));
    const { opened: refused } = await openSession(server.url, other);
    expect([refused.status, refused.headers['mcp-session-id']]).toEqual([403, undefined]);
    expect(refused.headers['www-authenticate']).toContain('scope="notes:read"');
    expect((await openSession(server.url, writer)).opened.status).toBe(200);
    const rows = await server.runtime.store.all<{ body: string }>('SELECT body FROM audit_rows');
    expect(rows.map(({ body }) => JSON.parse(body))).toMatchObject([
      { principal: 'api_key:other', tool: 'initialize', outcome: 'forbidden' },
    ]);
  });

  it('serves resources and prompts only to callers with the read scope', async () => {
    const { server, keys } = await withKeys({ name: 'other', scopes: ['weather:*'] });
    const other = bearer(keys[0]?.key ?? '');
    for (const [method, params] of [
      ['resources/read', { uri: 'notes://all' }],
      ['prompts/get', { name: 'summarize_notes', arguments: { style: 'short' } }],
    ] as const) {
      const response = await sendModern(server.url, method, params, other);
      expect([response.status, response.headers['www-authenticate']]).toEqual([403, expect.stringContaining('scope="notes:read"')]);
    }
  });

  it('still requires a credential after every key has been revoked', async () => {
    const { server, keys, table } = await withKeys({ name: 'a', scopes: ['*'] });
    await table.revoke(keys[0]?.id ?? '', new Date().toISOString());
    expect((await sendModern(server.url, 'tools/list')).status).toBe(401);
    expect((await sendModern(server.url, 'tools/list', {}, bearer(keys[0]?.key ?? ''))).status).toBe(401);
  });
});

describe('a server that listens beyond loopback', () => {
  it.each(['0.0.0.0:0', '[::]:0', 'host.example:0'])('refuses to start on %s without authentication', async (address) => {
    await expect(serveFixture(['--http', address])).rejects.toThrow(/no authentication is set up.*keys create/);
  });

  it.each(['mcp.example', 'localhost,mcp.example', '10.0.0.1'])(
    'refuses to start under the name %s without authentication',
    async (names) => {
      await expect(serveFixture(['--allowed-hosts', names])).rejects.toThrow(/--allowed-hosts .*no authentication is set up/);
    },
  );

  it('starts without authentication under names of loopback', async () => {
    const { url } = await serveFixture(['--allowed-hosts', 'localhost,127.0.0.1,[::1],127.0.0.2']);
    expect((await sendModern(url, 'tools/list')).status).toBe(200);
  });

  it('starts when authentication is configured', async () => {
    const { url } = await serveFixture(['--http', '0.0.0.0:0'], undefined, { FAIRWAY_BEARER_TOKEN: TOKEN });
    const local = url.replace('0.0.0.0', '127.0.0.1');
    expect((await sendModern(local, 'tools/list')).status).toBe(401);
    expect((await sendModern(local, 'tools/list', {}, bearer(TOKEN))).status).toBe(200);
  });
});
