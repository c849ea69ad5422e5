/** The vitest configuration of every room: its own tests, and a report that `npm test` adds up. */
import { defineConfig } from 'vitest/config';
import { ReportWriter } from './scripts/lib/tests/reporter.ts';

export default defineConfig({
  root: process.cwd(),
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    reporters: ['dot', new ReportWriter()],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
  },
});
