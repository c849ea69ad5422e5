import path from 'node:path';
import { type ApiKeyRecords, createApiKey } from '@fairway-mcp/auth';
import { createApiKeyTable, createTaskTable, openSqlite } from '@fairway-mcp/store';
import { describe, expect, it } from 'vitest';
import { pages } from './fixture/pages.ts';
import { openSession, sendModern } from './support/http.ts';
import { serveWithKeys, withKeys } from './support/keys.ts';
import { serveFixture, temporaryFolder } from './support/serve.ts';
import { listen, openStream } from './support/stream.ts';
import { orphanedTask } from './support/tasks.ts';

const bearer = (key: string | undefined) => ({ Authorization: `Bearer ${key}` });
const now = () => new Date().toISOString();
const newKey = (records: ApiKeyRecords, name: string) => createApiKey(records, { name, scopes: ['notes:read'], expiresAt: null });
const PATIENT = { timeout: 40_000 };

describe('a key that is revoked', () => {
  it('loses its streams for notifications, and no other key does', async () => {
    const { server, keys, table } = await serveWithKeys(
      [
        { name: 'gone', scopes: ['*'] },
        { name: 'kept', scopes: ['*'] },
      ],
      [],
      pages,
    );
    const openStreams = async (headers: { Authorization: string }) => {
      const session = await openSession(server.url, { headers });
      return [openStream(server.url, session.headers), listen(server.url, { resourcesListChanged: true }, { headers })];
    };
    const streams = (await Promise.all(keys.map(({ key }) => openStreams(bearer(key))))).flat();
    await expect.poll(() => streams.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    await table.revoke(keys[0]?.id ?? '', now());
    await expect.poll(() => streams.map(({ ended }) => ended), PATIENT).toEqual([true, true, false, false]);
  });

  it('loses the stream of a call, and the call is cancelled', async () => {
    const { server, keys, table } = await withKeys({ name: 'gone', scopes: ['*'] });
    const session = await openSession(server.url, { headers: bearer(keys[0]?.key) });
    const params = { name: 'wait', arguments: { ms: 50_000, steps: 100 }, _meta: { progressToken: 'p' } };
    const calling = openStream(server.url, session.headers, { jsonrpc: '2.0', id: 'call', method: 'tools/call', params });
    await expect.poll(() => calling.messages().length, PATIENT).toBeGreaterThan(0);
    await table.revoke(keys[0]?.id ?? '', now());
    await expect.poll(() => calling.ended, PATIENT).toBe(true);
    expect(calling.messages().map(({ id }) => id)).not.toContain('call');
    await expect.poll(() => server.runtime.pipeline.runningCalls()).toBe(0);
  });

  it('leaves no task behind that is run later', async () => {
    const folder = temporaryFolder();
    const store = openSqlite({ file: path.join(folder, 'fairway.db') });
    const records = await createApiKeyTable(store);
    const [gone, rotated, kept] = [await newKey(records, 'gone'), await newKey(records, 'rotated'), await newKey(records, 'kept')];
    await newKey(records, 'rotated');
    const tasks = await createTaskTable(store);
    for (const [name, { id }] of Object.entries({ gone, rotated, kept })) {
      const principal = { id: `api_key:${name}`, kind: 'api_key', scopes: ['notes:read'], claims: { key: id } };
      await tasks.create({ ...orphanedTask, id: name, owner: principal.id, principal: JSON.stringify(principal) });
    }
    for (const { id } of [gone, rotated]) await records.revoke(id, now());
    await store.close();
    const { runtime } = await serveFixture(['--state-dir', folder]);
    const table = await createTaskTable(runtime.store);
    const statuses = () => Promise.all(['gone', 'rotated', 'kept'].map(async (id) => (await table.find(id))?.status));
    await expect.poll(statuses, PATIENT).toEqual(['failed', 'completed', 'completed']);
    const rows = await runtime.store.all<{ body: string }>('SELECT body FROM audit_rows');
    const outcomes = rows.map(({ body }) => JSON.parse(body)).map(({ principal, outcome }) => `${principal} ${outcome}`);
    expect(outcomes.toSorted()).toEqual(['api_key:gone forbidden', 'api_key:kept ok', 'api_key:rotated ok']);
  });
});

describe('a server on loopback without a key', () => {
  it('asks every caller for a key as soon as one exists, and ends the streams of those who have none', async () => {
    const { url, runtime } = await serveFixture([], pages);
    const session = await openSession(url);
    const stream = openStream(url, session.headers);
    await expect.poll(() => stream.status).toBe(200);
    const records = await createApiKeyTable(runtime.store);
    const { id, key } = await createApiKey(records, { name: 'first', scopes: ['*'], expiresAt: null });
    await expect.poll(async () => (await sendModern(url, 'tools/list')).status, PATIENT).toBe(401);
    expect((await sendModern(url, 'tools/list', {}, { headers: bearer(key) })).status).toBe(200);
    expect((await session.request('ping')).status).toBe(401);
    await expect.poll(() => stream.ended, PATIENT).toBe(true);
    await records.revoke(id, now());
    expect((await sendModern(url, 'tools/list')).status).toBe(401);
  });

  it('accepts keys that are made while it runs with a token', async () => {
    const { url, runtime } = await serveFixture(['--bearer-token', 'a-token-that-is-long-enough']);
    const { key } = await newKey(await createApiKeyTable(runtime.store), 'later');
    expect((await sendModern(url, 'tools/list', {}, { headers: bearer(key) })).status).toBe(200);
  });
});
