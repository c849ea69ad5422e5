import { vi } from 'vitest';
import { sourceContract } from '../../bill/source.contract.ts';
import { startEmulatedBill } from '../emulated-aws.fixture.ts';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 120_000 });

sourceContract('Cost Explorer', {
  named: ['tag:Environment', 'tag:Owner', 'cost_category:BusinessUnit'],
  maxGroupings: 2,
  runs: 15,
  async open() {
    const emulated = await startEmulatedBill({ size: 40 }, { paging: { maxPageSize: 900, shortPages: 0.1 } });
    const { source, close } = emulated.open();
    return {
      // Costs by resource are known for 14 days only.
      source: { ...source, dimensions: source.dimensions.filter((dimension) => dimension !== 'resource') },
      charges: emulated.bill.charges,
      close: () => {
        close();
        return emulated.stop();
      },
    };
  },
});
