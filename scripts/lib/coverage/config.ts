import path from 'node:path';
import type { ViteUserConfig } from 'vitest/config';

/** Source files, without tests and what several tests share. */
const EXCLUDED = ['**/*.{test,contract,fixture,arbitraries}.ts'];

/** What vitest writes about the code that it ran itself, from a workspace's folder. */
export const VITEST_REPORT = '.cache/coverage/vitest/coverage-final.json';

/** Where each child process of the tests writes what it ran, from a workspace's folder. */
export const CHILD_REPORTS = '.cache/coverage/processes';

/** Node passes NODE_V8_COVERAGE on to child processes, whatever environment they are given. */
export function coverageConfig(workspace: string): ViteUserConfig {
  return {
    test: {
      env: { NODE_V8_COVERAGE: path.join(workspace, CHILD_REPORTS) },
      coverage: {
        enabled: true,
        provider: 'v8',
        // Of the packages that the tests use too: another workspace's tests count.
        include: ['**/src/**/*.ts'],
        allowExternal: true,
        exclude: EXCLUDED,
        reporter: ['json'],
        reportsDirectory: path.join(workspace, path.dirname(VITEST_REPORT)),
        reportOnFailure: true,
      },
    },
  };
}
