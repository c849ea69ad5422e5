import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { McpbManifestSchema } from '@anthropic-ai/mcpb/schemas/0.4';
import { type Zippable, zipSync } from 'fflate';
import type { DescribedServer } from '../generate/definitions.ts';
import { mcpbManifest } from './mcpb-manifest.ts';
import { unpackTarball } from './tarball.ts';

/** Of every file in a bundle, so that the same files make the same bundle: clients know a bundle by its hash. */
const DATE = new Date(1980, 0, 1);
const UNIX = 3;

/**
 * Makes the MCP bundle of a server: what is published to npm, with a manifest beside it.
 * `mcpb pack` would do, but for the present time that it writes into the bundle.
 * @param tarball The server as it is published to npm.
 * @param folder Where `NAME-VERSION.mcpb` goes.
 * @returns The path of the bundle.
 * @throws Error when the manifest is not as the format wants it.
 */
export async function packMcpb(server: DescribedServer, tarball: string, folder: string): Promise<string> {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'fairway-mcpb-'));
  try {
    const content = path.join(home, 'content');
    await unpackTarball(tarball, content);
    const manifest = mcpbManifest(server);
    const { error } = McpbManifestSchema.safeParse(manifest);
    if (error !== undefined) throw new Error(`The manifest of ${server.workspace.name} is wrong: ${error.message}`);
    fs.writeFileSync(path.join(content, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    fs.mkdirSync(folder, { recursive: true });
    const bundle = path.join(folder, `${server.workspace.name}-${server.facts.version}.mcpb`);
    fs.writeFileSync(bundle, zipped(content));
    return bundle;
  } finally {
    fs.rmSync(home, { recursive: true, force: true });
  }
}

function zipped(folder: string): Uint8Array {
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries.map((entry) => path.join(entry.parentPath, entry.name)).sort();
  const content: Zippable = {};
  for (const file of files) {
    const isProgram = (fs.statSync(file).mode & 0o100) !== 0;
    const attrs = (isProgram ? 0o755 : 0o644) << 16;
    content[path.relative(folder, file).replaceAll(path.sep, '/')] = [fs.readFileSync(file), { os: UNIX, attrs, mtime: DATE, level: 9 }];
  }
  return zipSync(content);
}
