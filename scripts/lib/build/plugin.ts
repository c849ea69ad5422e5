import type { Options } from 'tsup';

/** A plugin of esbuild, which tsup bundles with. */
export type Plugin = NonNullable<Options['esbuildPlugins']>[number];

/** What esbuild reports of a build: the files that went into each output, and how many bytes of each are in it. */
export interface Metafile {
  outputs: Record<string, { inputs: Record<string, { bytesInOutput: number }> }>;
}
