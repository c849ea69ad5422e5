import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openClient, serveSample } from './support/sample.ts';

describe('every call', () => {
  it('leaves exactly one audit row, whether it succeeds or fails', async () => {
    const { url, runtime } = await serveSample(['--sample-size', '60', '--rate-limit', '0']);
    const client = await openClient(url);
    const rows = async () => Number((await runtime.store.get<{ count: number }>('SELECT COUNT(*) AS count FROM audit_rows'))?.count);
    const tool =
      (name: string, args: Record<string, unknown> = {}) =>
      () =>
        client.callTool({ name, arguments: args });
    const calls: readonly (() => Promise<unknown>)[] = [
      tool('check_tag_compliance', { limit: 1 }),
      tool('check_tag_compliance', { resource_types: ['nonsense'] }),
      tool('check_tag_compliance', { limit: 1, cursor: 'bm9uc2Vuc2U' }),
      tool('find_untagged_resources', { min_cost_threshold: 5 }),
      tool('validate_resource_tags', { resource_arns: [] }),
      tool('get_cost_attribution_gap', { time_period: '2026-10-01/2026-11-01' }),
      tool('get_cost_attribution_gap', { time_period: 'yesterday' }),
      tool('suggest_tags', { resource_arn: 'arn:aws:s3:::x' }),
      tool('get_tagging_policy', { colour: 'red' }),
      tool('generate_compliance_report', { format: 'csv' }),
      tool('get_violation_history', { days_back: 91 }),
      () => client.readResource({ uri: 'policy://current' }),
      () => client.getPrompt({ name: 'monthly_tag_review', arguments: { colour: 'red' } }),
    ];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(calls.length - 1), { minLength: 1, maxLength: 10 }), fc.boolean(), async (chosen, atOnce) => {
        const before = await rows();
        const made = chosen.flatMap((index) => calls[index] ?? []);
        if (atOnce) await Promise.allSettled(made.map((call) => call()));
        else for (const call of made) await call().catch(() => undefined);
        expect((await rows()) - before).toBe(made.length);
      }),
      { numRuns: 25 },
    );
  });
});
