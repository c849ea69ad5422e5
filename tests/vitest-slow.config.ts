/** The slow tests of the commands, which share one installed copy of this repository. */
import { mergeConfig } from 'vitest/config';
import shared from '../vitest-slow.shared.ts';

export default mergeConfig(shared, { test: { globalSetup: ['test/support/global-setup.ts'] } });
