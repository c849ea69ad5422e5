/**
 * `npm run release`: packs every server whose version has no tag yet into `.cache/release/`, with checksums, and says how it would be
 * published. It publishes nothing.
 *
 *   npm run release -- --publish   publishes what was packed; what was published before is left out
 *
 * Publishing needs nothing but Node, npm, gh and mcp-publisher: no code of a dependency runs where the permission to publish is.
 */
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { filesOf, RELEASE_FOLDER, type Release, readPlan, sha256 } from './lib/release/plan.ts';
import { commandsOf, publish } from './lib/release/publish.ts';
import { command, megabytes, say } from './lib/terminal.ts';
import { root } from './lib/workspace.ts';

command(async () => {
  const { values } = parseArgs({ options: { publish: { type: 'boolean', default: false } } });
  if (!values.publish) return pack();
  await publish(readPlan());
  return 0;
});

async function pack(): Promise<number> {
  const { findReleaseState } = await import('./lib/release/changed.ts');
  const { buildServers } = await import('./lib/build/servers.ts');
  const { packReleases } = await import('./lib/release/pack.ts');
  const { commit, changed, released, unversioned } = await findReleaseState();
  const code = await buildServers(changed);
  if (code !== 0) return code;
  const releases = await packReleases(changed, commit);
  for (const { name, manifest } of released) say(`${name} ${manifest.version} is released.`);
  for (const { name } of unversioned) say(`${name} has no version yet: "npm run version" makes one of its changesets.`);
  for (const release of releases) say(pageOf(release));
  say(
    releases.length === 0
      ? 'There is nothing to release.'
      : 'Nothing was published. To publish what was packed: npm run release -- --publish',
  );
  return 0;
}

function pageOf(release: Release): string {
  const files = filesOf(release).map((file) => {
    const full = path.join(RELEASE_FOLDER, file);
    return `  ${sha256(full)}  ${megabytes(fs.statSync(full).size).padStart(8)}  ${file}`;
  });
  const folder = path.relative(root, RELEASE_FOLDER);
  const commands = commandsOf(release).map((line) => `  ${line}`);
  return [`\n${release.package} ${release.version}, in ${folder}/:`, ...files, 'would be published with:', ...commands, ''].join('\n');
}
