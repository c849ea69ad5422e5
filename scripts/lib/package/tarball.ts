import fs from 'node:fs';
import path from 'node:path';
import { run } from '../shell.ts';
import type { Workspace } from '../workspace.ts';

/**
 * Packs a built server as it is published. npm gives every file the same date, so that the same files make the same tarball.
 * @param folder Where the tarball goes. It is made when it does not exist.
 * @returns The path of the tarball.
 * @throws Error with the output of npm.
 */
export async function packTarball(workspace: Workspace, folder: string): Promise<string> {
  fs.mkdirSync(folder, { recursive: true });
  const packed = await run('npm', ['pack', '--pack-destination', folder, '--loglevel=error'], { cwd: workspace.path, output: 'capture' });
  const tarball = path.join(folder, tarballName(workspace));
  if (packed.code !== 0 || !fs.existsSync(tarball)) throw new Error(`npm pack failed in ${workspace.folder}:\n${packed.output}`);
  return tarball;
}

/** As npm names it: `fairway-mcp-weather-1.2.3.tgz`. */
function tarballName({ manifest }: Workspace): string {
  return `${manifest.name.replace(/^@/, '').replace('/', '-')}-${manifest.version}.tgz`;
}

/** Unpacks a tarball of npm's: what is in its folder `package/` goes into the given one, which is made. */
export async function unpackTarball(tarball: string, folder: string): Promise<void> {
  fs.mkdirSync(folder, { recursive: true });
  const { code, output } = await run('tar', ['-xzf', tarball, '--strip-components=1', '-C', folder], { output: 'capture' });
  if (code !== 0) throw new Error(`${path.basename(tarball)} cannot be unpacked:\n${output}`);
}
