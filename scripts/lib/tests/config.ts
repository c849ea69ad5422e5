import type { ViteUserConfig } from 'vitest/config';
import type { Speed } from './report.ts';
import { ReportWriter } from './reporter.ts';

const ALL = ['{src,lib,test}/**/*.test.ts'];
const SLOW = ['{src,lib,test}/**/*.slow.test.ts'];

/** How vitest runs the quick or the slow tests of the workspace that it is started in. */
export function testConfig(speed: Speed): ViteUserConfig {
  const workspace = process.cwd();
  return {
    root: workspace,
    test: {
      include: speed === 'quick' ? ALL : SLOW,
      exclude: ['**/node_modules/**', ...(speed === 'quick' ? SLOW : [])],
      reporters: ['dot', new ReportWriter(workspace, speed)],
      testTimeout: 60_000,
      hookTimeout: 120_000,
      teardownTimeout: 60_000,
      expect: { poll: { timeout: 30_000 } },
    },
  };
}
