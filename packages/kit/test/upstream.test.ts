import { startOtlpReceiver } from '@fairway-mcp/testing';
import { type HostileServer, raw, startHostileServer } from '@fairway-mcp/upstream/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { helpPage } from '../src/cli/help.ts';
import { settingsOf } from '../src/config/settings.ts';
import { resolveHosts } from '../src/define/hosts.ts';
import { describeServer } from '../src/describe.ts';
import { type Context, defineServer, defineTool, type WriteContext } from '../src/index.ts';
import { type Json, sendModern } from './support/http.ts';
import { serveFixture } from './support/serve.ts';

const ERROR = 'io.github.fairway-mcp/error';

interface Shelf {
  call(method: 'GET' | 'POST', path: string, context: Pick<Context<Shelf>, 'signal' | 'trace'>): Promise<{ ok: boolean }>;
  callUndeclared(): Promise<{ ok: boolean }>;
}

const path = z.object({ path: z.string().default('/ok').describe('Where to') });
const output = z.object({ ok: z.boolean() });
const shown = { title: 'Call', description: 'Calls the upstream.', output, text: () => 'Done.' };

const config = z.object({ shelfUrl: z.url().optional().meta({ description: 'Where the shelf is.', placeholder: 'URL' }) });

/** A server with one fixed host, and one that the operator sets. */
const caller = defineServer({
  name: 'caller',
  title: 'Caller',
  description: 'Calls an upstream.',
  version: '1.0.0',
  config,
  hosts: [
    { host: 'fixed.example', why: 'prices' },
    { setting: 'shelfUrl', why: 'the shelf', private: true },
  ],
  services: ({ shelfUrl = '' }, { upstream }): Shelf => ({
    call: async (method, where, { signal, trace }) =>
      (await upstream.json(output, { method, url: new URL(where, shelfUrl), route: '/shelf', signal, trace })).data,
    callUndeclared: async () => (await upstream.json(output, { url: 'https://undeclared.example/' })).data,
  }),
  tools: [
    defineTool({
      ...shown,
      name: 'read_shelf',
      access: 'read',
      input: path,
      run: (input, context: Context<Shelf>) => context.services.call('GET', input.path, context),
    }),
    defineTool({
      ...shown,
      name: 'read_elsewhere',
      access: 'read',
      input: z.object({}),
      run: (_, { services }: Context<Shelf>) => services.callUndeclared(),
    }),
    defineTool({
      ...shown,
      name: 'fill_shelf',
      access: 'write',
      input: path,
      async run(input, context: WriteContext<Shelf>) {
        await context.confirm('Fill it?');
        return context.services.call('POST', input.path, context);
      },
    }),
  ],
});

let server: HostileServer;
beforeAll(async () => {
  server = await startHostileServer();
});
afterAll(() => server.close());

const serve = () => serveFixture(['--shelf-url', server.origin, '--allow-unconfirmed', 'fill_shelf'], caller);

async function call(url: string, name: string, where?: string): Promise<Json> {
  const { json } = await sendModern(url, 'tools/call', { name, arguments: where === undefined ? {} : { path: where } });
  return json.result;
}

describe('a server that declares hosts', () => {
  it('calls them', async () => {
    const { url } = await serve();
    expect((await call(url, 'read_shelf')).structuredContent).toEqual({ ok: true });
    expect(server.requests.at(-1)?.headers['user-agent']).toMatch(/^fairway-caller\/1\.0\.0 \(\+https:/);
  });

  it('calls no other host', async () => {
    const { url } = await serve();
    const { [ERROR]: error } = (await call(url, 'read_elsewhere'))._meta;
    expect(error).toMatchObject({ kind: 'forbidden', message: 'undeclared.example is not among the hosts that this server may reach.' });
  });

  it.each([
    ['/status-404', 'not_found'],
    ['/status-429-in-an-hour', 'rate_limited'],
    ['/status-503-in-an-hour', 'upstream_unavailable'],
    ['/json-garbage', 'upstream_rejected'],
    ['/redirect-to-metadata', 'upstream_rejected'],
  ])('gives its caller the error of %s', async (where, kind) => {
    const { url, logLines } = await serve();
    const { isError, content, _meta } = await call(url, 'read_shelf', where);
    expect(isError).toBe(true);
    expect(_meta[ERROR]).toMatchObject({
      kind,
      message: expect.stringContaining(server.host),
      remedy: expect.any(String),
      ...(where.endsWith('hour') && { retry_after_s: 3600 }),
    });
    expect(JSON.stringify([content, logLines])).not.toContain('secret');
  });

  it.each([
    ['/status-404', 'not_found'],
    ['/truncated', 'unknown_outcome'],
    ['/garbage-status-line', 'unknown_outcome'],
    ['/json-wrong-shape', 'unknown_outcome'],
    ['/status-500', 'unknown_outcome'],
  ])('does not say that a write to %s failed, unless it knows', async (where, kind) => {
    const { url } = await serve();
    expect((await call(url, 'fill_shelf', where))._meta[ERROR]).toMatchObject({ kind });
    expect(server.requests.filter((request) => request.path === where && request.method === 'POST')).toHaveLength(1);
  });

  it('shows in its health what became of the calls, and not where the operator has put the host', async () => {
    const { url, runtime } = await serve();
    const shelf = async () => (await runtime.health()).dependencies['the host of the setting shelfUrl'];
    expect(await shelf()).toEqual({ status: 'ok', kind: 'upstream', detail: 'Not called yet.' });
    await call(url, 'read_shelf');
    expect(await shelf()).toMatchObject({ status: 'ok', detail: 'Answers.' });
    server.on('/down', (socket) => void socket.write(raw('', { status: 500 })));
    for (let count = 0; count < 5; count += 1) await call(url, 'read_shelf', '/down');
    expect(await shelf()).toMatchObject({ status: 'failed', detail: 'Has failed repeatedly, and is not called for now.' });
    const report = await runtime.health();
    expect(report.status).toBe('degraded');
    expect(report.dependencies['fixed.example']).toMatchObject({ status: 'ok', detail: 'Not called yet.' });
    expect(JSON.stringify(report)).not.toContain(server.host);
  });

  it('sends a client span for each attempt, below the span of the call, without the address', async () => {
    const receiver = await startOtlpReceiver();
    const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url };
    const embedded = await serveFixture(['--shelf-url', server.origin], caller, environment);
    await call(embedded.url, 'read_shelf');
    await call(embedded.url, 'read_shelf', '/status-404');
    await embedded.close();
    const calls = receiver.spans().filter(({ kind }) => kind === 2);
    const attempts = receiver.spans().filter(({ kind }) => kind === 3);
    expect(attempts.map(({ name, parentSpanId }) => [name, parentSpanId])).toEqual(calls.map(({ spanId }) => ['GET /shelf', spanId]));
    expect(attempts[0]?.attributes).toMatchObject({ 'http.request.method': 'GET', 'http.response.status_code': 200 });
    expect(attempts[1]).toMatchObject({ status: { code: 2 }, attributes: { 'error.type': 'not_found', 'http.response.status_code': 404 } });
    expect(JSON.stringify(attempts)).not.toContain(server.host.split(':')[0]);
  });

  it('shows them in its help and in what is generated', () => {
    const page = helpPage(caller, settingsOf(config), []);
    expect(page).toContain('Network access:\n  fixed.example\n      prices\n  the host of the setting shelfUrl\n      the shelf\n');
    expect(describeServer(caller).hosts).toEqual([
      { host: 'fixed.example', why: 'prices' },
      { host: 'the host of the setting shelfUrl', why: 'the shelf' },
    ]);
  });
});

describe('the hosts of a setting', () => {
  const declared = [{ setting: 'urls', why: 'tests', private: true }] as const;
  const hosts = (urls: unknown) => resolveHosts(declared, { urls }).flatMap(({ rules }) => rules.map(({ host }) => host));

  it('are those of its URL or URLs, with scheme and port', () => {
    expect(hosts('https://a.example/path?query')).toEqual(['a.example']);
    expect(hosts(['http://b.example:81', 'https://[2001:db8::1]:8443/'])).toEqual(['http://b.example:81', '[2001:db8::1]:8443']);
  });

  it.each([undefined, '', []])('are none when it is not set: %j', (urls) => {
    expect(hosts(urls)).toEqual([]);
  });

  it('must be URLs', () => {
    expect(() => hosts('a.example')).toThrow(TypeError);
  });
});
