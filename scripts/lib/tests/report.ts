/** What one room's test run leaves behind for `npm test` to add up: `.cache/test-report.json`. */
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

export const REPORT_FILE = '.cache/test-report.json';
