import { fileLifetime, StdioPeer } from '@fairway-mcp/testing';
import { beforeAll, describe, expect, it } from 'vitest';

const lifetime = fileLifetime();
let peer: StdioPeer;

beforeAll(async () => {
  peer = new StdioPeer({ main: new URL('../src/main.ts', import.meta.url), args: ['--sample'], lifetime });
  await peer.initialize();
});

async function call(name: string, args: Record<string, unknown>) {
  const { result } = await peer.request('tools/call', { name, arguments: args });
  const [{ text }] = result.content;
  return { text: text as string, answer: result.structuredContent, error: result.isError === true };
}

describe('the sample', () => {
  it('is said to be made up in every answer, and has a calendar of its own', async () => {
    const { text, answer } = await call('get_cost_and_usage', { period: 'month_to_date' });
    expect(answer.about).toMatchObject({ sample: true, period: '2026-11-01/2026-11-18', as_of: '2026-11-17T08:00:00.000Z' });
    expect(text).toContain('SAMPLE DATA');
    expect(text).toContain('2026-11-17 is not over: its costs are incomplete.');
    expect(text).toContain('from 2026-11-01 up to, but not including, 2026-11-18 (17 days)');
  });

  it('tells the spike from usual usage, as volume of NAT gateways', async () => {
    const { answer, text } = await call('explain_cost_change', { period: '2026-10-19/2026-10-24' });
    expect(answer.lines[0].keys).toContain('EUC1-NatGateway-Bytes');
    expect(answer.lines[0].parts).toEqual({ volume: '465' });
    expect(text).toContain('volume +$465.00');
  });

  it('tells the end of a discount as price', async () => {
    const filters = { service: ['cloudfront'] };
    const { answer } = await call('explain_cost_change', {
      period: '2026-10-01/2026-10-02',
      compare_with: '2026-09-30/2026-10-01',
      filters,
    });
    expect(Number(answer.parts.price)).toBeGreaterThan(0);
    expect(Number(answer.parts.price) / Number(answer.before)).toBeCloseTo(0.1, 1);
  });

  it('shows what credits cover as spend that was credited', async () => {
    const filters = { service: ['Amazon Textract'] };
    const { answer, text } = await call('get_cost_and_usage', { period: '2026-05-01/2026-06-01', filters });
    expect(answer.totals).toEqual({ gross: '124', credits: '-124', refunds: '0', net: '0' });
    expect(text).toContain('$0.00 net: $124.00 gross, -$124.00 credits, $0.00 refunds');
  });

  it('has refunds of their own', async () => {
    const { answer } = await call('get_cost_and_usage', { period: '2026-09-01/2026-10-01', group_by: ['charge'] });
    expect(answer.rows.find((row: { keys: string[] }) => row.keys[0] === 'refund')).toMatchObject({ gross: '0', refunds: '-23.4' });
  });

  it('rejects a filter that nothing matches, and names the nearest value', async () => {
    const misspelt = { service: ['Amazon Dynamo DB'] };
    const { error, text } = await call('get_cost_and_usage', { filters: misspelt });
    expect([error, text]).toEqual([true, expect.stringContaining('Did you mean "Amazon DynamoDB"?')]);
    const named = await call('compare_costs', { filters: { account: ['production'] } });
    expect(named.text).toContain('Did you mean "222233334444"?');
    expect((await call('get_cost_and_usage', { group_by: ['servcie'] })).text).toContain('Did you mean "service"?');
  });
});

describe('answers about the same spend', () => {
  const period = '2026-10-01/2026-11-01';

  it('agree', async () => {
    const [usage, compared, explained, grouped] = await Promise.all([
      call('get_cost_and_usage', { period, group_by: [] }),
      call('compare_costs', { period }),
      call('explain_cost_change', { period }),
      call('get_cost_and_usage', { period, group_by: ['account', 'region', 'tag:Owner'], granularity: 'daily', limit: 10 }),
    ]);
    const { net } = usage.answer.totals;
    expect([compared.answer.after, explained.answer.after, grouped.answer.totals.net]).toEqual([net, net, net]);
    expect(explained.answer.change).toBe(compared.answer.change);
  });

  it('agree about tags: tagged and untagged make all but tax', async () => {
    const exclude = { charge: ['tax'] };
    const [byTag, usage] = await Promise.all([
      call('get_cost_by_tag', { period, tag: 'Owner' }),
      call('get_cost_and_usage', { period, exclude, group_by: ['tag:Owner'] }),
    ]);
    const untagged = usage.answer.rows.find((row: { keys: string[] }) => row.keys[0] === '');
    expect([byTag.answer.gross, byTag.answer.untagged]).toEqual([usage.answer.totals.gross, untagged.gross]);
    expect(byTag.text).toContain('carries no Owner');
  });
});

describe('a chart', () => {
  it.each([
    ['get_cost_and_usage', { period: '2026-10-01/2026-11-01' }],
    ['explain_cost_change', { period: '2026-10-01/2026-11-01' }],
  ])('of %s follows its text as a PNG, which the structured answer does not contain', async (name, args) => {
    const { result } = await peer.request('tools/call', { name, arguments: { ...args, chart: true } });
    const [text, image] = result.content;
    expect(text.type).toBe('text');
    expect(image).toMatchObject({ type: 'image', mimeType: 'image/png' });
    const png = Buffer.from(image.data, 'base64');
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect([png.readUInt32BE(16), image.data.length < 150_000]).toEqual([1000, true]);
    expect(JSON.stringify(result.structuredContent)).not.toContain(image.data.slice(0, 100));
  });

  it('is drawn by day for a period without buckets', async () => {
    const { answer } = await call('get_cost_and_usage', { period: '2026-10-01/2026-11-01', chart: true });
    expect(answer.buckets).toHaveLength(31);
  });
});
