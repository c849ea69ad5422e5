import { ToolError } from '@fairway-mcp/kit';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { BillQuestion, BillSource, Dimension, Price } from './bill/question.ts';
import { withCheckedFilters } from './checked-source.ts';
import { askingAs, startEmulatedBill } from './upstream/emulated-aws.fixture.ts';

vi.setConfig({ testTimeout: 120_000 });

/** In the last 14 days of the bill: before them Cost Explorer does not know resources. */
function asked(dimension: Dimension, value: string): BillQuestion {
  return {
    period: { start: '2026-11-05', end: '2026-11-12' },
    granularity: 'total',
    metric: 'billed',
    groupBy: [],
    filter: { kind: 'is', dimension, values: [value] },
    withUsage: false,
  };
}

function found(price: Price) {
  return { asOf: '2026-11-17T08:00:00.000Z', price, caveats: [] };
}

/** A bill in which nothing passes the filter. */
function emptySource(price: Price): BillSource {
  return {
    title: 'a bill',
    isSample: false,
    dimensions: ['service'],
    metrics: ['billed'],
    priceOf: () => price.usd,
    ask: async () => ({ ...found(price), rows: [], currency: 'USD' }),
    values: async () => ({ ...found(price), values: [] }),
  };
}

async function openCostExplorer() {
  const emulated = await startEmulatedBill({ size: 40 });
  onTestFinished(() => emulated.stop());
  const opened = emulated.open();
  onTestFinished(() => opened.close());
  return withCheckedFilters(opened.source);
}

describe('a filter that nothing passes', () => {
  it('is refused with the nearest value when no charge has its value', async () => {
    const source = await openCostExplorer();
    await expect(source.ask(asked('service', 'Amazon Simple Storage Servise'), askingAs())).rejects.toMatchObject({
      kind: 'invalid_input',
      message: 'No charge of the period has service "Amazon Simple Storage Servise". Did you mean "Amazon Simple Storage Service"?',
    });
  });

  it('is answered with nothing where the source cannot list the values, such as resources in Cost Explorer', async () => {
    const source = await openCostExplorer();
    expect(await source.ask(asked('resource', 'i-none'), askingAs())).toMatchObject({
      rows: [],
      caveats: [expect.stringContaining('Whether the bill has the values of resource in the filter could not be checked')],
    });
  });

  it('costs what the check costs, too', async () => {
    const price = { pages: 1, bytesScanned: 5, usd: '0.01' };
    const source = withCheckedFilters({ ...emptySource(price), values: async () => ({ ...found(price), values: [{ value: 'EC2' }] }) });
    expect((await source.ask(asked('service', 'EC2'), askingAs())).price).toEqual({ pages: 2, bytesScanned: 10, usd: '0.02' });
  });

  it('is answered when the check fails, because the answer has been paid for', async () => {
    const price = { pages: 1, bytesScanned: 0, usd: '0.01' };
    const throttled = new ToolError({ kind: 'rate_limited', message: 'AWS is throttling.', remedy: 'Wait.' });
    const source = withCheckedFilters({ ...emptySource(price), values: () => Promise.reject(throttled) });
    expect(await source.ask(asked('service', 'EC2'), askingAs())).toMatchObject({
      price,
      caveats: ['Whether the bill has the values of service in the filter could not be checked: AWS is throttling.'],
    });
  });

  it('is refused by Cost Explorer when it is one of currencies', async () => {
    const source = await openCostExplorer();
    await expect(source.ask(asked('currency', 'USD'), askingAs())).rejects.toMatchObject({
      kind: 'invalid_input',
      message: 'Cost Explorer does not filter by currency.',
    });
  });
});
