import fs from 'node:fs';
import path from 'node:path';
import { median } from '@fairway-mcp/testing/bench';
import { workFolder } from './build.ts';

const LOG_BYTES = 4 * 1024 * 1024;
const COMMIT = Buffer.alloc(12 * 1024, 1);

/** How long the disk takes to flush a commit of 12 kB in a log that already has its full size of 4 MB, in milliseconds: the median. */
export function measureFlush(): number {
  const file = path.join(workFolder, 'flushed');
  const handle = fs.openSync(file, 'w');
  try {
    const places = Math.floor(LOG_BYTES / COMMIT.length);
    for (let place = 0; place < places; place += 1) fs.writeSync(handle, COMMIT);
    fs.fsyncSync(handle);
    const times = Array.from({ length: 400 }, (_, commit) => {
      fs.writeSync(handle, COMMIT, 0, COMMIT.length, (commit % places) * COMMIT.length);
      const started = performance.now();
      fs.fdatasyncSync(handle);
      return performance.now() - started;
    });
    return median(times);
  } finally {
    fs.closeSync(handle);
    fs.rmSync(file);
  }
}
