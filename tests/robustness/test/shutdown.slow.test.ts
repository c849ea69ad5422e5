import { openPeer, startHttp } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';
import { readAuditTrail } from './support/audit-trail.ts';
import { awsFor } from './support/aws.ts';
import { call, client, ERAS, withFlags, workshop } from './support/programs.ts';

const waitWithProgress = (ms: number) => ({ ...call('wait', { ms, steps: 10 }), _meta: { progressToken: 1 } });

describe('a server that is stopped while calls are in flight', () => {
  it.each(['SIGTERM', 'SIGINT', 'stdin is closed'] as const)('answers them over stdio before it exits: %s', async (cause) => {
    const peer = await openPeer(workshop);
    const started = peer.until(({ method }) => method === 'notifications/progress');
    const answers = [peer.request('tools/call', waitWithProgress(1000)), peer.request('tools/call', call('wait', { ms: 600 }))];
    await started;
    if (cause === 'stdin is closed') peer.end();
    else peer.server.child.kill(cause);
    expect((await Promise.all(answers)).map(({ result }) => result.structuredContent.waited_ms)).toEqual([1000, 600]);
    expect(await peer.server.exited).toEqual({ code: 0, signal: null });
  });

  it.each(ERAS)('answers them over HTTP with the %s protocol before it exits, and accepts no new ones', async (era) => {
    const server = await startHttp(workshop);
    const clients = await Promise.all(Array.from({ length: 5 }, () => client(era, server.url)));
    const late = await client(era, server.url);
    const answers = clients.map((ask) => ask('tools/call', call('wait', { ms: 1500 })));
    await expect.poll(() => server.log.filter(({ message }) => message === 'The wait has started').length).toBe(5);
    server.child.kill('SIGTERM');
    await server.logged('Stopping');
    const rejected = late('tools/call', call('wait')).then(
      ({ status }) => String(status),
      (error: Error) => error.message,
    );
    for (const { json } of await Promise.all(answers)) expect(json.result.structuredContent).toEqual({ waited_ms: 1500 });
    expect(await rejected).toMatch(/^503$|ECONNREFUSED|ECONNRESET|hang up/);
    expect(await server.exited).toEqual({ code: 0, signal: null });
  });

  it.each(ERAS)('finishes a scan of AWS and answers it with the %s protocol', async (era) => {
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

describe('a server that is stopped while a call does not end', () => {
  it('exits with code 0 after --drain-seconds, and records the call as cancelled', async () => {
    const shortDrain = withFlags(workshop, '--drain-seconds', '0.3');
    const [peer, http] = await Promise.all([openPeer(shortDrain), startHttp(shortDrain)]);
    const ask = await client('modern', http.url);
    void peer.request('tools/call', waitWithProgress(600_000));
    const cancelled = ask('tools/call', call('wait', { ms: 600_000 })).catch(() => 'disconnected');
    for (const server of [peer.server, http]) {
      await server.logged('The wait has started');
      server.child.kill('SIGTERM');
      expect(await server.exited).toEqual({ code: 0, signal: null });
      expect(server.log.map(({ message }) => message)).toContain('The wait was cancelled');
      expect((await readAuditTrail(server.stateDir)).map(({ outcome }) => outcome)).toEqual(['cancelled']);
    }
    expect(await cancelled).toBe('disconnected');
  });

  it('exits at once when its host has closed both pipes, because nothing can be answered any more', async () => {
    const peer = await openPeer(withFlags(workshop, '--drain-seconds', '600'));
    const started = peer.until(({ method }) => method === 'notifications/progress');
    void peer.request('tools/call', { ...call('wait', { ms: 600_000, steps: 600 }), _meta: { progressToken: 1 } });
    await started;
    peer.server.child.stdout.destroy();
    peer.end();
    expect(await peer.server.exited).toEqual({ code: 0, signal: null });
    expect(peer.server.log.map(({ message }) => message)).toContain('The wait was cancelled');
  });
});
