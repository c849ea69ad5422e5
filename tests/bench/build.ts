import path from 'node:path';
import { build } from 'tsup';
import shared from '../../tsup.shared.ts';

/** The folder for what the benchmark builds and installs. Not committed, and safe to delete. */
export const workFolder = path.resolve(import.meta.dirname, '..', '..', '.cache', 'bench');

const PROGRAMS = [
  'targets/fairway',
  'targets/sdk-v1',
  'targets/sdk-v2',
  'targets/mcp-lite',
  'targets/tmcp',
  'targets/floor',
  'targets/raw-stdio',
  'load',
] as const;

/** Bundles the targets and the load generator with the options that servers are built with. @returns their folder */
export async function buildTargets(): Promise<string> {
  if (Array.isArray(shared) || typeof shared === 'function') throw new TypeError('The shared build options are no longer an object.');
  const outDir = path.join(workFolder, 'programs');
  // Licences and the launcher are for published servers; express fails when its ES and CommonJS files are chosen as for AWS clients.
  const { esbuildPlugins: _plugins, esbuildOptions: _choices, ...options } = shared;
  await build({
    ...options,
    config: false,
    entry: Object.fromEntries(PROGRAMS.map((name) => [path.basename(name), path.join(import.meta.dirname, `${name}.ts`)])),
    outDir,
    outExtension: () => ({ js: '.js' }),
  });
  return outDir;
}
