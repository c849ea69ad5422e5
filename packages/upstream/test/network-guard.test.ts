import dns from 'node:dns/promises';
import { once } from 'node:events';
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createHostGuard,
  createUpstream,
  type ResolvedAddress,
  type Upstream,
  UpstreamError,
  type UpstreamOptions,
  upstreamUrl,
} from '../src/index.ts';
import { createSecretNames } from '../src/redact.ts';
import { followRedirect } from '../src/redirects.ts';
import { type HostileServer, raw, startHostileServer } from '../src/testing/index.ts';
import { clientFor, failureOf } from './support/client.ts';

let server: HostileServer;
let other: HostileServer;
beforeAll(async () => {
  server = await startHostileServer();
  other = await startHostileServer();
});
afterAll(() => Promise.all([server.close(), other.close()]));

const port = () => Number(server.host.split(':')[1]);
const addresses = (...list: string[]): ResolvedAddress[] => list.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

/** A client of a named host on the hostile server's port, whose name resolves as the test wants. */
function named(resolve: UpstreamOptions['resolve'], options: Partial<UpstreamOptions> = {}): { upstream: Upstream; url: string } {
  const upstream = createUpstream({
    hosts: [{ host: `http://api.example:${port()}`, why: 'tests' }],
    userAgent: 'fairway-test/1.0',
    store: false,
    retry: { maxAttempts: 1 },
    ...(resolve && { resolve }),
    ...options,
  });
  return { upstream, url: `http://api.example:${port()}/ok` };
}

describe('a name', () => {
  it.each([
    ['loopback', ['127.0.0.1']],
    ['the metadata service', ['169.254.169.254']],
    ['loopback written as IPv6', ['::ffff:127.0.0.1']],
    ['a public and a private address', ['93.184.216.34', '10.0.0.1']],
    ['a private and a public address', ['10.0.0.1', '93.184.216.34']],
  ])('that resolves to %s is not connected to', async (_, list) => {
    const before = server.connections;
    const { upstream, url } = named(async () => addresses(...list));
    expect(await failureOf(upstream.request({ url }))).toMatchObject({ kind: 'forbidden', effect: 'not_sent' });
    expect(server.connections).toBe(before);
    await upstream.close();
  });

  it('is looked up once a connection, so that a second answer cannot be another', async () => {
    let lookups = 0;
    const { upstream, url } = named(
      async () => {
        lookups += 1;
        return lookups === 1 ? addresses('127.0.0.1') : addresses('169.254.169.254');
      },
      { allowPrivateAddresses: true },
    );
    expect((await upstream.request({ url })).status).toBe(200);
    expect(lookups).toBe(1);
    await upstream.close();
  });

  it('is checked again for each new connection', async () => {
    const answers = [addresses('127.0.0.1'), addresses('169.254.169.254')];
    const { upstream, url } = named(async () => answers.shift() ?? [], { allowPrivateAddresses: true });
    await upstream.request({ url: url.replace('/ok', '/ok-and-close') });
    expect(await failureOf(upstream.request({ url }))).toMatchObject({ kind: 'forbidden' });
    await upstream.close();
  });

  it('without an address is an unavailable upstream', async () => {
    const { upstream, url } = named(async () => []);
    expect(await failureOf(upstream.request({ url }))).toMatchObject({ kind: 'upstream_unavailable' });
    await upstream.close();
  });

  it('that the system resolves to loopback is not connected to either', async () => {
    const [local] = await dns.lookup('localhost', { all: true });
    expect(local).toBeDefined();
    const upstream = createUpstream({
      hosts: [{ host: `http://localhost:${port()}`, why: 'tests' }],
      userAgent: 'fairway-test/1.0',
      retry: { maxAttempts: 1 },
    });
    expect(await failureOf(upstream.request({ url: `http://localhost:${port()}/ok` }))).toMatchObject({ kind: 'forbidden' });
    await upstream.close();
  });

  it('of a host that the operator declares as private may resolve to a private address', async () => {
    const { upstream, url } = named(async () => addresses('127.0.0.1'), {
      hosts: [{ host: `http://api.example:${port()}`, why: 'tests', private: true }],
    });
    expect((await upstream.request({ url })).status).toBe(200);
    await upstream.close();
  });
});

describe('a redirect to another declared host', () => {
  it('loses credentials and keeps the rest', async () => {
    server.on('/leave', (socket) => void socket.write(raw('', { status: 302, headers: { location: other.url('ok') } })));
    const upstream = clientFor(server, {
      hosts: [server, other].map(({ origin }) => ({ host: origin, why: 'tests' })),
      secretNames: ['x-tenant'],
    });
    const credentials = { authorization: 'Bearer s3cret', cookie: 'a=s3cret', 'x-api-key': 's3cret', 'X-Tenant': 's3cret' };
    await upstream.request({ url: server.url('/leave'), headers: { ...credentials, 'accept-language': 'de' } });
    const [arrived] = other.requests.slice(-1);
    expect(arrived?.headers).toMatchObject({ 'accept-language': 'de', 'user-agent': 'fairway-test/1.0', host: other.host });
    expect(JSON.stringify(arrived)).not.toContain('s3cret');
    await upstream.close();
  });

  it('keeps credentials when the origin is the same', async () => {
    const upstream = clientFor(server);
    await upstream.request({ url: server.url('redirect-to-ok'), headers: { authorization: 'Bearer s3cret' } });
    expect(server.requests.at(-1)).toMatchObject({ path: '/ok', headers: { authorization: 'Bearer s3cret' } });
    await upstream.close();
  });

  it('whose name resolves to a private address is not followed', async () => {
    server.on('/trap', (socket) => void socket.write(raw('', { status: 302, headers: { location: `http://trap.example:${port()}/ok` } })));
    const upstream = createUpstream({
      hosts: [
        { host: server.origin, why: 'tests', private: true },
        { host: `http://trap.example:${port()}`, why: 'tests' },
      ],
      userAgent: 'fairway-test/1.0',
      resolve: async () => addresses('127.0.0.1'),
    });
    expect(await failureOf(upstream.request({ url: server.url('/trap') }))).toMatchObject({ kind: 'forbidden' });
    await upstream.close();
  });
});

describe('logs, spans, errors and health', () => {
  it('contain no credential, no body and no secret of a URL', async () => {
    const lines: unknown[] = [];
    const write = (message: string, fields?: unknown) => void lines.push([message, fields]);
    const upstream = clientFor(server, {
      secretNames: ['station'],
      log: { debug: write, warn: write },
      telemetry: {
        startAttempt: (start) => {
          lines.push(start);
          return { end: (end) => void lines.push(end) };
        },
      },
    });
    server.on('/echo-fault', (socket, request) => void socket.write(raw(`you sent ${request.path}`, { status: 400 })));
    const errors = await Promise.all(
      (['/echo-fault', 'json-garbage', 'garbage-status-line', 'truncated', 'redirect-to-another-host', 'ok'] as const).map(async (path) =>
        upstream
          .json((await import('zod')).object({}), {
            url: server.url(path),
            query: { appid: 's3cret', station: 's3cret', access_token: 's3cret', lat: 1 },
            headers: { authorization: 'Bearer s3cret' },
          })
          .catch((error: Error) => ({ text: String(error), ...error, cause: String(error.cause), stack: error.stack })),
      ),
    );
    const written = JSON.stringify([lines, errors.slice(0, -1), upstream.health()]);
    expect(written).not.toContain('s3cret');
    expect(written).not.toContain('you sent');
    expect(written).toContain('lat=1');
    await upstream.close();
  });

  it('do not contain the path, where the path is the secret', async () => {
    const lines: unknown[] = [];
    const write = (message: string, fields?: unknown) => void lines.push([message, fields]);
    const upstream = clientFor(server, {
      hosts: [{ host: server.origin, why: 'tests', secretPath: true }],
      log: { debug: write, warn: write },
    });
    await failureOf(upstream.request({ url: server.url('/webhooks/1/s3cret') }));
    expect(lines.length).toBeGreaterThan(0);
    expect(JSON.stringify(lines)).not.toContain('s3cret');
    await upstream.close();
  });

  it('have a span for each attempt', async () => {
    const spans: unknown[] = [];
    const upstream = clientFor(server, {
      retry: { maxAttempts: 2, baseMs: 1 },
      telemetry: { startAttempt: (start) => ({ end: (end) => void spans.push({ ...start, ...end }) }) },
    });
    server.on(
      '/flaky',
      (socket) => void socket.write(raw('', { status: 503 })),
      (socket) => void socket.write(raw('four')),
    );
    await upstream.request({ url: server.url('/flaky'), route: '/flaky' });
    expect(spans).toMatchObject([
      { method: 'GET', host: '127.0.0.1', port: port(), attempt: 1, route: '/flaky', status: 503, error: 'upstream_unavailable' },
      { attempt: 2, status: 200, error: undefined, wireBytes: 4 },
    ]);
    await upstream.close();
  });
});

describe('a redirect from https to http', () => {
  it('is refused, even to a declared host', () => {
    const hosts = createHostGuard(['https://api.example', 'http://api.example'].map((host) => ({ host, why: 'tests' })));
    const outgoing = { method: 'GET', url: new URL('https://api.example/'), headers: {}, body: undefined };
    const answer = { status: 301, headers: { location: 'http://api.example/' } };
    expect(() => followRedirect(outgoing, answer, { visited: new Set(), max: 3 }, hosts, createSecretNames())).toThrow(
      'a redirect from https to http',
    );
  });
});

describe('an upstream that does not speak TLS', () => {
  it('is unavailable under https', async () => {
    const plain = net.createServer((socket) => socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(0, '127.0.0.1');
    await once(plain, 'listening');
    const { port: plainPort } = plain.address() as net.AddressInfo;
    const client = clientFor({ origin: `https://127.0.0.1:${plainPort}` });
    expect(await failureOf(client.request({ url: `https://127.0.0.1:${plainPort}/` }))).toMatchObject({
      kind: 'upstream_unavailable',
      effect: 'not_sent',
    });
    await client.close();
    plain.close();
  });
});

describe('upstreamUrl', () => {
  it('encodes what is filled in, so that it stays where it is put', () => {
    const id = 'a/b?c#d é';
    expect(upstreamUrl`https://api.example/items/${id}/parts/${7}`.href).toBe('https://api.example/items/a%2Fb%3Fc%23d%20%C3%A9/parts/7');
  });

  it.each(['%2e%2e', '.%2E', '...', '../..'])('keeps "%s" inside of its segment', (id) => {
    expect(upstreamUrl`https://api.example/items/${id}/secret`.pathname).toMatch(/^\/items\/[^/]+\/secret$/);
  });

  it.each(['', '.', '..'])('rejects the segment "%s", which would lead elsewhere', (id) => {
    expect(() => upstreamUrl`https://api.example/items/${id}/secret`).toThrow(UpstreamError);
  });
});

describe('an invalid request', () => {
  it.each([
    { headers: { host: 'evil.example' } },
    { headers: { 'Content-Length': '0' } },
    { headers: { 'transfer-encoding': 'chunked' } },
    { headers: { accept: 'a\r\nx-injected: 1' } },
    { headers: { 'bad name': 'x' } },
    { body: 'x' },
    { method: 'POST' as const, body: 'x', json: 1 },
  ])('is a mistake of the calling code: %j', async (request) => {
    const upstream = clientFor(server);
    expect(await failureOf(upstream.request({ url: server.url('ok'), ...request }))).toBeInstanceOf(TypeError);
    await upstream.close();
  });

  it('cannot be smuggled into the path', async () => {
    const upstream = clientFor(server);
    await upstream.request({ url: `${server.origin}/ok`, query: { q: 'x HTTP/1.1\r\nx-injected: 1\r\n\r\n&a=b#c' } });
    const request = server.requests.at(-1);
    expect(request?.path).toBe('/ok?q=x%20HTTP%2F1.1%0D%0Ax-injected%3A%201%0D%0A%0D%0A%26a%3Db%23c');
    expect(request?.headers).not.toHaveProperty('x-injected');
    await upstream.close();
  });
});
