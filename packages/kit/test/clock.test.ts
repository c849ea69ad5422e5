import { afterEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { defineServer, defineTool } from '../src/index.ts';
import { openSession, sendModern } from './support/http.ts';
import { withKeys } from './support/keys.ts';
import { serveFixture } from './support/serve.ts';

const DAY_MS = 86_400_000;
const echo = { name: 'echo', arguments: { text: 'x' } };
const bearer = (token = '') => ({ headers: { Authorization: `Bearer ${token}` } });

afterEach(() => void vi.useRealTimers());

/** Sets the wall clock of this process, in which the server runs. The monotonic clock and timers go on. */
function setWallClock(offsetMs: number): void {
  vi.useFakeTimers({ toFake: ['Date'], shouldAdvanceTime: false, now: Date.now() + offsetMs });
}

const timeLeft = defineTool({
  name: 'time_left',
  title: 'Time left',
  description: 'Tells how much time the call has left.',
  access: 'read',
  input: z.object({}),
  output: z.object({ left_ms: z.number() }),
  run: (_, { deadline = 0 }) => ({ left_ms: deadline - performance.now() }),
  text: ({ left_ms }) => `${left_ms} ms`,
});

const timing = defineServer({
  name: 'timing',
  title: 'Timing',
  description: 'Tells time.',
  version: '1.0.0',
  config: z.object({}),
  services: () => ({}),
  tools: [timeLeft],
});

describe('a wall clock that jumps', () => {
  it.each([-DAY_MS, DAY_MS])('by %d ms neither locks callers out nor lifts the rate limit', async (jump) => {
    const { url } = await serveFixture(['--rate-limit', '2']);
    const call = async () => (await sendModern(url, 'tools/call', echo)).json.result.isError === true;
    expect(await call()).toBe(false);
    setWallClock(jump);
    expect([await call(), await call()]).toEqual([false, true]);
    setWallClock(-jump);
    expect(await call()).toBe(true);
  });

  it('does not end a session that is in use, nor keep one that is not', async () => {
    const { url } = await serveFixture();
    const used = await openSession(url);
    setWallClock(DAY_MS);
    expect((await used.request('ping')).status).toBe(200);
    const { url: shortUrl } = await serveFixture(['--session-idle-minutes', '0.0005']);
    const idle = await openSession(shortUrl);
    setWallClock(-2 * DAY_MS);
    await expect.poll(async () => (await idle.request('ping')).status, { interval: 60 }).toBe(404);
  });

  it('does not keep a revoked key alive', { timeout: 60_000 }, async () => {
    const { server, keys, table } = await withKeys({ name: 'a', scopes: ['*'] });
    const list = async () => (await sendModern(server.url, 'tools/list', {}, bearer(keys[0]?.key))).status;
    expect(await list()).toBe(200);
    setWallClock(-DAY_MS);
    await table.revoke(keys[0]?.id ?? '', new Date().toISOString());
    await expect.poll(list, { timeout: 55_000, interval: 200 }).toBe(401);
  });

  it('neither prolongs nor shortens the time that a tool has', async () => {
    const { url } = await serveFixture(['--deadline-seconds', '40'], timing);
    for (const jump of [-DAY_MS, 2 * DAY_MS]) {
      setWallClock(jump);
      const { left_ms } = (await sendModern(url, 'tools/call', { name: 'time_left' })).json.result.structuredContent;
      expect(left_ms).toBeGreaterThan(0);
      expect(left_ms).toBeLessThanOrEqual(40_000);
    }
  });
});
