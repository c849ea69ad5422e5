import * as z from 'zod';
import type { Manifest } from './layout.ts';
import type { StoredFile } from './store.ts';

/** AWS: written after all data of its refresh. Only these files count: an export that is overwritten leaves emptied ones behind. */
const awsManifest = z.object({ dataFiles: z.array(z.string()) });

/** Azure Cost Management. */
const azureManifest = z.object({ blobs: z.array(z.object({ blobName: z.string(), byteCount: z.int().optional() })) });

/** The files of a period are not all there as its manifest says: the export is being written. */
export class Incomplete extends Error {
  override readonly name = 'Incomplete';
}

/** @returns the paths, or other ends of paths, of the files that a manifest names. @throws Incomplete when it is no manifest (yet) */
export function readManifest(content: string, form: Manifest['form']): { name: string; size: number | undefined }[] {
  const json = parseJson(content);
  if (form === 'aws') {
    const { data } = awsManifest.safeParse(json);
    if (data !== undefined) return data.dataFiles.map((uri) => ({ name: uri.replace(/^s3:\/\/[^/]+\//, ''), size: undefined }));
  } else {
    const { data } = azureManifest.safeParse(json);
    if (data !== undefined) return data.blobs.map(({ blobName, byteCount }) => ({ name: blobName, size: byteCount }));
  }
  throw new Incomplete('A manifest of the export cannot be read.');
}

/**
 * The listed files that a manifest names. It names them from the bucket on, while a store knows them from its own location on, which may be
 * anywhere above.
 * @throws Incomplete when one is missing, has another size, or is newer than the manifest: then a refresh is being written
 */
export function namedFiles(names: ReturnType<typeof readManifest>, manifest: StoredFile, listed: readonly StoredFile[]): StoredFile[] {
  return names.map(({ name, size }) => {
    const file = findByEnd(name, listed);
    if (file === undefined) throw new Incomplete(`The manifest names the file ${lastPart(name)}, which is not there.`);
    if (size !== undefined && size !== file.size) throw new Incomplete(`The file ${file.path} is not as long as its manifest says.`);
    if (file.modifiedAt > manifest.modifiedAt && isComparable(file, manifest))
      throw new Incomplete(`The file ${file.path} is newer than its manifest.`);
    return file;
  });
}

/** Copies in folders have the times of copying: there a file says nothing by being a little newer. */
function isComparable(file: StoredFile, manifest: StoredFile): boolean {
  return file.isOriginal === true && manifest.isOriginal === true;
}

function findByEnd(name: string, listed: readonly StoredFile[]): StoredFile | undefined {
  const matching = listed.filter(({ path }) => name === path || name.endsWith(`/${path}`));
  if (matching.length > 0) return matching[0];
  // A folder may hold a copy of more than the export's own prefix.
  return listed.find(({ path }) => path.endsWith(`/${name}`));
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}
