import { StdioPeer, startHttp } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';
import { readAuditTrail } from './support/audit-trail.ts';
import { awsFor } from './support/aws.ts';
import { call, client, ERAS, withFlags, workshop } from './support/programs.ts';

const slow = (ms: number) => ({ ...call('wait', { ms, steps: 10 }), _meta: { progressToken: 1 } });

async function openPeer(launch: ConstructorParameters<typeof StdioPeer>[0]): Promise<StdioPeer> {
  const peer = new StdioPeer(launch);
  await peer.initialize();
  return peer;
}

describe('no answer is lost', () => {
  it.each(['SIGTERM', 'SIGINT', 'stdin is closed'] as const)('over stdio: %s in mid-call', async (cause) => {
    const peer = await openPeer(workshop);
    const begun = peer.until(({ method }) => method === 'notifications/progress');
    const answers = [peer.request('tools/call', slow(1000)), peer.request('tools/call', call('wait', { ms: 600 }))];
    await begun;
    if (cause === 'stdin is closed') peer.end();
    else peer.server.child.kill(cause);
    expect((await Promise.all(answers)).map(({ result }) => result.structuredContent.waited_ms)).toEqual([1000, 600]);
    expect(await peer.server.exited).toEqual({ code: 0, signal: null });
  });

  it.each(ERAS)('over HTTP, %s: SIGTERM in mid-call; what comes later is sent away', async (era) => {
    const server = await startHttp(workshop);
    const asks = await Promise.all(Array.from({ length: 5 }, () => client(era, server.url)));
    const late = await client(era, server.url);
    const answers = asks.map((ask) => ask('tools/call', call('wait', { ms: 1500 })));
    await expect.poll(() => server.log.filter(({ message }) => message === 'The wait began').length).toBe(5);
    server.child.kill('SIGTERM');
    await server.logged('Stopping');
    const refused = late('tools/call', call('wait')).then(
      ({ status }) => String(status),
      (error: Error) => error.message,
    );
    for (const { json } of await Promise.all(answers)) expect(json.result.structuredContent).toEqual({ waited_ms: 1500 });
    expect(await refused).toMatch(/^503$|ECONNREFUSED|ECONNRESET|hang up/);
    expect(await server.exited).toEqual({ code: 0, signal: null });
  });

  it.each(ERAS)('of a scan of AWS that has begun, %s', async (era) => {
    const { aws, launch } = await awsFor({ size: 100 });
    aws.faults.add({ kind: 'slow', service: 'ec2', operation: 'DescribeInstances', delayMs: 1500 });
    const server = await startHttp(launch);
    const ask = await client(era, server.url);
    const answer = ask('tools/call', call('check_tag_compliance', { resource_types: ['ec2:instance'] }));
    await expect.poll(() => aws.requests.some(({ operation }) => operation === 'DescribeInstances')).toBe(true);
    server.child.kill('SIGTERM');
    expect((await answer).json.result.structuredContent).toMatchObject({ about: expect.any(Object) });
    expect(await server.exited).toEqual({ code: 0, signal: null });
  });
});

describe('the process ends', () => {
  it('with code 0 when a call does not, after the time for it; that it was cut off is recorded', async () => {
    const impatient = withFlags(workshop, '--drain-seconds', '0.3');
    const [peer, http] = await Promise.all([openPeer(impatient), startHttp(impatient)]);
    const ask = await client('modern', http.url);
    void peer.request('tools/call', slow(600_000));
    const cutOff = ask('tools/call', call('wait', { ms: 600_000 })).catch(() => 'cut off');
    for (const server of [peer.server, http]) {
      await server.logged('The wait began');
      server.child.kill('SIGTERM');
      expect(await server.exited).toEqual({ code: 0, signal: null });
      expect(server.log.map(({ message }) => message)).toContain('The wait was given up');
      expect((await readAuditTrail(server.stateDir)).map(({ outcome }) => outcome)).toEqual(['cancelled']);
    }
    expect(await cutOff).toBe('cut off');
  });

  it('when its host is gone: nobody is left to wait for', async () => {
    const peer = await openPeer(withFlags(workshop, '--drain-seconds', '600'));
    const begun = peer.until(({ method }) => method === 'notifications/progress');
    void peer.request('tools/call', { ...call('wait', { ms: 600_000, steps: 600 }), _meta: { progressToken: 1 } });
    await begun;
    peer.server.child.stdout.destroy();
    peer.end();
    expect(await peer.server.exited).toEqual({ code: 0, signal: null });
    expect(peer.server.log.map(({ message }) => message)).toContain('The wait was given up');
  });
});
