import { type Measurement, openSession, startHttp } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';
import { call, client, ERAS, ERROR, withFlags, workshop } from './support/programs.ts';

const measured = { ...workshop, isMeasured: true };

function countSockets({ resources }: Measurement): number {
  return resources.TCPSocketWrap ?? 0;
}

describe.each(ERAS)('concurrent calls with the %s protocol', (era) => {
  it('runs as many of 1000 slow calls as the limit allows and tells the others when to retry', async () => {
    const server = await startHttp(withFlags(measured, '--rate-limit', '0', '--max-concurrency', '50'));
    const ask = await client(era, server.url);
    const answers = await Promise.all(
      Array.from({ length: 1000 }, async (_, id) => {
        const { status, json } = await ask('tools/call', call('wait', { ms: 4000 }), id + 1);
        expect([status, json.id]).toEqual([200, id + 1]);
        return json.result;
      }),
    );
    const rejected = answers.filter((result) => result.isError);
    expect(answers.length - rejected.length).toBeGreaterThanOrEqual(50);
    expect(rejected.length).toBeGreaterThan(100);
    for (const { _meta } of rejected) {
      expect(_meta[ERROR]).toMatchObject({ kind: 'rate_limited', message: expect.stringMatching(/^50 calls/), retry_after_s: 1 });
    }
    expect((await ask('tools/call', call('wait'))).json.result.structuredContent).toEqual({ waited_ms: 0 });
    await expect.poll(async () => countSockets(await server.measure())).toBe(0);
  });

  it('cancels the call of a client that disconnects, so that another call can run', async () => {
    const server = await startHttp(withFlags(measured, '--max-concurrency', '1', '--rate-limit', '0'));
    const ask = await client(era, server.url);
    const callAgain = async () => (await ask('tools/call', call('wait'), 'again')).json.result;
    for (let round = 1; round <= 3; round += 1) {
      const abort = new AbortController();
      const disconnected = ask('tools/call', call('wait', { ms: 600_000 }), 'slow', abort.signal).catch(() => 'disconnected');
      await expect.poll(async () => (await callAgain())._meta?.[ERROR].kind).toBe('rate_limited');
      abort.abort();
      expect(await disconnected).toBe('disconnected');
      await expect.poll(() => server.log.filter(({ message }) => message === 'The wait was cancelled').length).toBe(round);
      await expect.poll(async () => (await callAgain()).structuredContent).toEqual({ waited_ms: 0 });
    }
    await expect.poll(async () => countSockets(await server.measure())).toBe(0);
  });
});

describe('idle sessions', () => {
  it('are ended after --session-idle-minutes, and release their sockets and timers', async () => {
    const server = await startHttp(withFlags(measured, '--max-sessions', '20', '--session-idle-minutes', '0.01'));
    const before = await server.measure();
    for (let round = 0; round < 5; round += 1) {
      const sessions = await Promise.all(Array.from({ length: 20 }, () => openSession(server.url)));
      for (const { opened } of sessions) expect(opened.status).toBe(200);
      // Longer than a session may be idle: each look would keep it alive.
      await expect.poll(async () => (await sessions[0]?.request('ping'))?.status, { interval: 700 }).toBe(404);
    }
    const after = await server.measure();
    expect(countSockets(after)).toBe(0);
    expect(after.resources.Timeout ?? 0).toBeLessThanOrEqual(before.resources.Timeout ?? 0);
  });
});
