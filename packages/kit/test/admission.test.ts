import { createAuditLog } from '@fairway-mcp/store';
import { describe, expect, it } from 'vitest';
import type { Embedded } from '../src/embed.ts';
import { type Json, openSession, sendModern } from './support/http.ts';
import { serveFixture } from './support/serve.ts';
import { askTask, beginTask, taskAfter, tasks } from './support/tasks.ts';

const LIMIT = ['--rate-limit', '2'];
const ref = { type: 'ref/prompt', name: 'summarize_notes' };

async function auditRows({ runtime }: Embedded): Promise<Json[]> {
  const log = await createAuditLog(runtime.store);
  return (await log.read(0, 1000)).map((row) => JSON.parse(row.body));
}

/** What became of three requests: `rate_limited`, or nothing of that. */
async function askThrice(ask: () => Promise<{ json: Json }>): Promise<(string | undefined)[]> {
  const kinds = [];
  for (let round = 0; round < 3; round += 1) {
    const { json } = await ask();
    kinds.push(json.error?.data?.kind ?? json.result?._meta?.['io.github.fairway-mcp/error']?.kind);
  }
  return kinds;
}

describe.each([
  ['tools/list', {}],
  ['tools/list', { cursor: 'x' }],
  ['tools/call', { name: 'missing' }],
  ['prompts/list', {}],
  ['prompts/get', { name: 'missing' }],
  ['resources/list', {}],
  ['resources/templates/list', {}],
  ['resources/read', { uri: 'missing://x' }],
  ['completion/complete', { ref, argument: { name: 'style', value: '' } }],
  ['unheard/of', {}],
])('the rate of %s %j is limited', (method, params) => {
  it('with the 2026 protocol', async () => {
    const { url } = await serveFixture(LIMIT);
    expect(await askThrice(() => sendModern(url, method, params))).toEqual([undefined, undefined, 'rate_limited']);
    expect((await sendModern(url, 'tools/call', { name: 'echo', arguments: { text: 'x' } })).json.result.isError).toBeUndefined();
  });

  it('with the 2025 protocol', async () => {
    const { url } = await serveFixture(LIMIT);
    const session = await openSession(url);
    expect(await askThrice(() => session.request(method, params))).toEqual([undefined, undefined, 'rate_limited']);
  });
});

describe('the rate', () => {
  it('of handshakes and pings is limited, and the caller learns when to try again', async () => {
    const { url } = await serveFixture(LIMIT);
    const [session] = [await openSession(url), await openSession(url)];
    const { opened } = await openSession(url);
    expect(opened.headers['mcp-session-id']).toBeUndefined();
    expect(opened.json.error).toMatchObject({
      code: -32603,
      message: 'More than 2 calls of initialize a minute. Wait for the time given and call again.',
      data: { kind: 'rate_limited', retry_after_s: expect.any(Number) },
    });
    expect(await askThrice(() => session.request('ping'))).toEqual([undefined, undefined, 'rate_limited']);
  });

  it('of requests about tasks is limited, over both of their addresses', async () => {
    const { url } = await serveFixture(LIMIT);
    expect(await askThrice(() => askTask(url, 'tasks/cancel', { taskId: 'x' }))).toEqual([undefined, undefined, 'rate_limited']);
    // Looking at a task costs a tenth of a call, because clients poll.
    for (let poll = 0; poll < 18; poll += 1) await askTask(url, 'tasks/get', { taskId: 'x' });
    expect(await askThrice(() => askTask(url, 'tasks/get', { taskId: 'x' }))).toContain(undefined);
    await expect
      .poll(async () => (await askTask(url, 'tasks/get', { taskId: 'x' })).json.error.data?.kind, { interval: 1 })
      .toBe('rate_limited');
    let page = await fetch(url.replace('/mcp', '/tasks/x'));
    const status = async () => {
      page = await fetch(url.replace('/mcp', '/tasks/x'));
      return page.status;
    };
    await expect.poll(status, { interval: 1 }).toBe(429);
    expect([page.status, Number(page.headers.get('retry-after')), await page.json()]).toEqual([
      429,
      expect.any(Number),
      { error: 'rate_limited', error_description: expect.stringContaining('Wait') },
    ]);
  });
});

describe('as many calls as may run', () => {
  it('keep nobody from looking at tasks and cancelling them', async () => {
    const { url } = await serveFixture(['--max-concurrency', '1']);
    const slow = { name: 'count_slowly', arguments: { to: 1000, ms: 30 } };
    const { taskId } = (await beginTask(url, slow)).json.result;
    const refused = await sendModern(url, 'tools/call', slow, { capabilities: tasks });
    expect(refused.json.result._meta['io.github.fairway-mcp/error'].kind).toBe('rate_limited');
    expect((await askTask(url, 'tasks/get', { taskId })).json.result.status).toBe('working');
    expect((await askTask(url, 'tasks/cancel', { taskId })).json.result).toBeDefined();
    expect((await taskAfter(url, taskId, 'working')).status).toBe('cancelled');
  });
});

describe('a request for something that does not exist', () => {
  it.each([
    ['tools/call', { name: 'secret-name' }, '[text, 11 characters]'],
    ['prompts/get', { name: 'secret-name' }, '[text, 11 characters]'],
    ['resources/read', { uri: 'secret://name' }, '[text, 13 characters]'],
  ])('leaves an audit row, without the name: %s', async (method, params, name) => {
    const embedded = await serveFixture(LIMIT);
    await askThrice(() => sendModern(embedded.url, method, params));
    const rows = await auditRows(embedded);
    expect(rows.map(({ outcome }) => outcome)).toEqual(['not_found', 'not_found', 'rate_limited']);
    expect(rows[0]).toMatchObject({ tool: method, principal: 'local', arguments: { name } });
    expect(JSON.stringify(rows)).not.toContain('secret');
  });
});
