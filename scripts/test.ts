/**
 * `npm test [ROOM...]`: the tests of every room, or of the named ones (`npm test kit tag-compliance`). What has not changed since it
 * last passed is not run again; `npm test -- --force` runs all the same.
 *
 * With CI set in the environment a skipped test is a failure.
 */
import fs from 'node:fs';
import path from 'node:path';
import { run } from './lib/shell.ts';
import { command, say } from './lib/terminal.ts';
import { REPORT_FILE, type TestReport } from './lib/tests/report.ts';
import { summarize } from './lib/tests/summary.ts';
import { allRooms, readJson, roomsNamed } from './lib/workspace.ts';

command(async () => {
  const words = process.argv.slice(2);
  const names = words.filter((word) => word !== '--force');
  const tested = allRooms().filter(({ manifest }) => manifest.scripts?.test !== undefined);
  const rooms = names.length > 0 ? roomsNamed(names, tested) : tested;
  for (const room of rooms) fs.rmSync(path.join(room.path, REPORT_FILE), { force: true });
  const flags = ['--continue', '--output-logs=errors-only', '--concurrency=5', ...(words.includes('--force') ? ['--force'] : [])];
  const { code } = await run('turbo', ['run', 'test', ...flags, ...rooms.map((room) => `--filter=${room.manifest.name}`)], {
    output: 'show',
  });
  const reports = rooms.map(({ folder, path: place }) => {
    const file = path.join(place, REPORT_FILE);
    return { folder, report: fs.existsSync(file) ? readJson<TestReport>(file) : undefined };
  });
  const { text, isGood } = summarize(reports, { refuseSkipped: Boolean(process.env.CI) });
  say(text);
  return isGood ? code : 1;
});
