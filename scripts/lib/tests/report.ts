import path from 'node:path';

/** `quick` is what `npm test` runs; `slow` is what `npm run test:slow` runs. */
export type Speed = 'quick' | 'slow';

/** What the test run of one workspace leaves behind, so that the command can add up all of them. */
export interface TestReport {
  passed: number;
  failed: readonly FailedTest[];
  skipped: readonly SkippedTest[];
}

export interface FailedTest {
  /** File and titles: `src/arn.test.ts > parses > a bucket`. */
  name: string;
  /** The first error's message. */
  message: string;
}

export interface SkippedTest {
  name: string;
  /** What was passed to `skip`, where something was. */
  reason: string | undefined;
}

/** Where a workspace's report is. turbo.json names these files as outputs, so that a cached run brings its report along. */
export function reportFile(workspace: string, speed: Speed): string {
  return path.join(workspace, '.cache', speed === 'quick' ? 'test-report.json' : 'test-slow-report.json');
}
