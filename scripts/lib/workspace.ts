import fs from 'node:fs';
import path from 'node:path';

/** The checkout that this script belongs to. */
export const root = path.resolve(import.meta.dirname, '..', '..');

/** A workspace of the workspace: a folder with a package.json. */
export interface Workspace {
  /** The folder's name: `kit`, `tag-compliance`. */
  name: string;
  /** From the root, with `/`: `packages/kit`. */
  folder: string;
  /** Absolute. */
  path: string;
  manifest: Manifest;
}

/** What the scripts read of a package.json. */
export interface Manifest {
  name: string;
  version: string;
  description: string;
  private?: boolean;
  mcpName?: string;
  license?: string;
  engines?: { node?: string };
  repository?: { type: string; url: string; directory?: string };
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

const FOLDERS = ['packages', 'servers'];
const SINGLE_WORKSPACES = ['scripts/server-template', 'tests', 'tests/robustness'];

/** Every workspace, in the order in which they are shown. */
export function allWorkspaces(): Workspace[] {
  const folders = FOLDERS.flatMap((place) => subfolders(place).map((name) => `${place}/${name}`));
  return [...folders, ...SINGLE_WORKSPACES].filter((folder) => fs.existsSync(path.join(root, folder, 'package.json'))).map(workspaceAt);
}

/** The workspaces under `servers/`, by name. */
export function serverWorkspaces(): Workspace[] {
  return allWorkspaces().filter(({ folder }) => folder.startsWith('servers/'));
}

/** @throws Error naming the workspaces that there are. */
export function workspacesNamed(names: readonly string[], from: readonly Workspace[]): Workspace[] {
  return names.map((name) => {
    const workspace = from.find((candidate) => candidate.name === name || candidate.manifest.name === name || candidate.folder === name);
    if (workspace === undefined)
      throw new Error(`There is no workspace "${name}" here. Workspaces: ${from.map((known) => known.name).join(', ')}.`);
    return workspace;
  });
}

function workspaceAt(folder: string): Workspace {
  const full = path.join(root, folder);
  return { name: path.basename(folder), folder, path: full, manifest: readJson(path.join(full, 'package.json')) };
}

function subfolders(place: string): string[] {
  const full = path.join(root, place);
  return fs.existsSync(full) ? fs.readdirSync(full).sort() : [];
}

/** A JSON file of this repository, in a form that the caller knows. */
export function readJson<T>(file: string): T {
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}
