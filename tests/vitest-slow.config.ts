/** The slow tests of the commands, which share one installed copy of this repository. */
import { mergeConfig } from 'vitest/config';
import { testConfig } from '../scripts/lib/tests/config.ts';

export default mergeConfig(testConfig('slow'), { test: { globalSetup: ['test/support/global-setup.ts'] } });
