import { openPeer, type StdioPeer } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';
import { launchOn, startUpstream } from './support/aws.ts';
import { emptySchema, hasPostgres, hasRedis, REDIS_URL } from './support/shared-state.ts';

const isThere = hasPostgres && hasRedis;
const title = isThere
  ? 'two processes with shared state'
  : 'two processes with shared state (skipped: no Postgres or Redis at DATABASE_URL, REDIS_URL or their defaults)';

async function callGap(peer: StdioPeer, args: Record<string, unknown> | undefined) {
  return (await peer.request('tools/call', { name: 'get_cost_attribution_gap', arguments: args })).result;
}

describe.skipIf(!isThere)(title, () => {
  it('share one Cost Explorer budget and one cached answer to the same question', async () => {
    const upstream = await startUpstream();
    const shared = { FAIRWAY_DATABASE_URL: await emptySchema(), FAIRWAY_REDIS_URL: REDIS_URL };
    const launch = () => {
      const own = launchOn(upstream, ['--cost-budget', '0.04']);
      return { ...own, environment: { ...own.environment, ...shared } };
    };
    const [one, other] = [await openPeer(launch()), await openPeer(launch())];
    const [september, october] = ['2026-09-01/2026-10-01', '2026-10-01/2026-11-01'].map((time_period) => ({ time_period }));
    const paid = await callGap(one, september);
    expect(paid.structuredContent.costs.price).toBe('0.04');
    expect((await callGap(other, october))._meta['io.github.fairway-mcp/error'].kind).toBe('budget_exceeded');
    expect((await callGap(other, september)).structuredContent).toMatchObject({
      total: paid.structuredContent.total,
      costs: { price: '0' },
    });
    expect(upstream.aws.requests.filter(({ service }) => service === 'ce')).toHaveLength(4);
  });
});
