import fs from 'node:fs';
import path from 'node:path';
import { root } from '../workspace.ts';
import { type DescribedServer, describeServers } from './definitions.ts';
import { fillSections, rootSections, type Sections, serverSections } from './readme.ts';
import { type Registry, registryOf } from './registry.ts';
import { serverJson } from './server-json.ts';

/** A file that is generated, a reason why it cannot be, or one whose definition is gone. */
export type GeneratedFile = { file: string; content: string } | { file: string; problem: string } | { file: string; isLeftOver: true };

/** Everything that is generated from the servers' definitions. Paths are from the root. */
export async function generatedFiles(now: Date): Promise<GeneratedFile[]> {
  const servers = await describeServers();
  const listings = servers.map(serverJson);
  return [
    ...servers.flatMap((server, index) => serverFiles(server, json(listings[index] ?? {}))),
    { file: 'registry.json', content: json(registryOf(listings, registryBefore(), now)) },
    page('README.md', rootSections(servers)),
  ];
}

/** Whether the file on disk is as it is generated. */
export function isFresh({ file, content }: { file: string; content: string }): boolean {
  return readText(file) === content;
}

/** What is wrong with a generated file on disk, and what to do; nothing when all is well. */
export function problemOf(file: GeneratedFile): string[] {
  if ('problem' in file) return [`${file.file} ${file.problem}.`];
  const remedy = 'run "npm run generate" and commit the result';
  if ('isLeftOver' in file)
    return fs.existsSync(path.join(root, file.file)) ? [`${file.file} belongs to no definition any more: ${remedy}.`] : [];
  return isFresh(file) ? [] : [`${file.file} is not as its definition says: ${remedy}.`];
}

function serverFiles(server: DescribedServer, listing: string): GeneratedFile[] {
  const { workspace } = server;
  return [
    { file: `${workspace.folder}/server.json`, content: listing },
    ...definitionFiles(server),
    // Each server is published alone, with its licence.
    { file: `${workspace.folder}/LICENSE`, content: readText('LICENSE') ?? '' },
    page(`${workspace.folder}/README.md`, serverSections(server)),
  ];
}

/** What models see of each tool, so that a change to it is seen in review. */
function definitionFiles({ workspace, facts }: DescribedServer): GeneratedFile[] {
  const folder = `${workspace.folder}/definitions`;
  const files = facts.tools.map(({ name, listing }) => ({ file: `${folder}/${name}.json`, content: json(listing) }));
  const present = fs.existsSync(path.join(root, folder)) ? fs.readdirSync(path.join(root, folder)) : [];
  const leftOver = present.map((name) => `${folder}/${name}`).filter((file) => !files.some((known) => known.file === file));
  return [...files, ...leftOver.map((file) => ({ file, isLeftOver: true as const }))];
}

function page(file: string, sections: Sections): GeneratedFile {
  const before = readText(file);
  if (before === undefined) {
    const markers = Object.keys(sections).map((name) => `<!-- generated:${name} --> <!-- /generated -->`);
    return { file, problem: `does not exist. Write it, with ${markers.join(' and ')} where the generated parts belong` };
  }
  try {
    return { file, content: fillSections(before, sections) };
  } catch (error) {
    return { file, problem: error instanceof Error ? error.message : String(error) };
  }
}

function registryBefore(): Registry | undefined {
  const text = readText('registry.json');
  return text === undefined ? undefined : JSON.parse(text);
}

function readText(file: string): string | undefined {
  const full = path.join(root, file);
  return fs.existsSync(full) ? fs.readFileSync(full, 'utf8') : undefined;
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
