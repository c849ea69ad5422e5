import { startAwsEmulator } from '@fairway-mcp/aws-emulator';
import { generateBill } from '@fairway-mcp/aws-sample';
import { openPeer } from '@fairway-mcp/testing';
import { describe, expect, it, onTestFinished, vi } from 'vitest';

vi.setConfig({ testTimeout: 300_000 });

const main = new URL('../src/main.ts', import.meta.url);
const OCTOBER = { period: '2026-10-01/2026-11-01', group_by: ['service'], metric: 'billed' };

async function startServer(args: readonly string[]) {
  const bill = generateBill({ size: 60 });
  const aws = await startAwsEmulator(bill.organization, { bill: bill.charges, now: () => Date.parse(bill.now) });
  onTestFinished(() => aws.stop());
  const environment = {
    AWS_ENDPOINT_URL: aws.url,
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'not-a-secret',
    AWS_REGION: 'eu-central-1',
  };
  const peer = await openPeer({ main, args: ['--cost-explorer', ...args], environment });
  const call = async (name: string, input: object) => (await peer.request('tools/call', { name, arguments: input })).result;
  return { call, charged: () => aws.requests.filter(({ service, isDone }) => service === 'ce' && isDone).length };
}

describe('the server with --cost-explorer', () => {
  it('says what each answer cost, and afterwards what all of them did', async () => {
    const { call, charged } = await startServer(['--cost-budget', '1', '--caller-cost-budget', '0.5']);
    const first = await call('get_cost_and_usage', OCTOBER);
    expect(first.structuredContent.about).toMatchObject({ sample: false, price_usd: '0.01' });
    const again = await call('get_cost_and_usage', OCTOBER);
    expect(again.structuredContent.about.price_usd).toBe('0');
    expect(charged()).toBe(1);
    const price = await call('get_spend_price', {});
    expect(price.structuredContent.yours).toMatchObject({ today: '0.01', left_today: '0.49' });
    expect(price.structuredContent.all_callers.left_today).toBe('0.99');
  });

  it('asks nothing that the budget does not allow', async () => {
    const { call, charged } = await startServer(['--cost-budget', '0']);
    const refused = await call('get_cost_and_usage', OCTOBER);
    expect(refused.isError).toBe(true);
    expect(refused._meta['io.github.fairway-mcp/error']).toMatchObject({ kind: 'budget_exceeded' });
    expect(charged()).toBe(0);
  });
});
