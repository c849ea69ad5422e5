import { describe, expect, it } from 'vitest';
import { sourceContract } from '../bill/source.contract.ts';
import { createSampleSource } from './sample-source.ts';

sourceContract('the sample', {
  open() {
    const source = createSampleSource({ size: 40, start: '2026-09-15' });
    return { source, charges: source.bill().charges };
  },
  named: ['tag:Owner', 'cost_category:BusinessUnit'],
  runs: 20,
});

describe('the sample', () => {
  it('names accounts, and finds them by value or name', async () => {
    const source = createSampleSource({ size: 40, start: '2026-11-01' });
    const question = { period: { start: '2026-11-01', end: '2026-11-10' }, dimension: 'account', search: '22223333444' } as const;
    const asking = { signal: AbortSignal.timeout(10_000), principal: { id: 'test' } };
    const production = [{ value: '222233334444', name: 'production' }];
    expect((await source.values(question, asking)).values).toEqual(production);
    expect((await source.values({ ...question, search: 'Produc' }, asking)).values).toEqual(production);
  });
});
