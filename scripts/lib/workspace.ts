import fs from 'node:fs';
import path from 'node:path';
import { workspaceFolders } from '../workspaces.mjs';

/** The checkout that this script belongs to. */
export const root = path.resolve(import.meta.dirname, '..', '..');

/** A folder with a package.json that pnpm-workspace.yaml lists. */
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

/** Every workspace, in the order of pnpm-workspace.yaml. */
export function allWorkspaces(): Workspace[] {
  return workspaceFolders(root).map(workspaceAt);
}

/** The workspaces under `servers/`, by name. */
export function serverWorkspaces(): Workspace[] {
  return allWorkspaces().filter(({ folder }) => folder.startsWith('servers/'));
}

/**
 * @param kind what is looked for, for the message: `server`
 * @throws Error with the names that there are.
 */
export function workspacesNamed(names: readonly string[], from: readonly Workspace[], kind = 'workspace'): Workspace[] {
  return names.map((name) => {
    const workspace = from.find((candidate) => candidate.name === name || candidate.manifest.name === name || candidate.folder === name);
    if (workspace === undefined)
      throw new Error(`There is no ${kind} "${name}". Choose one of: ${from.map((known) => known.name).join(', ')}.`);
    return workspace;
  });
}

function workspaceAt(folder: string): Workspace {
  const full = path.join(root, folder);
  return { name: path.basename(folder), folder, path: full, manifest: readJson(path.join(full, 'package.json')) };
}

/** A JSON file of this repository, in a form that the caller knows. */
export function readJson<T>(file: string): T {
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}
