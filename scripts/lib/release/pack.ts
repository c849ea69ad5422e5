import fs from 'node:fs';
import path from 'node:path';
import { type DescribedServer, describeWorkspace } from '../generate/definitions.ts';
import { type Package, type ServerJson, serverJson, webAddress } from '../generate/server-json.ts';
import { packMcpb } from '../package/mcpb.ts';
import { packTarball } from '../package/tarball.ts';
import type { Workspace } from '../workspace.ts';
import { tagOf } from './changed.ts';
import { RELEASE_FOLDER, type Release, sha256, writePlan } from './plan.ts';

/** Packs the given servers, which are built, into the folder of releases, after emptying it. The same servers give the same files. */
export async function packReleases(workspaces: readonly Workspace[], commit: string): Promise<Release[]> {
  fs.rmSync(RELEASE_FOLDER, { recursive: true, force: true });
  fs.mkdirSync(RELEASE_FOLDER, { recursive: true });
  const releases = await Promise.all(workspaces.map((workspace) => packRelease(workspace, commit)));
  writePlan(releases);
  return releases;
}

async function packRelease(workspace: Workspace, commit: string): Promise<Release> {
  const server = await describeWorkspace(workspace);
  const tag = tagOf(workspace);
  const folder = path.join(RELEASE_FOLDER, tag);
  const tarball = await packTarball(workspace, folder);
  const bundle = await packMcpb(server, tarball, folder);
  const listing = path.join(folder, 'server.json');
  const notes = path.join(folder, 'notes.md');
  fs.writeFileSync(listing, `${JSON.stringify(releasedListing(server, tag, bundle), null, 2)}\n`);
  fs.writeFileSync(notes, `${releaseNotes(readChangelog(workspace), workspace.manifest.version)}\n`);
  const { name, version } = workspace.manifest;
  const files = { tarball: shown(tarball), bundle: shown(bundle), listing: shown(listing), notes: shown(notes) };
  return { server: workspace.name, package: name, version, tag, commit, ...files };
}

function shown(file: string): string {
  return path.relative(RELEASE_FOLDER, file).replaceAll(path.sep, '/');
}

/** `server.json` with the bundle in it, whose hash is known only now. Clients compare it with what they fetched. */
function releasedListing(server: DescribedServer, tag: string, bundle: string): ServerJson {
  const { name, repository } = server.workspace.manifest;
  if (repository === undefined) throw new Error(`${name} does not say in its package.json which repository it comes from.`);
  const address = `${webAddress(repository.url)}/releases/download/${tag}/${path.basename(bundle)}`;
  const mcpb: Package = { registryType: 'mcpb', identifier: address, transport: { type: 'stdio' }, fileSha256: sha256(bundle) };
  const listing = serverJson(server);
  return { ...listing, packages: [...listing.packages, mcpb] };
}

function readChangelog({ path: folder }: Workspace): string {
  const file = path.join(folder, 'CHANGELOG.md');
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
}

/** What a changelog says of one version. */
export function releaseNotes(changelog: string, version: string): string {
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((text) => text.startsWith(`${version}\n`));
  return section?.slice(version.length).trim() ?? '';
}
