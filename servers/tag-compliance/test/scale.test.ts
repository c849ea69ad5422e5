import { type Message, StdioPeer } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';
import { expectedSummary, launchOn, ROLE, startUpstream, type Upstream } from './support/aws.ts';

/** A start alone needs about 40 MB of the old space. */
const HEAPS = [
  [1_000, 64],
  [20_000, 96],
] as const;

async function openPeer(upstream: Upstream, megabytes: number): Promise<StdioPeer> {
  const accounts = upstream.organization.accounts.map(({ id }) => id).join();
  const launch = launchOn(upstream, ['--accounts', accounts, '--role-arn', ROLE, '--regions', upstream.organization.regions.join()]);
  const environment = { ...launch.environment, NODE_OPTIONS: `--max-old-space-size=${megabytes}` };
  const peer = new StdioPeer({ ...launch, environment });
  await peer.initialize();
  return peer;
}

const CHECK = { name: 'check_tag_compliance', arguments: { limit: 1 } };

function progressOf(messages: readonly Message[]): { progress: number; total: number }[] {
  return messages.flatMap(({ method, params }) =>
    method === 'notifications/progress' ? [params as { progress: number; total: number }] : [],
  );
}

describe.each(HEAPS)('a scan of %i resources', (size, megabytes) => {
  it(`fits into ${megabytes} MB, counts every resource and tells how far it is`, async () => {
    const upstream = await startUpstream({ size });
    const peer = await openPeer(upstream, megabytes);
    const { result } = await peer.request('tools/call', { ...CHECK, _meta: { progressToken: 'scan' } });
    const expected = expectedSummary(upstream);
    expect(result.structuredContent).toMatchObject({
      summary: { resources: expected.resources, compliant: expected.compliant, violations: expected.violations },
      about: { complete: true },
    });
    const told = progressOf(peer.messages);
    expect(told.length).toBeGreaterThan(2);
    expect(told.map(({ progress }) => progress)).toEqual([...new Set(told.map(({ progress }) => progress))].toSorted((a, b) => a - b));
    expect(told.at(-1)).toMatchObject({ progress: told.at(-1)?.total });
    const again = await peer.request('tools/call', CHECK);
    expect(again.result.structuredContent.summary).toEqual(result.structuredContent.summary);
  }, 180_000);

  it('ends when it is cancelled: AWS is not asked any more', async () => {
    const upstream = await startUpstream({ size });
    const peer = await openPeer(upstream, megabytes);
    const cancelled = peer.request('tools/call', { ...CHECK, _meta: { progressToken: 'scan' } }, 'scan');
    await peer.until(({ method, params }) => method === 'notifications/progress' && Number(params?.progress) >= 20);
    peer.notify('notifications/cancelled', { requestId: 'scan' });
    // Told one after the other over a pipe: when this is answered, the server has known of the other for a while.
    await peer.request('tools/call', { name: 'get_tagging_policy', arguments: {} });
    upstream.aws.clearRequests();
    const narrow = {
      ...CHECK,
      arguments: { resource_types: ['sqs:queue'], filters: { region: ['eu-central-1'], account_id: [] }, limit: 1 },
    };
    const { result } = await peer.request('tools/call', narrow);
    expect(result.structuredContent.about.complete).toBe(true);
    const others = upstream.aws.requests.filter(({ service }) => !['sqs', 'tagging', 'sts'].includes(service));
    // Those that were on their way already; the whole scan takes some five hundred.
    expect(others.length).toBeLessThanOrEqual(12);
    expect(await Promise.race([cancelled.then(() => 'answered'), Promise.resolve('not answered')])).toBe('not answered');
  }, 180_000);
});
