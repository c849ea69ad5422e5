import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUpstream, type UpstreamOptions } from '../src/index.ts';
import { chunk, type HostileServer, raw, startHostileServer } from '../src/testing/index.ts';
import { clientFor, createFakeClock, failureOf } from './support/client.ts';

let server: HostileServer;
beforeAll(async () => {
  server = await startHostileServer();
});
afterAll(() => server.close());

let paths = 0;
/** A path that answers with the given answers, one after the other. */
function answering(...answers: Parameters<HostileServer['on']>[1][]): `/${string}` {
  paths += 1;
  const path = `/answers-${paths}` as const;
  server.on(path, ...answers);
  return path;
}
const requestsTo = (path: string) => server.requests.filter((request) => request.path === path).length;
const status = (code: number, headers?: Record<string, string>) => (socket: { write(data: Uint8Array): unknown }) =>
  void socket.write(raw('', { status: code, ...(headers && { headers }) }));
const fine = status(200);

function retrying(options: Partial<UpstreamOptions> = {}) {
  const clock = createFakeClock();
  const upstream = clientFor(server, { clock, random: () => 0.5, ...options, retry: { maxAttempts: 3, baseMs: 100, ...options.retry } });
  return { clock, upstream };
}

describe('a failed request', () => {
  it.each([500, 502, 503, 504, 408, 429])('is sent again after a %i, when it has no effect', async (code) => {
    const { upstream, clock } = retrying();
    const path = answering(status(code), fine);
    expect((await upstream.request({ url: server.url(path) })).status).toBe(200);
    expect(requestsTo(path)).toBe(2);
    expect(clock.sleeps).toEqual([50]);
  });

  it.each([400, 401, 403, 404, 409, 410, 422, 501])('is not sent again after a %i', async (code) => {
    const { upstream } = retrying();
    const path = answering(status(code), fine);
    await failureOf(upstream.request({ url: server.url(path) }));
    expect(requestsTo(path)).toBe(1);
  });

  it.each(['reset', 'truncated', 'truncated-gzip', 'close-before-headers'] as const)(
    'is sent again when the answer was %s',
    async (behaviour) => {
      const { BEHAVIOURS } = await import('../src/testing/index.ts');
      const { upstream } = retrying();
      const path = answering(BEHAVIOURS[behaviour], fine);
      expect((await upstream.request({ url: server.url(path) })).status).toBe(200);
    },
  );

  it.each(['POST', 'PUT', 'DELETE', 'PATCH'] as const)('is sent once when it is a %s, which may have had its effect', async (method) => {
    const { BEHAVIOURS } = await import('../src/testing/index.ts');
    const { upstream } = retrying();
    const path = answering(BEHAVIOURS.truncated, fine);
    expect(await failureOf(upstream.request({ method, url: server.url(path), body: 'x' }))).toMatchObject({ effect: 'unknown' });
    expect(requestsTo(path)).toBe(1);
  });

  it('is sent again when it is a POST of which the caller says that it may be', async () => {
    const { upstream } = retrying();
    const path = answering(status(503), fine);
    await upstream.request({ method: 'POST', url: server.url(path), json: { a: 1 }, idempotent: true });
    expect(server.requests.filter((request) => request.path === path).map(({ body }) => body)).toEqual(['{"a":1}', '{"a":1}']);
  });

  it('says that nothing was sent when no connection could be made', async () => {
    const closed = await startHostileServer();
    await closed.close();
    const upstream = clientFor(closed);
    expect(await failureOf(upstream.request({ method: 'POST', url: closed.url('/'), body: 'x' }))).toMatchObject({
      kind: 'upstream_unavailable',
      effect: 'not_sent',
    });
  });

  it('waits longer each time, with jitter, up to a limit', async () => {
    const { upstream, clock } = retrying({ retry: { maxAttempts: 6, baseMs: 100, maxMs: 500 }, limits: { timeoutMs: 60_000 } });
    await failureOf(upstream.request({ url: server.url(answering(status(500))) }));
    expect(clock.sleeps).toEqual([50, 100, 200, 250, 250]);
  });
});

describe('Retry-After', () => {
  it('is waited for, with jitter on top', async () => {
    const { upstream, clock } = retrying();
    await upstream.request({ url: server.url(answering(status(429, { 'retry-after': '2' }), fine)) });
    expect(clock.sleeps).toEqual([2050]);
  });

  it('may be an HTTP date', async () => {
    const { upstream, clock } = retrying();
    const date = new Date(clock.wall() + 3000).toUTCString();
    await upstream.request({ url: server.url(answering(status(503, { 'retry-after': date }), fine)) });
    expect(clock.sleeps).toEqual([3050]);
  });

  it('that is longer than the limit fails at once, and says when to come back', async () => {
    const { upstream, clock } = retrying();
    const path = answering(status(429, { 'retry-after': '3600' }), fine);
    expect(await failureOf(upstream.request({ url: server.url(path) }))).toMatchObject({
      kind: 'rate_limited',
      retryAfterS: 3600,
      status: 429,
    });
    expect(clock.sleeps).toEqual([]);
  });

  it('that is longer than the deadline fails at once', async () => {
    const { upstream } = retrying();
    const path = answering(status(429, { 'retry-after': '5' }), fine);
    expect(await failureOf(upstream.request({ url: server.url(path), timeoutMs: 4000 }))).toMatchObject({
      kind: 'rate_limited',
      retryAfterS: 5,
    });
    expect(requestsTo(path)).toBe(1);
  });

  it('holds back other requests to the same origin too', async () => {
    const { upstream } = retrying({ retry: { maxAttempts: 1 } });
    await failureOf(upstream.request({ url: server.url(answering(status(429, { 'retry-after': '8' }))) }));
    const other = answering(fine);
    expect(await failureOf(upstream.request({ url: server.url(other), timeoutMs: 5000 }))).toMatchObject({
      kind: 'rate_limited',
      retryAfterS: 8,
    });
    expect(requestsTo(other)).toBe(0);
  });

  it('may come from the body, by way of translate', async () => {
    const { UpstreamError } = await import('../src/index.ts');
    const { upstream, clock } = retrying();
    await upstream.request({
      url: server.url(answering(status(429), fine)),
      translate: ({ status }) => new UpstreamError({ kind: 'rate_limited', message: 'Slow.', remedy: 'Wait.', retryAfterS: 4, status }),
    });
    expect(clock.sleeps).toEqual([4050]);
  });
});

describe('the retry budget', () => {
  it('keeps retries a share of the requests when everything fails', async () => {
    const { upstream } = retrying({ retry: { budgetReserve: 3, budgetShare: 0.1 }, breaker: { minFailures: 1e9 } });
    const path = answering(status(500));
    for (let count = 0; count < 50; count += 1) await failureOf(upstream.request({ url: server.url(path) }));
    expect(requestsTo(path)).toBeGreaterThan(50);
    expect(requestsTo(path)).toBeLessThanOrEqual(50 + 3 + 5);
  });
});

describe('a connection that was kept open', () => {
  it('that the upstream has closed meanwhile does not fail a safe request', async () => {
    const { upstream } = retrying({ limits: { concurrency: 1 } });
    const path = answering((socket) => {
      socket.write(raw('one'), () => socket.destroy());
    }, fine);
    expect((await upstream.request({ url: server.url(path) })).text()).toBe('one');
    expect((await upstream.request({ url: server.url(path) })).status).toBe(200);
  });

  it('that breaks during a POST does not lead to a second one', async () => {
    const { upstream } = retrying({ limits: { concurrency: 1 } });
    await upstream.request({ url: server.url(answering(fine)) });
    const path = answering((socket) => void socket.destroy(), fine);
    expect(await failureOf(upstream.request({ method: 'POST', url: server.url(path), body: 'x' }))).toMatchObject({ effect: 'unknown' });
    expect(requestsTo(path)).toBe(1);
  });

  it('is used again', async () => {
    const before = server.connections;
    const { upstream } = retrying({ limits: { concurrency: 1 } });
    for (let count = 0; count < 5; count += 1) await upstream.request({ url: server.url('ok') });
    expect(server.connections - before).toBe(1);
  });
});

describe('the deadline', () => {
  it('covers all attempts and the waits between them', async () => {
    const { upstream } = retrying({ retry: { baseMs: 4000 } });
    const path = answering(status(500));
    expect(await failureOf(upstream.request({ url: server.url(path), timeoutMs: 3000 }))).toMatchObject({ kind: 'upstream_unavailable' });
    expect(requestsTo(path)).toBe(2);
  });

  it('ends a lookup that never answers', async () => {
    const upstream = createUpstream({
      hosts: [{ host: 'slow.example', why: 'tests' }],
      userAgent: 'fairway-test/1.0',
      resolve: () => new Promise(() => {}),
      limits: { timeoutMs: 50 },
    });
    expect(await failureOf(upstream.request({ url: 'https://slow.example/' }))).toMatchObject({ kind: 'timeout', effect: 'not_sent' });
    await upstream.close();
  });

  it('of a connection ends a handshake that never comes', async () => {
    const upstream = createUpstream({
      hosts: [{ host: `https://${server.host}`, why: 'tests' }],
      userAgent: 'fairway-test/1.0',
      allowPrivateAddresses: true,
      limits: { connectTimeoutMs: 50 },
      retry: { maxAttempts: 1 },
    });
    expect(await failureOf(upstream.request({ url: `https://${server.host}/` }))).toMatchObject({ kind: 'timeout', effect: 'not_sent' });
    await upstream.close();
  });

  it.each(['before', 'during'])("is the caller's too: a signal aborted %s the request cancels it", async (when) => {
    const { upstream } = retrying();
    const controller = new AbortController();
    if (when === 'before') controller.abort();
    const failure = failureOf(upstream.request({ url: server.url('hang-before-headers'), signal: controller.signal }));
    setTimeout(() => controller.abort(), 20);
    expect(await failure).toMatchObject({ name: 'UpstreamError', kind: 'cancelled', effect: when === 'before' ? 'not_sent' : 'unknown' });
    expect(upstream.health()[0]?.origins[0]).toMatchObject({ inFlight: 0, queued: 0, breaker: 'closed' });
  });
});

describe('the limit of requests to one origin', () => {
  it('holds the others in a queue, and rejects what does not fit into it', async () => {
    const { upstream } = retrying({ limits: { concurrency: 2, maxQueued: 3 } });
    const open: (() => void)[] = [];
    const path = answering((socket) => void open.push(() => void socket.write(raw('done'))));
    const results = Array.from({ length: 6 }, () => upstream.request({ url: server.url(path) }).then((answer) => answer.text()));
    expect(await failureOf(results[5] ?? Promise.resolve())).toMatchObject({ kind: 'rate_limited', effect: 'not_sent' });
    await expect.poll(() => open.length).toBe(2);
    expect(upstream.health()[0]?.origins[0]).toMatchObject({ inFlight: 2, queued: 3 });
    for (let answered = 0; answered < 5; answered += 1) {
      await expect.poll(() => open.length).toBeGreaterThan(0);
      open.shift()?.();
    }
    expect(await Promise.all(results.slice(0, 5))).toEqual(Array(5).fill('done'));
  });

  it('lets a cancelled request leave the queue', async () => {
    const { upstream } = retrying({ limits: { concurrency: 1, maxQueued: 1 } });
    const blocking = upstream.request({ url: server.url('hang-before-headers') }).catch(() => {});
    const controller = new AbortController();
    const waiting = failureOf(upstream.request({ url: server.url('ok'), signal: controller.signal }));
    controller.abort();
    expect(await waiting).toMatchObject({ kind: 'cancelled', effect: 'not_sent' });
    expect(upstream.health()[0]?.origins[0]).toMatchObject({ queued: 0 });
    await upstream.close();
    await blocking;
  });

  it('keeps requests below a rate', async () => {
    const { upstream, clock } = retrying({ limits: { requestsPerSecond: 2 } });
    for (let count = 0; count < 6; count += 1) await upstream.request({ url: server.url('ok') });
    expect(clock.sleeps).toEqual([500, 500, 500, 500]);
  });

  it('rejects what the rate would not let through within the deadline', async () => {
    const { upstream } = retrying({ limits: { requestsPerSecond: 0.1 } });
    await upstream.request({ url: server.url('ok') });
    expect(await failureOf(upstream.request({ url: server.url('ok'), timeoutMs: 5000 }))).toMatchObject({
      kind: 'rate_limited',
      retryAfterS: 10,
    });
  });
});

describe('the circuit breaker', () => {
  const breaking = () =>
    retrying({ retry: { maxAttempts: 1 }, breaker: { minFailures: 3, failureShare: 0.5, window: 10, openMs: 1000, maxOpenMs: 3000 } });
  const state = ({ upstream }: ReturnType<typeof breaking>) => upstream.health()[0]?.origins[0]?.breaker;

  it('opens after repeated failures, and then fails at once', async () => {
    const client = breaking();
    const path = answering(status(500));
    for (let count = 0; count < 3; count += 1) await failureOf(client.upstream.request({ url: server.url(path) }));
    expect(state(client)).toBe('open');
    expect(await failureOf(client.upstream.request({ url: server.url(path) }))).toMatchObject({
      kind: 'upstream_unavailable',
      retryAfterS: 1,
      effect: 'not_sent',
    });
    expect(requestsTo(path)).toBe(3);
  });

  it('closes after a probe that succeeds, and sends one probe at a time', async () => {
    const client = breaking();
    const path = answering(status(500), status(500), status(500), fine);
    for (let count = 0; count < 3; count += 1) await failureOf(client.upstream.request({ url: server.url(path) }));
    client.clock.advance(1000);
    expect(state(client)).toBe('half_open');
    const [probe, other] = await Promise.allSettled([1, 2].map(() => client.upstream.request({ url: server.url(path) })));
    expect([probe?.status, other?.status]).toEqual(['fulfilled', 'rejected']);
    expect(state(client)).toBe('closed');
  });

  it('stays open longer after each probe that fails', async () => {
    const client = breaking();
    const path = answering(status(500));
    for (let count = 0; count < 3; count += 1) await failureOf(client.upstream.request({ url: server.url(path) }));
    for (const expected of [2, 3, 3]) {
      client.clock.advance(3000);
      await failureOf(client.upstream.request({ url: server.url(path) }));
      expect(await failureOf(client.upstream.request({ url: server.url(path) }))).toMatchObject({ retryAfterS: expected });
    }
  });

  it("does not open for what is not the upstream's fault", async () => {
    const client = breaking();
    for (const code of [404, 401, 429, 422, 400, 404, 404, 429])
      await failureOf(client.upstream.request({ url: server.url(answering(status(code))) }));
    const controller = new AbortController();
    const cancelled = Array.from({ length: 5 }, () =>
      failureOf(client.upstream.request({ url: server.url('hang-before-headers'), signal: controller.signal })),
    );
    await expect.poll(() => client.upstream.health()[0]?.origins[0]?.inFlight).toBe(5);
    controller.abort();
    await Promise.all(cancelled);
    expect(state(client)).toBe('closed');
  });

  it('does not stay half open when its probe is cancelled', async () => {
    const client = breaking();
    const path = answering(status(500), status(500), status(500), fine);
    for (let count = 0; count < 3; count += 1) await failureOf(client.upstream.request({ url: server.url(path) }));
    client.clock.advance(1000);
    const controller = new AbortController();
    const probe = failureOf(client.upstream.request({ url: server.url('hang-before-headers'), signal: controller.signal }));
    await expect.poll(() => server.requests.at(-1)?.path).toBe('/hang-before-headers');
    controller.abort();
    await probe;
    expect((await client.upstream.request({ url: server.url(path) })).status).toBe(200);
    expect(state(client)).toBe('closed');
  });
});

describe('a stream', () => {
  it('is read as it comes, and only as fast as it is taken', async () => {
    const { upstream } = retrying();
    const { body, status, cancel } = await upstream.stream({ url: server.url('endless'), maxBytes: 1e9 });
    expect(status).toBe(200);
    let read = 0;
    for await (const piece of body) {
      read += piece.length;
      if (read > 1_000_000) break;
    }
    cancel();
    await expect.poll(() => upstream.health()[0]?.origins[0]?.inFlight).toBe(0);
  });

  it('has the same limit of bytes', async () => {
    const { upstream } = retrying();
    const { body } = await upstream.stream({ url: server.url('endless'), maxBytes: 100_000 });
    const reading = async () => {
      for await (const _ of body);
    };
    expect(await failureOf(reading())).toMatchObject({ kind: 'budget_exceeded' });
  });

  it.each(['truncated', 'truncated-chunked', 'reset-in-body', 'truncated-gzip'] as const)(
    'that is %s ends with an error',
    async (behaviour) => {
      const { upstream } = retrying();
      const reading = async () => {
        const { body } = await upstream.stream({ url: server.url(behaviour) });
        for await (const _ of body);
      };
      expect(await failureOf(reading())).toMatchObject({ kind: 'upstream_unavailable' });
    },
  );

  it('that nobody reads is ended by the deadline, and frees its slot', async () => {
    const { upstream } = retrying({ limits: { concurrency: 1 } });
    await upstream.stream({ url: server.url('endless'), timeoutMs: 3_000 });
    await expect.poll(() => upstream.health()[0]?.origins[0]?.inFlight).toBe(0);
    expect((await upstream.request({ url: server.url('ok') })).status).toBe(200);
  });

  it('is requested again when the upstream fails before its first byte', async () => {
    const { upstream } = retrying();
    const path = answering(status(503), (socket) => {
      socket.write(raw('', { headers: { 'transfer-encoding': 'chunked' }, length: null }));
      socket.write(Buffer.concat([chunk('a'), chunk('b'), chunk('')]));
    });
    const { body } = await upstream.stream({ url: server.url(path) });
    const pieces: Uint8Array[] = [];
    for await (const piece of body) pieces.push(piece);
    expect(Buffer.concat(pieces).toString()).toBe('ab');
  });
});

describe('close', () => {
  it('ends what is in flight and refuses what comes after', async () => {
    const { upstream } = retrying();
    const running = failureOf(upstream.request({ url: server.url('hang-before-headers') }));
    await expect.poll(() => upstream.health()[0]?.origins[0]?.inFlight).toBe(1);
    await upstream.close();
    expect(await running).toMatchObject({ kind: 'upstream_unavailable' });
    expect(await failureOf(upstream.request({ url: server.url('ok') }))).toMatchObject({
      kind: 'upstream_unavailable',
      effect: 'not_sent',
    });
  });
});
