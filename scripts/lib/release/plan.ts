import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { readJson, root } from '../workspace.ts';

/** Where releases are packed, to be looked at and then published from. */
export const RELEASE_FOLDER = path.join(root, '.cache', 'release');

/** One server's release, with everything that is published of it. Files are from `RELEASE_FOLDER`, with `/`. */
export interface Release {
  /** `weather` */
  server: string;
  /** `@fairway-mcp/weather` */
  package: string;
  version: string;
  /** In git, and of the release at the code host: `weather-v1.2.3`. */
  tag: string;
  /** What it was packed from, and what the tag is put on. */
  commit: string;
  /** For npm. */
  tarball: string;
  /** For hosts of MCP bundles. */
  bundle: string;
  /** `server.json` as the MCP registry gets it: it knows the bundle. */
  listing: string;
  /** What CHANGELOG.md says of this version. */
  notes: string;
}

const PLAN = path.join(RELEASE_FOLDER, 'release.json');
const SUMS = path.join(RELEASE_FOLDER, 'SHA256SUMS');

/** Writes what was packed, and the checksum of every file, in the form that `sha256sum --check` reads. */
export function writePlan(releases: readonly Release[]): void {
  const sums = releases.flatMap(filesOf).map((file) => `${sha256(path.join(RELEASE_FOLDER, file))}  ${file}\n`);
  fs.writeFileSync(SUMS, sums.join(''));
  fs.writeFileSync(PLAN, `${JSON.stringify(releases, null, 2)}\n`);
}

/**
 * What was packed last.
 * @throws Error when nothing was, or when a file is not what was packed.
 */
export function readPlan(): Release[] {
  if (!fs.existsSync(PLAN)) throw new Error('Nothing is packed: run "npm run release" first, and look at what it made.');
  const releases = readJson<Release[]>(PLAN);
  const sums = new Map(
    fs
      .readFileSync(SUMS, 'utf8')
      .trim()
      .split('\n')
      .map((line) => [line.slice(66), line.slice(0, 64)]),
  );
  const wrong = releases.flatMap(filesOf).find((file) => sums.get(file) !== sha256(path.join(RELEASE_FOLDER, file)));
  if (wrong !== undefined) throw new Error(`${wrong} is not what was packed: run "npm run release" again.`);
  return releases;
}

export function filesOf({ tarball, bundle, listing, notes }: Release): string[] {
  return [tarball, bundle, listing, notes];
}

export function sha256(file: string): string {
  return createHash('sha256').update(fs.readFileSync(file)).digest('hex');
}
