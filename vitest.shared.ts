/** The vitest configuration of every workspace for `npm test`: everything but `*.slow.test.ts`. */
import { testConfig } from './scripts/lib/tests/config.ts';

export default testConfig('quick');
