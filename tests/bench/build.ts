import path from 'node:path';
import { build } from 'tsup';
import shared from '../../tsup.shared.ts';

/** Where the benchmark keeps what it makes. Not committed, and safe to delete. */
export const workshop = path.resolve(import.meta.dirname, '..', '..', '.cache', 'bench');

/** Bundles the targets and the load generator, all in the way in which servers are. @returns their folder */
export async function buildTargets(): Promise<string> {
  if (Array.isArray(shared) || typeof shared === 'function') throw new TypeError('The shared build options have changed their form.');
  const outDir = path.join(workshop, 'programs');
  const names = ['targets/fairway', 'targets/sdk-v1', 'targets/sdk-v2', 'targets/floor', 'targets/raw-stdio', 'load', 'scan-upstream'];
  // Licences and the launcher belong to what is published; express breaks when its ES and CommonJS files are chosen as for AWS clients.
  const { esbuildPlugins: _plugins, esbuildOptions: _choices, ...options } = shared;
  await build({
    ...options,
    config: false,
    entry: Object.fromEntries(names.map((name) => [path.basename(name), path.join(import.meta.dirname, `${name}.ts`)])),
    outDir,
    outExtension: () => ({ js: '.js' }),
  });
  return outDir;
}
