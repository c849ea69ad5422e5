import { sourceContract } from '../../bill/source.contract.ts';
import { CHARGES } from '../focus/charges.fixture.ts';
import { emulateAthena } from './open-athena.fixture.ts';

sourceContract('Athena over an export', {
  open: async () => ({ ...(await emulateAthena({ backend: { runningReads: 0 } })), charges: CHARGES }),
  named: ['tag:team', 'cost_category:Unit'],
  runs: 10,
});
