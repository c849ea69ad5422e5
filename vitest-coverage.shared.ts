/** The vitest configuration of every workspace for `npm run coverage`: the quick tests, with what they and their child processes run. */
import { mergeConfig } from 'vitest/config';
import { coverageConfig } from './scripts/lib/coverage/config.ts';
import { testConfig } from './scripts/lib/tests/config.ts';

export default mergeConfig(testConfig('quick'), coverageConfig(process.cwd()));
