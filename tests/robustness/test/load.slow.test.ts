import { type Measurement, startHttp } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';
import { call, client, ERAS, ERROR, withFlags, workshop } from './support/programs.ts';

const measured = { ...workshop, isMeasured: true };

function sockets({ resources }: Measurement): number {
  return resources.TCPSocketWrap ?? 0;
}

describe.each(ERAS)('a thousand slow calls at once, %s', (era) => {
  it('are run as many as may, and the others told when to come back', async () => {
    const server = await startHttp(withFlags(measured, '--rate-limit', '0', '--max-concurrency', '50'));
    const ask = await client(era, server.url);
    const answers = await Promise.all(
      Array.from({ length: 1000 }, async (_, id) => {
        const { status, json } = await ask('tools/call', call('wait', { ms: 2000 }), id + 1);
        expect([status, json.id]).toEqual([200, id + 1]);
        return json.result;
      }),
    );
    const refused = answers.filter((result) => result.isError);
    expect(answers.length - refused.length).toBeGreaterThanOrEqual(50);
    expect(refused.length).toBeGreaterThan(100);
    for (const { _meta } of refused) {
      expect(_meta[ERROR]).toMatchObject({ kind: 'rate_limited', message: expect.stringMatching(/^50 calls/), retry_after_s: 1 });
    }
    expect((await ask('tools/call', call('wait'))).json.result.structuredContent).toEqual({ waited_ms: 0 });
    await expect.poll(async () => sockets(await server.measure())).toBe(0);
  });
});

describe.each(ERAS)('a client that goes away in mid-call, %s', (era) => {
  it("fires the handler's signal, and leaves its place to the next", async () => {
    const server = await startHttp(withFlags(measured, '--max-concurrency', '1', '--rate-limit', '0'));
    const ask = await client(era, server.url);
    const tryNext = async () => (await ask('tools/call', call('wait'), 'next')).json.result;
    for (let round = 1; round <= 3; round += 1) {
      const leaving = new AbortController();
      const gone = ask('tools/call', call('wait', { ms: 600_000 }), 'slow', leaving.signal).catch(() => 'gone');
      await expect.poll(async () => (await tryNext())._meta?.[ERROR].kind).toBe('rate_limited');
      leaving.abort();
      expect(await gone).toBe('gone');
      await expect.poll(() => server.log.filter(({ message }) => message === 'The wait was given up').length).toBe(round);
      await expect.poll(async () => (await tryNext()).structuredContent).toEqual({ waited_ms: 0 });
    }
    await expect.poll(async () => sockets(await server.measure())).toBe(0);
  });
});

describe('sessions that nobody comes back to', () => {
  it('end by themselves, and leave room for others', async () => {
    const server = await startHttp(withFlags(measured, '--max-sessions', '20', '--session-idle-minutes', '0.01'));
    const before = await server.measure();
    for (let round = 0; round < 5; round += 1) {
      const sessions = await Promise.all(Array.from({ length: 20 }, () => client('legacy', server.url)));
      for (const ask of sessions) expect((await ask('ping')).json.result).toEqual({});
      await expect.poll(async () => (await sessions[0]?.('ping'))?.status, { interval: 700, timeout: 20_000 }).toBe(404);
    }
    const after = await server.measure();
    expect(sockets(after)).toBe(0);
    expect(after.resources.Timeout ?? 0).toBeLessThanOrEqual(before.resources.Timeout ?? 0);
  });
});
