/**
 * Loaded into a server's process with `--import`: on SIGUSR2 it collects garbage and writes a measurement to stderr, as a line of the
 * log. The program itself stays as it is published.
 */
import fs from 'node:fs';
import type { Measurement } from './server-process.ts';

let count = 0;

process.on('SIGUSR2', () => {
  count += 1;
  fs.writeSync(2, `${JSON.stringify({ message: 'Measured', number: count, measurement: measure() })}\n`);
});

function measure(): Measurement {
  // Twice, because memory that finalizers release in the first collection is free only after the second.
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  const resources: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1;
  return { heap: heapUsed, rss, peakRss: process.resourceUsage().maxRSS * 1024, resources };
}
