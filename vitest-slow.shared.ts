/** The vitest configuration of every workspace for `npm run test:slow`: `*.slow.test.ts` alone. */
import { testConfig } from './scripts/lib/tests/config.ts';

export default testConfig('slow');
