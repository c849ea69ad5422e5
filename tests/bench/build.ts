import path from 'node:path';
import { build } from 'tsup';
import shared from '../../tsup.shared.ts';

/** The folder for what the benchmark builds and installs. Not committed, and safe to delete. */
export const workFolder = path.resolve(import.meta.dirname, '..', '..', '.cache', 'bench');

const FAIRWAY = 'targets/fairway';

const OTHERS = [
  'targets/sdk-v1',
  'targets/sdk-v2',
  'targets/mcp-lite',
  'targets/tmcp',
  'targets/floor',
  'targets/raw-stdio',
  'load',
] as const;

/**
 * Bundles the targets and the load generator: the kit's server exactly as servers are published, the others with the same options as far as
 * they bear them. @returns their folder
 */
export async function buildTargets(): Promise<string> {
  if (Array.isArray(shared) || typeof shared === 'function') throw new TypeError('The shared build options are no longer an object.');
  const outDir = path.join(workFolder, 'programs');
  const common = { config: false as const, outDir, outExtension: () => ({ js: '.js' }) };
  await build({ ...shared, ...common, entry: entries([FAIRWAY]) });
  // Express fails when its ES and CommonJS files are chosen as for AWS clients, and the launcher is for programs that are started by users.
  const { esbuildPlugins: _plugins, esbuildOptions: _choices, ...options } = shared;
  await build({ ...options, ...common, clean: false, entry: entries(OTHERS) });
  return outDir;
}

function entries(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [path.basename(name), path.join(import.meta.dirname, `${name}.ts`)]));
}
