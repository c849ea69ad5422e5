import { createAuditLog } from '@fairway-mcp/store';
import { verifyAuditTrail } from '@fairway-mcp/telemetry';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Embedded } from '../src/embed.ts';
import { events, type Json, openSession, send, sendModern } from './support/http.ts';
import { serveFixture } from './support/serve.ts';

const ERROR = 'io.github.fairway-mcp/error';
const call = (name: string, args: Record<string, unknown> = {}) => ({ name, arguments: args });

type Ask = (name: string, args?: Record<string, unknown>, meta?: object) => Promise<Json>;

/** The same call in both protocol eras; returns the JSON-RPC message that answers it. */
const eras: [string, (url: string) => Promise<Ask>][] = [
  [
    'modern',
    async (url) => async (name, args, meta) =>
      lastMessage((await sendModern(url, 'tools/call', { ...call(name, args), ...(meta && { _meta: meta }) })).text),
  ],
  [
    'legacy',
    async (url) => {
      const session = await openSession(url);
      return async (name, args, meta) =>
        lastMessage((await session.request('tools/call', { ...call(name, args), ...(meta && { _meta: meta }) })).text);
    },
  ],
];

function lastMessage(text: string): Json {
  return text.startsWith('{') ? JSON.parse(text) : events(text).at(-1);
}

async function auditRows({ runtime }: Embedded): Promise<Json[]> {
  const log = await createAuditLog(runtime.store);
  expect(await verifyAuditTrail(log)).toMatchObject({ intact: true });
  return (await log.read(0, 1000)).map((row) => JSON.parse(row.body));
}

describe.each(eras)('a call, %s', (_era, connect) => {
  it('answers with text and structured content, and leaves one audit row', async () => {
    const embedded = await serveFixture();
    const ask = await connect(embedded.url);
    const { result } = await ask('echo', { text: 'hello' }, { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' });
    expect(result).toMatchObject({ content: [{ type: 'text', text: 'hello' }], structuredContent: { text: 'hello' } });
    expect(result.isError).toBeUndefined();
    const rows = await auditRows(embedded);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      server: 'notes',
      principal: 'local',
      tool: 'echo',
      arguments: { text: '[text, 5 characters]' },
      outcome: 'ok',
      trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
    });
  });

  it('names the wrong argument and what to write instead', async () => {
    const { url } = await serveFixture();
    const ask = await connect(url);
    const { result } = await ask('list_numbers', { cuont: 3, kind: 'padde' });
    expect(result.isError).toBe(true);
    expect(result._meta[ERROR]).toMatchObject({
      kind: 'invalid_input',
      remedy: expect.any(String),
      trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(result.content[0].text).toContain('unknown argument "cuont". Did you mean "count"?');
    expect(result.content[0].text).toContain('Did you mean "padded"?');
  });

  it('accepts arguments that were sent as JSON text', async () => {
    const { url } = await serveFixture();
    const ask = await connect(url);
    expect((await ask('list_numbers', { count: '3' })).result.structuredContent.total).toBe(3);
  });

  it('returns an expected error with its remedy, and an unexpected one without its details', async () => {
    const embedded = await serveFixture();
    const ask = await connect(embedded.url);
    const known = (await ask('fail', { how: 'tool_error' })).result;
    expect(known._meta[ERROR]).toMatchObject({
      kind: 'upstream_unavailable',
      message: 'The upstream is away.',
      remedy: 'Try later.',
      retry_after_s: 7,
    });
    for (const how of ['exception', 'bad_output']) {
      const { result } = await ask('fail', { how });
      expect(result._meta[ERROR].kind).toBe('internal');
      expect(JSON.stringify(result)).not.toMatch(/secret detail|some\/path|never/);
      const logged = embedded.logLines.filter((line) => line.includes(result._meta[ERROR].trace_id)).join('');
      expect(logged).toContain(how === 'exception' ? 'secret detail' : 'does not fit its schema');
    }
    expect((await auditRows(embedded)).map((row) => row.outcome)).toEqual(['upstream_unavailable', 'internal', 'internal']);
  });

  it('pages through a list, returning each item once', async () => {
    const { url } = await serveFixture();
    const ask = await connect(url);
    const seen: number[] = [];
    let cursor: string | undefined;
    do {
      const { structuredContent } = (await ask('list_numbers', { count: 25, limit: 10, ...(cursor && { cursor }) })).result;
      seen.push(...structuredContent.numbers.map(({ value }: { value: number }) => value));
      expect(structuredContent.total).toBe(25);
      cursor = structuredContent.next_cursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(Array.from({ length: 25 }, (_, index) => index));
  });

  it('shortens a page that exceeds the answer limit, and says how to get the rest', async () => {
    const { url } = await serveFixture();
    const ask = await connect(url);
    const response = await ask('list_numbers', { count: 100, kind: 'padded', limit: 100 });
    const { structuredContent, content } = response.result;
    expect(JSON.stringify(response).length).toBeLessThan(41_000);
    expect(structuredContent.numbers.length).toBeGreaterThan(10);
    expect(structuredContent.numbers.length).toBeLessThan(20);
    expect(content[0].text).toMatch(/Showing 1 to \d+ of 100\. For more, repeat the arguments and add this one:\ncursor: .+$/);
    const next = (await ask('list_numbers', { count: 100, kind: 'padded', limit: 100, cursor: structuredContent.next_cursor })).result
      .structuredContent;
    expect(next.numbers[0].value).toBe(structuredContent.numbers.length);
  });

  it.each([
    ['another query', { count: 30, limit: 5 }],
    ['no query at all', { count: 25, limit: 5 }],
  ])('rejects a cursor that belongs to %s', async (which, args) => {
    const { url } = await serveFixture();
    const ask = await connect(url);
    const { next_cursor } = (await ask('list_numbers', { count: 25, limit: 5 })).result.structuredContent;
    const { result } = await ask('list_numbers', { ...args, cursor: which === 'no query at all' ? 'AAAA' : next_cursor });
    expect(result._meta[ERROR]).toMatchObject({ kind: 'invalid_input', message: expect.stringContaining('cursor') });
  });

  it('rejects an answer of which a single item exceeds the limit', async () => {
    const { url } = await serveFixture(['--response-budget-bytes', '2100']);
    const ask = await connect(url);
    expect((await ask('echo', { text: 'x'.repeat(3000) })).result._meta[ERROR].kind).toBe('budget_exceeded');
  });

  it('ends a call that exceeds its deadline, even if the tool ignores its signal', async () => {
    const { url } = await serveFixture(['--deadline-seconds', '0.2']);
    const ask = await connect(url);
    for (const stubborn of [false, true]) {
      const { result } = await ask('wait', { ms: 1500, stubborn });
      expect(result._meta[ERROR]).toMatchObject({ kind: 'timeout', remedy: expect.stringContaining('--deadline-seconds') });
    }
  });

  it('limits the rate of each tool separately, and says when to retry', async () => {
    const { url } = await serveFixture(['--rate-limit', '2']);
    const ask = await connect(url);
    const kinds = [];
    for (let round = 0; round < 3; round += 1) kinds.push((await ask('echo', { text: 'x' })).result._meta?.[ERROR]);
    expect(kinds[1]).toBeUndefined();
    expect(kinds[2]).toMatchObject({ kind: 'rate_limited', retry_after_s: expect.any(Number) });
    expect((await ask('list_numbers')).result.isError).toBeUndefined();
  });

  it('limits how many calls run concurrently', async () => {
    const { url } = await serveFixture(['--max-concurrency', '2']);
    const asks = await Promise.all([connect(url), connect(url), connect(url), connect(url)]);
    const answers = await Promise.all(asks.map((ask) => ask('wait', { ms: 200 })));
    const refused = answers.filter(({ result }) => result.isError);
    expect(refused).toHaveLength(2);
    expect(refused[0].result._meta[ERROR]).toMatchObject({ kind: 'rate_limited', retry_after_s: 1 });
  });

  it('sends progress in order, before the answer', async () => {
    const { url } = await serveFixture();
    const session = await openSession(url);
    const params = { ...call('wait', { ms: 30, steps: 3 }), _meta: { progressToken: 'token-1' } };
    const { text, headers } = _era === 'modern' ? await sendModern(url, 'tools/call', params) : await session.request('tools/call', params);
    expect(headers['content-type']).toBe('text/event-stream');
    const messages = events(text);
    expect(messages.slice(0, -1).map(({ params }) => [params.progressToken, params.progress, params.total, params.message])).toEqual([
      ['token-1', 1, 3, 'step 1'],
      ['token-1', 2, 3, 'step 2'],
      ['token-1', 3, 3, 'step 3'],
    ]);
    expect(messages.at(-1).result.structuredContent).toEqual({ waited_ms: 30 });
  });

  it("aborts the tool's signal when the client disconnects, and records the cancellation", async () => {
    const embedded = await serveFixture();
    const { url } = embedded;
    const controller = new AbortController();
    const client = new Client(
      { name: 't', version: '1' },
      _era === 'modern' ? { versionNegotiation: { mode: { pin: '2026-07-28' } } } : {},
    );
    await client.connect(new StreamableHTTPClientTransport(new URL(url)));
    onTestFinished(() => client.close());
    const { promise: begun, resolve } = Promise.withResolvers<void>();
    const working = client.callTool(call('wait', { ms: 60_000, steps: 100 }), { signal: controller.signal, onprogress: () => resolve() });
    await begun;
    controller.abort();
    await expect(working).rejects.toThrow();
    await expect.poll(async () => (await auditRows(embedded)).map((row) => row.outcome)).toEqual(['cancelled']);
    expect(embedded.runtime.pipeline.runningCalls()).toBe(0);
  });

  it('withholds the answer when its audit row cannot be stored', async () => {
    const embedded = await serveFixture();
    const ask = await connect(embedded.url);
    await embedded.runtime.store.run('ALTER TABLE audit_rows RENAME TO gone');
    const { result } = await ask('echo', { text: 'hello' });
    expect(result._meta[ERROR]).toMatchObject({ kind: 'internal', message: expect.stringContaining('audit record could not be stored') });
    expect(JSON.stringify(result)).not.toContain('hello');
    await embedded.runtime.store.run('ALTER TABLE gone RENAME TO audit_rows');
    expect((await ask('echo', { text: 'hello' })).result.structuredContent).toEqual({ text: 'hello' });
  });
});

describe('resources, prompts and completions', () => {
  it('are listed, read, rendered and suggested, each with an audit row', async () => {
    const embedded = await serveFixture();
    const { url } = embedded;
    const client = new Client(
      { name: 't', version: '1' },
      { capabilities: { elicitation: { form: {} } }, versionNegotiation: { mode: { pin: '2026-07-28' } } },
    );
    client.setRequestHandler('elicitation/create', async () => ({ action: 'accept', content: { confirm: true } }));
    await client.connect(new StreamableHTTPClientTransport(new URL(url)));
    onTestFinished(() => client.close());
    for (const note of ['milk', 'bread']) await client.callTool(call('add_note', { note }));
    expect((await client.listResources()).resources.map(({ uri }) => uri)).toEqual(['notes://all']);
    expect((await client.listResourceTemplates()).resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
      'notes://note/{number}',
    ]);
    expect((await client.readResource({ uri: 'notes://note/2' })).contents).toEqual([
      { uri: 'notes://note/2', mimeType: 'text/plain', text: 'bread' },
    ]);
    await expect(client.readResource({ uri: 'notes://note/3' })).rejects.toMatchObject({ code: -32602 });
    const ref = { type: 'ref/resource' as const, uri: 'notes://note/{number}' };
    expect((await client.complete({ ref, argument: { name: 'number', value: '' } })).completion.values).toEqual(['1', '2']);
    const prompt = await client.getPrompt({ name: 'summarize_notes', arguments: { style: 'short' } });
    expect(prompt.messages).toEqual([{ role: 'user', content: { type: 'text', text: 'Summarize my notes, short.' } }]);
    await expect(client.getPrompt({ name: 'summarize_notes', arguments: {} })).rejects.toThrow(/style is missing/);
    const rows = await auditRows(embedded);
    expect(rows.map((row) => row.tool).filter((name) => name.includes(':'))).toEqual([
      'resource:one-note',
      'resource:one-note',
      'prompt:summarize_notes',
      'prompt:summarize_notes',
    ]);
  });
});

describe('batches of the 2025 protocol', () => {
  it('return one answer per request, under its id', async () => {
    const { url } = await serveFixture();
    const { headers } = await openSession(url);
    const body = JSON.stringify([
      { jsonrpc: '2.0', id: 'a', method: 'tools/call', params: call('echo', { text: 'one' }) },
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      { jsonrpc: '2.0', id: 2, method: 'ping' },
      { jsonrpc: '2.0', id: 3, method: 'tools/call', params: call('nothing') },
    ]);
    const { json } = await send(url, { headers, body });
    expect(json.map(({ id }: { id: unknown }) => id)).toEqual(['a', 2, 3]);
    expect(json[0].result.structuredContent).toEqual({ text: 'one' });
    expect(json[2].error.code).toBe(-32602);
  });

  it.each([
    ['no messages', []],
    ['an invalid message', [{ jsonrpc: '2.0', id: 1, method: 'ping' }, 5]],
    ['too many messages', Array.from({ length: 101 }, (_, id) => ({ jsonrpc: '2.0', id, method: 'ping' }))],
    [
      'a modern request',
      [{ jsonrpc: '2.0', id: 1, method: 'ping', params: { _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' } } }],
    ],
  ])('are rejected with %s', async (_what, messages) => {
    const { url } = await serveFixture();
    const { headers } = await openSession(url);
    const response = await send(url, { headers, body: JSON.stringify(messages) });
    expect([response.status, response.json.error.code]).toEqual([400, -32600]);
  });
});

describe('shutdown', () => {
  it('answers the call in flight, refuses new ones, then closes', async () => {
    const embedded = await serveFixture();
    const { url } = embedded;
    const inFlight = sendModern(url, 'tools/call', { ...call('wait', { ms: 300, steps: 3 }), _meta: { progressToken: 1 } });
    await expect.poll(() => embedded.runtime.pipeline.runningCalls()).toBe(1);
    const closing = embedded.close();
    const { text } = await inFlight;
    expect(lastMessage(text).result.structuredContent).toEqual({ waited_ms: 300 });
    await closing;
    await expect(sendModern(url, 'tools/list')).rejects.toThrow(/ECONNREFUSED/);
  });
});
