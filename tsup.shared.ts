/** How every server is bundled: one self-contained program, with what is loaded on demand (AWS clients) in files of its own. */
import { defineConfig } from 'tsup';
import { launcher } from './scripts/lib/build/launcher.ts';
import { licenses } from './scripts/lib/build/licenses.ts';
import { nodeHttp } from './scripts/lib/build/node-http.ts';
import { packedFiles } from './scripts/lib/build/packed-files.ts';
import { pureSchemas } from './scripts/lib/build/pure-schemas.ts';
import { upstreamOnDemand } from './scripts/lib/build/upstream-on-demand.ts';

/** Some bundled packages are CommonJS and ask for Node's own modules with `require`, which ES modules do not have. */
const REQUIRE = "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

export default defineConfig({
  entry: ['src/main.ts'],
  outDir: 'dist',
  clean: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  noExternal: [/./],
  splitting: true,
  minify: true,
  removeNodeProtocol: false,
  silent: true,
  banner: { js: REQUIRE },
  esbuildPlugins: [launcher, nodeHttp, packedFiles, pureSchemas, upstreamOnDemand, licenses],
  esbuildOptions(options) {
    // The ES modules of AWS clients can be cut down to what is used; the files that they give to Node by default cannot.
    options.mainFields = ['module', 'main'];
    options.conditions = ['module', 'node'];
    options.legalComments = 'none';
    options.entryNames = '[name]';
    options.chunkNames = 'chunks/[name]-[hash]';
  },
});
