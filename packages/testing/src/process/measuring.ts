/**
 * Loaded before a server's own program: on SIGUSR2 it collects garbage and writes what the process holds to stderr, as a line
 * among those of the log. The program itself is the one that is published.
 */
import fs from 'node:fs';
import type { Measurement } from './server-process.ts';

let number = 0;

process.on('SIGUSR2', () => {
  number += 1;
  fs.writeSync(2, `${JSON.stringify({ message: 'Measured', number, measurement: measurement() })}\n`);
});

function measurement(): Measurement {
  // Twice, because what the first round finalizes is only free after the second.
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  const resources: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1;
  return { heap: heapUsed, rss, peakRss: process.resourceUsage().maxRSS * 1024, resources };
}
