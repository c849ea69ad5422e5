import { type Message, StdioPeer } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';
import { expectedSummary, launchOn, ROLE, startUpstream, type Upstream } from './aws.ts';

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

/**
 * Tests scans of a large organization in a small heap.
 * @param megabytes of the old space, of which the start alone needs about 40
 */
export function scaleSuite(size: number, megabytes: number): void {
  describe(`a scan of ${size} resources`, () => {
    it(`fits into ${megabytes} MB, counts every resource and reports progress`, async () => {
      const upstream = await startUpstream({ size });
      const peer = await openPeer(upstream, megabytes);
      const { result } = await peer.request('tools/call', { ...CHECK, _meta: { progressToken: 'scan' } });
      const expected = expectedSummary(upstream);
      expect(result.structuredContent).toMatchObject({
        summary: { resources: expected.resources, compliant: expected.compliant, violations: expected.violations },
        about: { complete: true },
      });
      const reports = progressOf(peer.messages);
      expect(reports.length).toBeGreaterThan(2);
      expect(reports.map(({ progress }) => progress)).toEqual(
        [...new Set(reports.map(({ progress }) => progress))].toSorted((a, b) => a - b),
      );
      expect(reports.at(-1)).toMatchObject({ progress: reports.at(-1)?.total });
      const again = await peer.request('tools/call', CHECK);
      expect(again.result.structuredContent.summary).toEqual(result.structuredContent.summary);
    });

    it('stops calling AWS when it is cancelled', async () => {
      const upstream = await startUpstream({ size });
      const peer = await openPeer(upstream, megabytes);
      const cancelled = peer.request('tools/call', { ...CHECK, _meta: { progressToken: 'scan' } }, 'scan');
      await peer.until(({ method, params }) => method === 'notifications/progress' && Number(params?.progress) >= 20);
      peer.notify('notifications/cancelled', { requestId: 'scan' });
      // Messages arrive in order: when this is answered, the server has received the cancellation.
      await peer.request('tools/call', { name: 'get_tagging_policy', arguments: {} });
      upstream.aws.clearRequests();
      const narrow = {
        ...CHECK,
        arguments: { resource_types: ['sqs:queue'], filters: { region: ['eu-central-1'], account_id: [] }, limit: 1 },
      };
      const { result } = await peer.request('tools/call', narrow);
      expect(result.structuredContent.about.complete).toBe(true);
      const others = upstream.aws.requests.filter(({ service }) => !['sqs', 'tagging', 'sts'].includes(service));
      // Those that were in flight; the whole scan takes about five hundred.
      expect(others.length).toBeLessThanOrEqual(12);
      expect(await Promise.race([cancelled.then(() => 'answered'), Promise.resolve('not answered')])).toBe('not answered');
    });
  });
}
