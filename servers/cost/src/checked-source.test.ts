import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { BillQuestion, Dimension } from './bill/question.ts';
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
    expect(await source.ask(asked('resource', 'i-none'), askingAs())).toMatchObject({ rows: [] });
  });

  it('is refused by Cost Explorer when it is one of currencies', async () => {
    const source = await openCostExplorer();
    await expect(source.ask(asked('currency', 'USD'), askingAs())).rejects.toMatchObject({
      kind: 'invalid_input',
      message: 'Cost Explorer does not filter by currency.',
    });
  });
});
