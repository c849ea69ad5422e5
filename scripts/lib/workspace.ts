import fs from 'node:fs';
import path from 'node:path';

/** The checkout that this script belongs to. */
export const root = path.resolve(import.meta.dirname, '..', '..');

/** A room of the workspace: a folder with a package.json. */
export interface Room {
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
const SINGLE_ROOMS = ['scripts/server-template', 'tests', 'tests/robustness'];

/** Every room, in the order in which they are shown. */
export function allRooms(): Room[] {
  const folders = FOLDERS.flatMap((place) => subfolders(place).map((name) => `${place}/${name}`));
  return [...folders, ...SINGLE_ROOMS].filter((folder) => fs.existsSync(path.join(root, folder, 'package.json'))).map(roomAt);
}

/** The rooms under `servers/`, by name. */
export function serverRooms(): Room[] {
  return allRooms().filter(({ folder }) => folder.startsWith('servers/'));
}

/** @throws Error naming the rooms that there are. */
export function roomsNamed(names: readonly string[], from: readonly Room[]): Room[] {
  return names.map((name) => {
    const room = from.find((candidate) => candidate.name === name || candidate.manifest.name === name || candidate.folder === name);
    if (room === undefined) throw new Error(`There is no room "${name}" here. Rooms: ${from.map((known) => known.name).join(', ')}.`);
    return room;
  });
}

function roomAt(folder: string): Room {
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
