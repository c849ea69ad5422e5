import type { Options } from 'tsup';

/** A plugin of esbuild, which tsup bundles with. */
export type Plugin = NonNullable<Options['esbuildPlugins']>[number];

/** What esbuild tells of a build: the files that went into each output, and how many bytes each left there. */
export interface Metafile {
  outputs: Record<string, { inputs: Record<string, { bytesInOutput: number }> }>;
}
