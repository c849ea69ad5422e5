/** The vitest configuration of every package: its own tests, and a machine-readable report that `npm test` adds up. */
import path from 'node:path';
import { defineConfig } from 'vitest/config';

// biome-ignore lint/style/noDefaultExport: vitest reads the default export of its configuration.
export default defineConfig({
  root: process.cwd(),
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    reporters: ['dot', ['json', { outputFile: path.join(process.cwd(), '.cache', 'test-report.json') }]],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
