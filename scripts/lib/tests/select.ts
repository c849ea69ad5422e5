import fs from 'node:fs';
import type { Workspace } from '../workspace.ts';
import type { Speed } from './report.ts';

/** Whether a workspace has tests of this kind. One may have no slow tests, or nothing but slow ones. */
export function hasTests({ path, manifest }: Workspace, speed: Speed): boolean {
  if (speed === 'quick') return manifest.scripts?.test !== undefined;
  return fs.globSync('{src,lib,test}/**/*.slow.test.ts', { cwd: path }).length > 0;
}
